// The rollouts: a list of responses (of a step, or of the whole run) by filter, words and order, and the one that is
// open. Everything comes from a host, a list by its lines in view; in a report the page itself is the host (embedded.ts).

import type { FilterNames } from '../../run/filter/expression.ts';
import { filterNames } from '../../run/filter/names.ts';
import type { ListItem } from '../../run/rollouts/list_query.ts';
import { type RolloutSet, type Sample, sameSet } from '../../run/view.ts';
import { element } from '../element.ts';
import { keepFocus } from '../kept_focus.ts';
import { type KeyActs, keysButton, listenForKeys } from '../keys.ts';
import type { ResponsePlace, RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import { caseFilter, caseList } from './case_list.ts';
import type { Answer, RolloutsHost, RolloutsRun, RolloutsView } from './contract.ts';
import { type DetailShowing, detail, type OpenResponse } from './detail.ts';
import { drawFilterBar } from './filter_bar.ts';
import type { FilterBox } from './filter_box.ts';
import { type AppendMarkdown, loadMarkdown } from './formatted.ts';
import { listLine } from './line.ts';
import { virtualList } from './list.ts';
import { nearest, samePlace } from './places.ts';
import { ROLLOUT_KEYS } from './rollout_keys.ts';
import { runBar } from './run_bar.ts';
import { highlight } from './shown_text.ts';
import { tickBar } from './tick_bar.ts';
import { Ticks } from './ticks.ts';

/** Panels wider than this have the list beside the response (rollouts.css). */
const SIDE_BY_SIDE = 860;

export function rolloutsView(initial: RolloutsState, text: Text, host: RolloutsHost): RolloutsView {
  let state = initial;
  let run: RolloutsRun | null = null;
  let names: FilterNames = { rules: [], captures: [], metrics: [] };
  let listing = 0;
  let listed: Answer<'listing'> | null = null;
  let longest = 1;
  let open: OpenResponse | null = null;
  let beside: Sample | null = null;
  let lift: DetailShowing['lift'] = null;
  let box: FilterBox | null = null;
  let appendMarkdown: AppendMarkdown | null = null;
  let isFetching = false;
  const ticks = new Ticks();
  ticks.put(state.ticked, true);

  const bar = runBar(
    host,
    {
      keys: keysButton(ROLLOUT_KEYS, text),
      showing: () => run && { run, state, listing },
      goTo: goToSet,
      showWhole(whole) {
        ask({ whole });
        bar.draw(true);
      },
    },
    text,
  );
  const filters = element('div', { class: 'toolbar' });
  const head = element('div', { class: 'rollouts-head' }, bar.element, filters);
  const count = element('p', { class: 'count quiet', role: 'status' });
  const ticked = tickBar(
    ticks,
    host,
    {
      run: () => run,
      listing: () => listing,
      changed() {
        keep({ ticked: ticks.kept() });
        list.mark();
      },
      compare(place, other) {
        openResponse(place);
        change({ beside: other });
        right.focus();
      },
      leave: () => list.element.focus(),
    },
    text,
  );
  const cases = caseList({
    text,
    isOpen: () => state.cases ?? view.clientWidth > SIDE_BY_SIDE,
    open: (isOpen) => keep({ cases: isOpen }),
    filter: () => state.filter,
    setFilter(filter) {
      ask({ filter });
      drawFilters();
    },
  });
  const notice = element('p', { class: 'notice', hidden: true });
  const list = virtualList(text.rollouts, {
    ask: (from, to) => run && host.items(run.folder, listing, from, to),
    draw: (item, isCurrent) => {
      longest = Math.max(longest, item?.kind === 'row' ? item.tokens : 1);
      const rules = run?.record.specification.rules ?? [];
      const isTicked = (row: ResponsePlace) => ticks.has(row);
      return listLine(item, isCurrent, { text, rules, isGrouped: isGrouped(), longest, isTicked });
    },
    isTicked: (row) => ticks.has(row),
    tick: (rows, isTicked) => {
      ticks.put(rows, isTicked);
      ticked.draw();
    },
    choose: (item) => openResponse({ set: item.set, index: item.index }),
  });
  const left = element(
    'section',
    { class: 'list-side', 'aria-label': text.rollouts },
    cases.element,
    count,
    ticked.element,
    notice,
    list.element,
  );
  const right = element('section', { class: 'detail', 'aria-label': text.response, tabindex: -1 });
  const view = element('div', { class: 'rollouts' }, head, element('div', { class: 'panes' }, left, right));
  const isGrouped = () => state.order === 'prompt' || state.order === 'newest';

  const acts: KeyActs = {
    '/': () => box?.focus(),
    '[': () => moveStep(-1),
    ']': () => moveStep(1),
    n: () => list.move(1),
    p: () => list.move(-1),
    s: () => open && note(!open.starred, open.note),
    m: () => change({ view: state.view === 'rendered' ? 'text' : 'rendered' }),
    c: ticked.compare,
    Enter: () => right.focus(),
    Escape: () => (ticks.count > 0 ? ticked.clear() : list.element.focus()),
  };

  function moveStep(by: number) {
    const same = run?.sets.filter((set) => set.kind === state.set?.kind) ?? [];
    const next = same[same.findIndex((set) => state.set && sameSet(set, state.set)) + by];
    if (next) goToSet(next);
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
    list.point((item) => samePlace(item, place));
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
    bar.draw(true);
  }

  function drawFilters() {
    if (!run) return;
    const { specification } = run.record;
    box = drawFilterBar(filters, { specification, names, state, hasNotes: host.note !== undefined, text }, (part) => {
      if (part.filter === undefined || part.filter !== state.filter) ask(part);
    });
  }

  /** How many responses are listed, how far the reading is, and what could not be read. */
  function drawCount(indexing: { done: number; all: number } | null) {
    if (!listed) return;
    count.replaceChildren(
      text.shown(listed.count, listed.total),
      indexing ? ` · ${text.indexing(indexing.done, indexing.all)}` : '',
      ...listed.problems.map((problem) => element('span', { class: 'warning' }, problem)),
    );
  }

  function drawNotice(words: string | null) {
    notice.hidden = words === null;
    notice.textContent = words ?? '';
    list.element.hidden = words !== null;
  }

  async function fetchMarkdown() {
    isFetching = true;
    appendMarkdown = await loadMarkdown();
    drawDetail();
  }

  function drawDetail() {
    if (state.view === 'rendered' && !isFetching) void fetchMarkdown();
    highlight('evidence', []);
    highlight('found', []);
    const { folder, record } = run ?? {};
    if (!folder || !record || !open) {
      right.replaceChildren(element('p', { class: 'notice' }, run ? text.chooseOne : ''));
      return;
    }
    const scrolled = right.scrollTop;
    const { set, index } = open;
    const { addExample } = host;
    const drawn = detail(open, {
      specification: record.specification,
      state,
      right: open.group.find((row) => row.index === index)?.right ?? false,
      text,
      beside,
      appendMarkdown,
      lift,
      actions: {
        copy: host.copy,
        canLift: host.lift !== undefined,
        ...(host.note && { note }),
        ...(addExample && { addExample: () => addExample(folder, { set, index }) }),
      },
      change,
    });
    keepFocus(right, () => {
      right.replaceChildren(element('h2', { class: 'hidden-text' }, text.response), drawn);
      right.scrollTop = scrolled;
    });
  }

  listenForKeys(host.step ? document : view, acts);
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
      if (fired) state = { ...state, search: '', filter: caseFilter(fired.rule, fired.case), open: null, beside: null };
      if (changed && open) {
        open = null;
        if (!asked.state) state = { ...state, open: null, beside: null };
      }
      if (changed && known > 0) {
        ticks.clear();
        ticked.draw();
      }
      state = { ...state, folder: next.folder };
      const wanted = selected ?? state.set;
      const last = next.sets.filter((set) => set.kind === 'train').at(-1) ?? next.sets.at(-1) ?? null;
      const target = (wanted && nearest(next.sets, wanted)) ?? last;
      if (changed || fired || asked.state) drawFilters();
      if (!target) {
        keep({ set: null });
        bar.draw(true);
        drawNotice(text.noRollouts);
      } else if (changed || fired || asked.state || !state.set || !sameSet(target, state.set)) {
        drawNotice(changed ? text.loading : null);
        const moved = state.set !== null && !sameSet(target, state.set);
        ask({ set: target, ...(moved ? { open: null, beside: null } : {}) });
        bar.draw(true);
        if (state.beside) host.sample(next.folder, state.beside);
      } else {
        bar.draw(false);
        if (state.whole && known < next.sets.length && state.order !== 'prompt') ask();
      }
    },
    showListing(answer) {
      if (run?.folder !== answer.folder || answer.listing !== listing) return;
      listed = answer;
      drawCount(answer.indexing);
      cases.draw(run.record.specification.rules, answer.tallies);
      drawNotice(answer.total === 0 ? text.missing : answer.count === 0 ? text.noSamples : null);
      ticks.refresh(answer.items.filter((item) => item.kind === 'row'));
      list.reset(answer.length, answer.place, answer);
      ticked.draw();
      if (state.open && (answer.place !== null || answer.indexing || answer.count === 0)) openResponse(state.open);
      else if (answer.count > 0) list.move(0);
    },
    showIndexing({ folder, indexing }) {
      if (run?.folder === folder) drawCount(indexing);
    },
    showItems(answer) {
      if (run?.folder !== answer.folder || answer.listing !== listing) return;
      const items: ListItem[] = answer.items;
      ticks.refresh(items.filter((item) => item.kind === 'row'));
      list.put(answer.from, items);
      ticked.draw();
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
