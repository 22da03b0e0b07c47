// The rollouts: a list of responses (of a step, or of the whole run) by filter, words and order, and the one that is
// open. Everything comes from a host, a list by its lines in view; in a report the page itself is the host (embedded.ts).

import type { FilterNames } from '../../run/filter/expression.ts';
import type { RunRecord } from '../../run/format.ts';
import { scoreText } from '../../run/number_text.ts';
import { filterNames, type ListItem, type ListOrder, type ListQuery } from '../../run/rollouts/listing.ts';
import { type RolloutSet, type Sample, sameSet } from '../../run/view.ts';
import { button, choice, element, searchBox, toggle } from '../element.ts';
import type { FiredCase, ResponsePlace, RolloutsState, ToRollouts } from '../messages.ts';
import type { Text } from '../text.ts';
import { type DetailShowing, detail, type OpenResponse } from './detail.ts';
import { type FilterBox, filterBox } from './filter_box.ts';
import { listLine } from './line.ts';
import { virtualList } from './list.ts';
import { setPicker } from './set_picker.ts';
import { highlight } from './shown_text.ts';

export interface RolloutsRun {
  folder: string;
  record: RunRecord;
  siblings: { folder: string; label: string }[];
  sets: RolloutSet[];
  metrics: string[];
}

type Answer<K extends ToRollouts['kind']> = Omit<Extract<ToRollouts, { kind: K }>, 'kind'>;

export interface RolloutsHost {
  list(folder: string, listing: number, query: ListQuery, open: ResponsePlace | null): void;
  items(folder: string, listing: number, from: number, to: number): void;
  sample(folder: string, place: ResponsePlace): void;
  selectRun(folder: string, set: RolloutSet | null): void;
  copy(text: string): void;
  keep(state: RolloutsState): void;
  /** The step was moved to. Left out, as what follows: cannot be done here. */
  step?(folder: string, step: number): void;
  lift?(folder: string, place: ResponsePlace): void;
  note?(folder: string, sample: Sample, set: RolloutSet, starred: boolean, note: string): void;
  exportRows?(folder: string, listing: number, format: 'jsonl' | 'parquet', chosen: ResponsePlace[] | null): void;
  addExample?(folder: string, place: ResponsePlace): void;
  copyLink?(state: RolloutsState): void;
}

export interface RolloutsView {
  element: HTMLElement;
  /** Perhaps with other filters: those of a link, or only responses in which a case fired. */
  showRun(run: RolloutsRun, selected: RolloutSet | null, asked?: { fired?: FiredCase; state?: RolloutsState }): void;
  showListing(answer: Answer<'listing'>): void;
  showItems(answer: Answer<'items'>): void;
  showSample(answer: Answer<'sample'>): void;
  showLift(answer: Answer<'lift'>): void;
  noted(folder: string): void;
  giveLink(): void;
  /** Changes to the set of that kind whose step is nearest. */
  goTo(folder: string, set: RolloutSet): void;
}

export function rolloutsView(initial: RolloutsState, text: Text, host: RolloutsHost): RolloutsView {
  let state = initial;
  let run: RolloutsRun | null = null;
  let names: FilterNames = { rules: [], captures: [], metrics: [] };
  let listing = 0;
  let longest = 1;
  let open: OpenResponse | null = null;
  let beside: Sample | null = null;
  let lift: DetailShowing['lift'] = null;
  let box: FilterBox | null = null;
  let pickerWaits = false;

  const picker = element('div', { class: 'toolbar' });
  const filters = element('div', { class: 'toolbar' });
  const head = element('div', { class: 'rollouts-head' }, picker, filters);
  const count = element('p', { class: 'count quiet', role: 'status' });
  const notice = element('p', { class: 'notice', hidden: true });
  const list = virtualList(text.rollouts, {
    ask: (from, to) => run && host.items(run.folder, listing, from, to),
    draw: (item, isCurrent) => {
      longest = Math.max(longest, item?.kind === 'row' ? item.tokens : 1);
      const rules = run?.record.specification.rules ?? [];
      return listLine(item, isCurrent, { text, rules, isGrouped: isGrouped(), longest });
    },
    choose: (item) => openResponse({ set: item.set, index: item.index }),
    key: (event) => keys(event),
  });
  const left = element('section', { class: 'list-side', 'aria-label': text.rollouts }, count, notice, list.element);
  const right = element('section', { class: 'detail', 'aria-label': text.response, tabindex: -1 });
  const view = element('div', { class: 'rollouts' }, head, element('div', { class: 'panes' }, left, right));
  view.addEventListener('keydown', (event) => {
    const target = event.target;
    const isTyping =
      target instanceof HTMLInputElement ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement;
    if (!isTyping && !list.element.contains(target instanceof Node ? target : null)) keys(event);
  });

  const isGrouped = () => state.order === 'prompt' || state.order === 'newest';

  /** `/` filter, `n` and `p` next and previous, `s` star, `m` rendered or as written. */
  function keys(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act: Record<string, () => void> = {
      '/': () => box?.focus(),
      n: () => list.move(1),
      p: () => list.move(-1),
      s: () => open && note(!open.starred, open.note),
      m: () => change({ view: state.view === 'rendered' ? 'text' : 'rendered' }),
      Enter: () => right.focus(),
    };
    const found = act[event.key];
    if (!found) return;
    event.preventDefault();
    found();
  }

  function keep(part: Partial<RolloutsState>) {
    state = { ...state, ...part };
    host.keep(state);
  }

  /** Another way to show the same responses. */
  function change(part: Partial<RolloutsState>) {
    const [openBefore, besideBefore] = [state.open, state.beside];
    keep(part);
    if (part.colour === 'lift') askForLift();
    if (part.open && !samePlace(part.open, openBefore)) return openResponse(part.open);
    if (part.beside !== undefined && !samePlace(part.beside, besideBefore)) {
      beside = null;
      if (part.beside && run) host.sample(run.folder, part.beside);
    }
    drawDetail();
  }

  /** Other responses. */
  function ask(part: Partial<RolloutsState> = {}) {
    keep(part);
    if (!run) return;
    const { filter, search, order } = state;
    host.list(run.folder, ++listing, { set: state.whole ? null : state.set, filter, search, order }, state.open);
  }

  function openResponse(place: ResponsePlace) {
    if (!run) return;
    if (!samePlace(place, state.open)) {
      keep({ open: place, beside: null });
      beside = null;
      lift = null;
    }
    host.sample(run.folder, place);
  }

  function askForLift() {
    if (!run || !state.open || !host.lift || lift !== null || state.colour !== 'lift') return;
    lift = 'waiting';
    host.lift(run.folder, state.open);
  }

  function note(starred: boolean, words: string) {
    if (!run || !open) return;
    host.note?.(run.folder, open.sample, open.set, starred, words);
  }

  function goToSet(set: RolloutSet) {
    if (!run) return;
    const moved = !state.set || !sameSet(set, state.set);
    if (moved) host.step?.(run.folder, set.step);
    ask({ set, whole: false, ...(moved ? { open: null, beside: null } : {}) });
    drawPicker(true);
  }

  /** The bar that follows the run's sets. While it is in use it waits, so that no slider jumps under the hand. */
  function drawPicker(byHand: boolean) {
    if (!run) return;
    const focused = picker.contains(document.activeElement) ? document.activeElement : null;
    pickerWaits = focused !== null && !byHand;
    if (pickerWaits) return;
    const runs = choice(
      text.run,
      run.siblings.map(({ folder, label }) => ({ value: folder, label })),
      run.folder,
      (folder) => host.selectRun(folder, state.set),
    );
    const control = focused?.getAttribute('aria-label') ?? focused?.parentElement?.textContent;
    const whole = toggle(text.wholeRun, state.whole, (value) => {
      ask({ whole: value });
      drawPicker(true);
    });
    const parts = setPicker(run.sets, state.set, text, goToSet);
    for (const part of parts.slice(1)) part.toggleAttribute('data-off', state.whole);
    picker.replaceChildren(
      runs,
      ...parts,
      ...(run.sets.length > 1 ? [whole] : []),
      element('span', { class: 'spacer' }),
      ...exports(),
    );
    const again = [...picker.querySelectorAll<HTMLElement>('[aria-label]:not(:disabled), input, select')];
    if (control)
      again.find((part) => (part.getAttribute('aria-label') ?? part.parentElement?.textContent) === control)?.focus();
  }

  picker.addEventListener('focusout', (event) => {
    const stays = event.relatedTarget instanceof Node && picker.contains(event.relatedTarget);
    if (pickerWaits && !stays) queueMicrotask(() => drawPicker(true));
  });

  function exports(): HTMLElement[] {
    const { exportRows, copyLink } = host;
    if (!exportRows) return [];
    const save = (format: 'jsonl' | 'parquet') => () => run && exportRows(run.folder, listing, format, null);
    return [
      button('JSONL', { class: 'quiet-button', title: text.exportList('JSONL') }, save('jsonl')),
      button('Parquet', { class: 'quiet-button', title: text.exportList('Parquet') }, save('parquet')),
      ...(copyLink ? [button(text.copyLink, { class: 'quiet-button' }, () => copyLink(state))] : []),
    ];
  }

  /** The bar that depends on the specification only; drawn once for a run. */
  function drawFilters() {
    if (!run) return;
    const { rules } = run.record.specification;
    const cases = rules.flatMap((rule) =>
      rule.cases.map((entry, index) => {
        const score = entry.score.kind === 'number' ? `${scoreText(entry.score.value)} ` : '';
        return {
          condition: `case(${rule.name}) == ${index}`,
          label: `${rule.title}: ${score}${entry.text ?? text.otherwise}`,
        };
      }),
    );
    const ready = [
      { condition: 'right', label: text.right },
      { condition: 'not right', label: text.wrong },
      { condition: 'not finished', label: text.finish.length },
      ...(host.note
        ? [
            { condition: 'starred', label: text.starred },
            { condition: 'note', label: text.noted },
          ]
        : []),
      ...cases,
    ];
    box = filterBox(state.filter, names, ready, text, (filter) => filter !== state.filter && ask({ filter }));
    const orders: ListOrder[] = [
      'prompt',
      'newest',
      'rewardDown',
      'rewardUp',
      'advantageDown',
      'advantageUp',
      'longest',
      'shortest',
    ];
    filters.replaceChildren(
      box.element,
      searchBox(text.search, state.search, (search) => ask({ search })),
      choice(
        text.order,
        orders.map((value) => ({ value, label: text.orders[value] })),
        state.order,
        (order) => ask({ order }),
      ),
    );
  }

  function drawNotice(words: string | null) {
    notice.hidden = words === null;
    notice.textContent = words ?? '';
    list.element.hidden = words !== null;
  }

  function drawDetail() {
    highlight('evidence', []);
    highlight('found', []);
    const { folder, record } = run ?? {};
    if (!folder || !record || !open) {
      right.replaceChildren(element('p', { class: 'notice' }, run ? text.chooseOne : ''));
      return;
    }
    const active = document.activeElement;
    const focused = active && right.contains(active) ? describe(active) : null;
    const scrolled = right.scrollTop;
    const { set, index } = open;
    const { addExample } = host;
    right.replaceChildren(
      detail(open, {
        specification: record.specification,
        state,
        right: open.group.find((row) => row.index === index)?.right ?? false,
        text,
        beside,
        lift,
        actions: {
          copy: host.copy,
          canLift: host.lift !== undefined,
          ...(host.note && { note }),
          ...(addExample && { addExample: () => addExample(folder, { set, index }) }),
        },
        change,
      }),
    );
    right.scrollTop = scrolled;
    if (focused)
      [...right.querySelectorAll<HTMLElement>('button, select, input, textarea')]
        .find((part) => describe(part) === focused)
        ?.focus();
  }

  drawDetail();
  return {
    element: view,
    showRun(next, selected, asked = {}) {
      const changed = run?.folder !== next.folder;
      const known = run?.sets.length ?? 0;
      run = next;
      names = filterNames(next.record.specification, next.metrics);
      const { fired } = asked;
      if (asked.state) state = asked.state;
      if (fired)
        state = { ...state, search: '', filter: `case(${fired.rule}) == ${fired.case}`, open: null, beside: null };
      if (changed && open) {
        open = null;
        if (!asked.state) state = { ...state, open: null, beside: null };
      }
      state = { ...state, folder: next.folder };
      const wanted = selected ?? state.set;
      const last = next.sets.filter((set) => set.kind === 'train').at(-1) ?? next.sets.at(-1) ?? null;
      const target = (wanted && nearest(next.sets, wanted)) ?? last;
      if (changed || fired || asked.state) drawFilters();
      if (!target) {
        keep({ set: null });
        drawPicker(true);
        drawNotice(text.noRollouts);
      } else if (changed || fired || asked.state || !state.set || !sameSet(target, state.set)) {
        drawNotice(changed ? text.loading : null);
        const moved = state.set !== null && !sameSet(target, state.set);
        ask({ set: target, ...(moved ? { open: null, beside: null } : {}) });
        drawPicker(true);
        if (state.beside) host.sample(next.folder, state.beside);
      } else {
        drawPicker(false);
        if (state.whole && known < next.sets.length && state.order !== 'prompt') ask();
      }
    },
    showListing(answer) {
      if (run?.folder !== answer.folder || answer.listing !== listing) return;
      const { indexing, problems } = answer;
      count.replaceChildren(
        text.shown(answer.count, answer.total),
        indexing ? ` · ${text.indexing(indexing.done, indexing.all)}` : '',
        ...problems.map((problem) => element('span', { class: 'warning' }, problem)),
      );
      drawNotice(answer.total === 0 ? text.missing : answer.count === 0 ? text.noSamples : null);
      list.reset(answer.length, answer.place);
      if (state.open && (answer.place !== null || indexing || answer.count === 0)) openResponse(state.open);
      else if (answer.count > 0) list.move(0);
    },
    showItems(answer) {
      if (run?.folder !== answer.folder || answer.listing !== listing) return;
      const items: ListItem[] = answer.items;
      list.put(answer.from, items);
    },
    showSample({ folder, set, index, sample, ...around }) {
      if (run?.folder !== folder) return;
      const place = { set, index };
      if (samePlace(place, state.open)) {
        open = sample && { ...place, sample, ...around };
        askForLift();
        drawDetail();
      } else if (samePlace(place, state.beside)) {
        beside = sample;
        drawDetail();
      }
    },
    showLift({ folder, set, index, lift: values, words }) {
      if (run?.folder !== folder || !samePlace({ set, index }, state.open)) return;
      lift = { values, words };
      drawDetail();
    },
    noted(folder) {
      if (run?.folder !== folder) return;
      if (state.open) host.sample(folder, state.open);
      list.redraw();
    },
    giveLink: () => host.copyLink?.(state),
    goTo(folder, set) {
      if (run?.folder !== folder) host.selectRun(folder, set);
      else {
        const found = nearest(run.sets, set);
        if (found) goToSet(found);
      }
    },
  };
}

/** What a control is called, to give it the focus again when it has been drawn anew. */
function describe(part: Element): string {
  return `${part.tagName} ${part.getAttribute('aria-label') ?? part.parentElement?.querySelector('span')?.textContent ?? part.textContent}`;
}

function samePlace(a: ResponsePlace | null, b: ResponsePlace | null): boolean {
  return a === null || b === null ? a === b : a.index === b.index && sameSet(a.set, b.set);
}

/** The set of the same kind whose step is nearest; null: there is none of that kind. */
function nearest(sets: readonly RolloutSet[], wanted: RolloutSet): RolloutSet | null {
  const same = sets.filter((set) => set.kind === wanted.kind);
  return same.reduce<RolloutSet | null>(
    (best, set) => (!best || Math.abs(set.step - wanted.step) < Math.abs(best.step - wanted.step) ? set : best),
    null,
  );
}
