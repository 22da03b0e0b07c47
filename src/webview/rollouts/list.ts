// A list of any length: only the lines that are in view are in the page. Every line has the same height, so where a line
// stands is a multiplication. Lines that are not there yet are asked for and drawn when they come. A list box to the
// keyboard and to screen readers: the focus stays on the list, which names its current line.

import type { ListItem } from '../../run/rollouts/listing.ts';
import { element } from '../element.ts';

export const LINE_HEIGHT = 46;
/** Lines that are drawn above and below of what is in view, and how many are asked for at once. */
const BEYOND = 8;
const PAGE = 100;

export interface ListHost {
  ask(from: number, to: number): void;
  draw(item: ListItem | null, isCurrent: boolean): HTMLElement;
  /** A response was chosen: by a click, Enter, or by moving to it. */
  choose(item: Extract<ListItem, { kind: 'row' }>, place: number): void;
  key(event: KeyboardEvent): void;
}

export interface VirtualList {
  element: HTMLElement;
  /** Another list: nothing of the old is kept. */
  reset(length: number, current: number | null): void;
  put(from: number, items: readonly ListItem[]): void;
  /** Draws again what is in view, for example after a note. */
  redraw(): void;
  /** Moves to the next response in a direction. */
  move(by: number): void;
}

export function virtualList(label: string, host: ListHost): VirtualList {
  const space = element('div', { class: 'list-space', role: 'presentation' });
  const list = element('div', { class: 'list', role: 'listbox', tabindex: 0, 'aria-label': label }, space);
  let items = new Map<number, ListItem>();
  let asked = new Set<number>();
  let drawn = new Map<number, HTMLElement>();
  let length = 0;
  let current: number | null = null;
  /** A move that waits for lines to come. */
  let waiting: number | null = null;
  let frame = 0;

  const draw = () => {
    frame = 0;
    const first = Math.max(0, Math.floor(list.scrollTop / LINE_HEIGHT) - BEYOND);
    const last = Math.min(length, Math.ceil((list.scrollTop + list.clientHeight) / LINE_HEIGHT) + BEYOND);
    const next = new Map<number, HTMLElement>();
    for (let place = first; place < last; place++) {
      const item = items.get(place) ?? null;
      const known = drawn.get(place);
      if (known && known.dataset.there === String(item !== null)) {
        next.set(place, known);
        drawn.delete(place);
        continue;
      }
      const line = host.draw(item, place === current);
      line.id = `line-${place}`;
      line.dataset.there = String(item !== null);
      line.style.transform = `translateY(${place * LINE_HEIGHT}px)`;
      line.addEventListener('click', () => select(place));
      space.append(line);
      next.set(place, line);
    }
    for (const old of drawn.values()) old.remove();
    drawn = next;
    for (let page = Math.floor(first / PAGE); page * PAGE < last; page++) {
      if (asked.has(page)) continue;
      asked.add(page);
      host.ask(page * PAGE, Math.min(length, (page + 1) * PAGE));
    }
  };
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const mark = () => {
    for (const [place, line] of drawn) line.setAttribute('aria-selected', String(place === current));
    if (current === null) list.removeAttribute('aria-activedescendant');
    else list.setAttribute('aria-activedescendant', `line-${current}`);
  };
  const show = (place: number) => {
    const top = place * LINE_HEIGHT;
    if (top < list.scrollTop + LINE_HEIGHT) list.scrollTop = top - LINE_HEIGHT;
    else if (top + 2 * LINE_HEIGHT > list.scrollTop + list.clientHeight)
      list.scrollTop = top + 2 * LINE_HEIGHT - list.clientHeight;
  };
  const select = (place: number) => {
    const item = items.get(place);
    if (item?.kind !== 'row') return;
    current = place;
    show(place);
    draw();
    mark();
    host.choose(item, place);
  };
  const move = (by: number) => {
    const step = by < 0 ? -1 : 1;
    let place = Math.min(length - 1, Math.max(0, current === null ? (by < 0 ? length - 1 : 0) : current + by));
    while (place >= 0 && place < length) {
      const item = items.get(place);
      if (!item) {
        waiting = by;
        show(place);
        draw();
        return;
      }
      if (item.kind === 'row') return select(place);
      place += step;
    }
  };
  list.addEventListener('scroll', soon, { passive: true });
  new ResizeObserver(soon).observe(list);
  list.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / LINE_HEIGHT) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -length, End: length }[
      event.key
    ];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return host.key(event);
    event.preventDefault();
    move(by);
  });
  return {
    element: list,
    reset(next, place) {
      items = new Map();
      asked = new Set();
      for (const line of drawn.values()) line.remove();
      drawn = new Map();
      [length, current, waiting] = [next, place, null];
      space.style.height = `${length * LINE_HEIGHT}px`;
      if (place === null) list.scrollTop = 0;
      else show(place);
      draw();
      mark();
    },
    put(from, more) {
      for (const [i, item] of more.entries()) items.set(from + i, item);
      draw();
      mark();
      if (waiting === null) return;
      const by = waiting;
      waiting = null;
      move(by);
    },
    redraw() {
      items = new Map();
      asked = new Set();
      draw();
    },
    move,
  };
}
