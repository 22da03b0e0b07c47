// A list of any length: only the lines that are in view are in the page. Every line has the same height, so where a line
// stands is a multiplication. Lines that are not there yet are asked for and drawn when they come. A list box to the
// keyboard and to screen readers: the focus stays on the list, which names its current line. The current line is the one
// that is open; any number of lines can be ticked beside that.

import { LIST_PAGE, type ListedRow, type ListItem } from '../../run/rollouts/list_query.ts';
import { element } from '../element.ts';

export const LINE_HEIGHT = 46;
/** Lines that are drawn above and below of what is in view. */
const BEYOND = 8;

export interface ListHost {
  ask(from: number, to: number): void;
  draw(item: ListItem | null, isCurrent: boolean): HTMLElement;
  /** A response was chosen: by a click, Enter, or by moving to it. */
  choose(item: ListedRow, place: number): void;
  isTicked(item: ListedRow): boolean;
  tick(items: readonly ListedRow[], isTicked: boolean): void;
}

export interface VirtualList {
  element: HTMLElement;
  /** Another list: nothing of the old is kept. Some lines of it are there already: the page from a place on. */
  reset(length: number, current: number | null, page: { from: number; items: readonly ListItem[] }): void;
  put(from: number, items: readonly ListItem[]): void;
  /** Draws again what is in view, for example after a note. */
  redraw(): void;
  /** Moves to the next response in a direction. */
  move(by: number): void;
  /** Ticks have changed. */
  mark(): void;
  /** A response was opened beside the list: its line is the current one, if it is there. */
  point(isMeant: (item: ListedRow) => boolean): void;
}

export function virtualList(label: string, host: ListHost): VirtualList {
  const space = element('div', { class: 'list-space', role: 'presentation' });
  const list = element(
    'div',
    { class: 'list', role: 'listbox', tabindex: 0, 'aria-label': label, 'aria-multiselectable': 'true' },
    space,
  );
  let items = new Map<number, ListItem>();
  let asked = new Set<number>();
  let drawn = new Map<number, HTMLElement>();
  let length = 0;
  let current: number | null = null;
  /** A move that waits for lines to come. */
  let waiting: number | null = null;
  /** Where ticking began, and lines to tick that are still to come. */
  let anchor: number | null = null;
  let wanted: [from: number, to: number] | null = null;
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
      line.addEventListener('click', (event) => click(place, event));
      space.append(line);
      next.set(place, line);
    }
    for (const old of drawn.values()) old.remove();
    drawn = next;
    askFor(first, last);
  };
  const askFor = (first: number, last: number) => {
    for (let page = Math.floor(first / LIST_PAGE); page * LIST_PAGE < last; page++) {
      if (asked.has(page)) continue;
      asked.add(page);
      host.ask(page * LIST_PAGE, Math.min(length, (page + 1) * LIST_PAGE));
    }
  };
  const soon = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const mark = () => {
    for (const [place, line] of drawn) {
      const item = items.get(place);
      if (item?.kind !== 'row') continue;
      line.setAttribute('aria-selected', String(place === current));
      line.setAttribute('aria-checked', String(host.isTicked(item)));
    }
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
  const toggle = (place: number) => {
    const item = items.get(place);
    anchor = place;
    if (item?.kind === 'row') host.tick([item], !host.isTicked(item));
  };
  /** Ticks from one line to another; those that are not there yet are asked for, and ticked when they are. */
  const tickRange = (from: number, to: number) => {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const places = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    wanted = places.every((place) => items.has(place)) ? null : [low, high];
    if (wanted) return askFor(low, high + 1);
    host.tick(
      places.flatMap((place) => items.get(place) ?? []).filter((item) => item.kind === 'row'),
      true,
    );
  };
  const click = (place: number, event: MouseEvent) => {
    const isTick = event.target instanceof Element && event.target.closest('.tick') !== null;
    if (event.shiftKey) tickRange(anchor ?? current ?? place, place);
    else if (isTick || event.ctrlKey || event.metaKey) toggle(place);
    else select(place);
  };
  list.addEventListener('scroll', soon, { passive: true });
  new ResizeObserver(soon).observe(list);
  list.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / LINE_HEIGHT) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -length, End: length }[
      event.key
    ];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' && current !== null) toggle(current);
    else if (by === undefined) return;
    else {
      const from = current;
      move(by);
      if (event.shiftKey && from !== null && current !== null) tickRange(from, current);
    }
    event.preventDefault();
  });
  return {
    element: list,
    reset(next, place, page) {
      items = new Map(page.items.map((item, i) => [page.from + i, item]));
      asked = new Set(page.items.length > 0 ? [Math.floor(page.from / LIST_PAGE)] : []);
      for (const line of drawn.values()) line.remove();
      drawn = new Map();
      [length, current, waiting, anchor, wanted] = [next, place, null, null, null];
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
      if (wanted) tickRange(...wanted);
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
    mark,
    point(isMeant) {
      const found = [...items].find(([, item]) => item.kind === 'row' && isMeant(item));
      if (!found || found[0] === current) return;
      [current] = found;
      show(found[0]);
      draw();
      mark();
    },
  };
}
