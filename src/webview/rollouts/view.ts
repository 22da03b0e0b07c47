// The rollouts: choose a run, a step and a kind (training, held-out), filter, and read. Samples come from the host one
// set at a time, tokens only for the responses that are coloured. The report uses the same view over embedded data.

import type { RunRecord } from '../../run/format.ts';
import { scoreText } from '../../run/number_text.ts';
import { type RolloutSet, type Sample, type SampleTokens, sameSet } from '../../run/view.ts';
import { button, choice, element, searchBox, toggle } from '../element.ts';
import type { FiredCase, RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import { bestScores, chosen, grouped, isRight } from './filter.ts';
import { groupSection } from './group.ts';
import { sampleCard } from './sample.ts';
import { setPicker } from './set_picker.ts';

const PAGE = 64;

export interface RolloutsRun {
  folder: string;
  record: RunRecord;
  siblings: { folder: string; label: string }[];
  sets: RolloutSet[];
}

export interface RolloutsHost {
  load(folder: string, set: RolloutSet): void;
  loadTokens(folder: string, set: RolloutSet, indexes: number[]): void;
  selectRun(folder: string, set: RolloutSet | null): void;
  copy(text: string): void;
  /** Left out: a response cannot become an example here. */
  addExample?(folder: string, set: RolloutSet, index: number): void;
  keep(state: RolloutsState): void;
}

export interface RolloutsView {
  element: HTMLElement;
  /** Perhaps with other filters: only responses in which a case fired. */
  showRun(run: RolloutsRun, selected: RolloutSet | null, fired?: FiredCase): void;
  showSamples(folder: string, set: RolloutSet, samples: readonly Sample[] | null): void;
  showTokens(folder: string, set: RolloutSet, tokens: readonly { index: number; tokens: SampleTokens | null }[]): void;
  /** Changes to the set of that kind whose step is nearest. */
  goTo(folder: string, set: RolloutSet): void;
}

export function rolloutsView(initial: RolloutsState, text: Text, host: RolloutsHost): RolloutsView {
  let state = initial;
  let run: RolloutsRun | null = null;
  let samples: readonly Sample[] | null | 'loading' = 'loading';
  let limit = PAGE;
  const tokens = new Map<number, SampleTokens>();
  const answered = new Set<number>();
  let pickerWaits = false;
  const picker = element('div', { class: 'toolbar' });
  const filters = element('div');
  const heat = element('div', { class: 'heat-legend quiet', hidden: true });
  const head = element('div', { class: 'rollouts-head' }, picker, filters, heat);
  const list = element('div', { class: 'groups', 'aria-live': 'polite' });
  const view = element('div', { class: 'rollouts' }, head, list);

  const change = (part: Partial<RolloutsState>) => {
    state = { ...state, ...part };
    host.keep(state);
    limit = PAGE;
    drawList();
  };

  function goToSet(set: RolloutSet) {
    if (!run) return;
    state = { ...state, folder: run.folder, set };
    host.keep(state);
    samples = 'loading';
    tokens.clear();
    answered.clear();
    limit = PAGE;
    drawPicker(true);
    host.load(run.folder, set);
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
    const control = focused?.getAttribute('aria-label');
    picker.replaceChildren(runs, ...setPicker(run.sets, state.set, text, goToSet));
    const again = [...picker.querySelectorAll<HTMLElement>('[aria-label]:not(:disabled)')];
    if (control) again.find((part) => part.getAttribute('aria-label') === control)?.focus();
  }

  picker.addEventListener('focusout', (event) => {
    const stays = event.relatedTarget instanceof Node && picker.contains(event.relatedTarget);
    if (pickerWaits && !stays) queueMicrotask(() => drawPicker(true));
  });

  /** The bar that depends on the specification only; drawn once for a run. */
  function drawFilters() {
    if (run) filters.replaceChildren(filterBar(run.record));
    drawLegend();
  }

  function filterBar(record: RunRecord): HTMLElement {
    const cases = record.specification.rules.flatMap((rule) =>
      rule.cases.map((entry, index) => {
        const score = entry.score.kind === 'number' ? `${scoreText(entry.score.value)} ` : '';
        return { value: `${rule.name}:${index}`, label: `${rule.title}: ${score}${entry.text ?? text.otherwise}` };
      }),
    );
    const colourChange = (colour: RolloutsState['colour']) => {
      change({ colour });
      drawLegend();
      askForTokens();
    };
    return element(
      'div',
      { class: 'toolbar' },
      searchBox(text.search, state.search, (search) => change({ search })),
      choice(text.verdict, options(['all', 'right', 'wrong']), state.verdict, (verdict) => change({ verdict })),
      choice(text.rule, [{ value: '', label: text.anyCase }, ...cases], state.rule, (rule) => change({ rule })),
      choice(
        text.order,
        [
          { value: 'prompt', label: text.byPrompt },
          { value: 'rewardDown', label: text.rewardDown },
          { value: 'rewardUp', label: text.rewardUp },
          { value: 'longest', label: text.longest },
        ],
        state.order,
        (order) => change({ order }),
      ),
      choice(text.colour, options(['none', 'logProbability', 'entropy']), state.colour, colourChange),
      toggle(text.reasoning, state.reasoning, (reasoning) => change({ reasoning })),
      toggle(text.raw, state.raw, (raw) => change({ raw })),
    );
  }

  function options<K extends 'all' | 'right' | 'wrong' | 'none' | 'logProbability' | 'entropy'>(values: readonly K[]) {
    return values.map((value) => ({ value, label: text[value] }));
  }

  function drawLegend() {
    heat.hidden = state.colour === 'none';
    const high = state.colour === 'entropy' ? text.legendEntropyHigh : text.legendHigh;
    const scale = element('span', { class: `heat ${state.colour}`, 'aria-hidden': 'true' });
    heat.replaceChildren(text.legendLow, scale, high);
  }

  function askForTokens() {
    if (!run || !state.set || state.colour === 'none' || samples === null || samples === 'loading') return;
    const best = bestScores(run.record.specification, samples);
    const wanted = chosen(samples, state, best).slice(0, limit);
    const missing = wanted
      .filter(({ index, tokens: own }) => !own && !tokens.has(index) && !answered.has(index))
      .map(({ index }) => index);
    if (missing.length > 0) host.loadTokens(run.folder, state.set, missing);
  }

  function exampleOf({ index }: Sample): (() => void) | null {
    const { addExample } = host;
    const set = state.set;
    return run && set && addExample ? () => run && addExample(run.folder, set, index) : null;
  }

  function drawList() {
    if (!run) return;
    if (samples === 'loading' || samples === null || samples.length === 0 || !state.set) {
      const words =
        !state.set || run.sets.length === 0 ? text.noRollouts : samples === 'loading' ? text.loading : text.missing;
      list.replaceChildren(element('p', { class: 'notice' }, words));
      return;
    }
    const { specification } = run.record;
    const best = bestScores(specification, samples);
    const all = chosen(samples, state, best);
    const shown = all.slice(0, limit);
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    const advantageScale = Math.max(1, ...samples.map((sample) => Math.abs(sample.advantage ?? 0)));
    const right = (sample: Sample) => isRight(sample, best);
    const sections = grouped(shown).map((group) => {
      const cards = group.samples.map((sample) =>
        sampleCard(sample, {
          specification,
          state,
          text,
          advantageScale,
          right: right(sample),
          tokens: sample.tokens ?? tokens.get(sample.index) ?? null,
          tokensGone: state.colour !== 'none' && !sample.tokens && answered.has(sample.index),
          copy: host.copy,
          addExample: exampleOf(sample),
        }),
      );
      return groupSection(group.samples, cards, right, words, text);
    });
    const count = element('p', { class: 'count quiet' }, text.shown(all.length, samples.length));
    const rest = all.length - shown.length;
    const more = button(text.more(Math.min(PAGE, rest)), { class: 'more' }, () => {
      limit += PAGE;
      drawList();
      askForTokens();
    });
    const empty = all.length === 0 ? [element('p', { class: 'notice' }, text.noSamples)] : [];
    list.replaceChildren(count, ...empty, ...sections, ...(rest > 0 ? [more] : []));
  }

  return {
    element: view,
    showRun(next, selected, fired) {
      const changed = run?.folder !== next.folder;
      run = next;
      if (fired) state = { ...state, search: '', verdict: 'all', rule: `${fired.rule}:${fired.case}` };
      const wanted = selected ?? state.set;
      const known = wanted && nearest(next.sets, wanted);
      const last = next.sets.filter((set) => set.kind === 'train').at(-1) ?? next.sets.at(-1) ?? null;
      const target = known ?? last;
      if (changed || fired) drawFilters();
      if (!target) {
        state = { ...state, folder: next.folder, set: null };
        drawPicker(true);
        drawList();
      } else if (changed || fired || !state.set || !sameSet(target, state.set) || samples === 'loading') {
        goToSet(target);
        drawList();
      } else drawPicker(false);
    },
    showSamples(folder, set, next) {
      if (run?.folder !== folder || !state.set || !sameSet(set, state.set)) return;
      samples = next;
      drawList();
      askForTokens();
    },
    showTokens(folder, set, loaded) {
      if (run?.folder !== folder || !state.set || !sameSet(set, state.set)) return;
      for (const { index, tokens: found } of loaded) {
        if (found) tokens.set(index, found);
        else answered.add(index);
      }
      drawList();
    },
    goTo(folder, set) {
      if (run?.folder !== folder) host.selectRun(folder, set);
      else {
        const found = nearest(run.sets, set);
        if (found) goToSet(found);
      }
    },
  };
}

/** The set of the same kind whose step is nearest; null: there is none of that kind. */
function nearest(sets: readonly RolloutSet[], wanted: RolloutSet): RolloutSet | null {
  const same = sets.filter((set) => set.kind === wanted.kind);
  return same.reduce<RolloutSet | null>(
    (best, set) => (!best || Math.abs(set.step - wanted.step) < Math.abs(best.step - wanted.step) ? set : best),
    null,
  );
}
