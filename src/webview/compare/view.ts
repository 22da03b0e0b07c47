// The page of a comparison, from top to bottom: the runs and how far they are, their metrics, the settings that differ,
// the prompts and the responses to one row. Everything but the responses comes with the runs, and follows those that go
// on; responses are asked for, one row at a time.

import { commonStep, type Side, settingsOf, sidesOf } from '../../run/compare.ts';
import { armLabel, type RolloutSet, type RunView } from '../../run/view.ts';
import { button, element, toggle } from '../element.ts';
import { type KeyLine, keysButton, listenForKeys } from '../keys.ts';
import type { RunStep } from '../messages.ts';
import type { CompareState, TaskRow, ToCompare } from '../messages_compare.ts';
import { type RunStyle, stylesOf } from '../palette.ts';
import { swatch } from '../swatch.ts';
import type { Text } from '../text.ts';
import { metricsTable } from './metrics.ts';
import { type RolloutsBeside, rolloutsBeside } from './rollouts.ts';

export interface CompareHost {
  load(folders: string[], set: RolloutSet, row: TaskRow | null): void;
  openRollouts(folder: string, set: RolloutSet): void;
  openCurves(folder: string): void;
  copyLink(state: CompareState): void;
  keep(state: CompareState): void;
  /** The step that every panel shall show. */
  step(at: RunStep): void;
}

export interface CompareView {
  element: HTMLElement;
  showRollouts(message: Extract<ToCompare, { kind: 'rollouts' }>): void;
  goToStep(step: number): void;
  /** The same runs, which have grown. */
  update(runs: readonly RunView[], sets: readonly (readonly RolloutSet[])[]): void;
}

const KEYS: readonly KeyLine[] = [
  [['[', ']'], 'step'],
  [['P', 'N'], 'moveRow'],
  [['?'], 'keys'],
];

export function compareView(
  initial: CompareState,
  first: readonly RunView[],
  firstSets: readonly (readonly RolloutSet[])[],
  text: Text,
  host: CompareHost,
): CompareView {
  let state = initial;
  let runs = first;
  let sides = sidesOf(runs);
  const words = text.compare;
  const styles = stylesOf(runs);
  const change = (part: Partial<CompareState>) => {
    state = { ...state, ...part };
    host.keep(state);
  };

  const signOf = (side: Side): HTMLElement => {
    const index = runs.findIndex((run) => run.folder === side.runs[0]?.folder);
    return swatch(
      'line',
      `var(${styles[index]?.variable ?? '--ink'})`,
      side.runs.length > 1 ? [] : dashOf(styles[index]),
    );
  };
  const beside: RolloutsBeside = rolloutsBeside(sides, setsOf(runs, firstSets), signOf, text, {
    load: (folders, set, row) => {
      change({ set, row });
      host.load(folders, set, row);
    },
    open: host.openRollouts,
    row: (row) => change({ row }),
    step: host.step,
  });

  const [states, metrics, settings] = [element('ul', { class: 'run-states' }), element('div'), element('div')];
  const draw = () => {
    states.replaceChildren(...runs.map((run) => stateOf(run, text)));
    metrics.replaceChildren(metricsTable(sides, commonStep(sides), signOf, text));
    settings.replaceChildren(settingsTable(sides, state.all, signOf, text));
  };
  draw();
  const head = element(
    'header',
    { class: 'head' },
    element('h1', {}, words.title),
    element('span', { class: 'spacer' }),
    button(text.curves, {}, () => host.openCurves(state.folder)),
    button(text.copyLink, { title: text.copyLinkHint }, () => host.copyLink(state)),
    keysButton(KEYS, text),
  );
  const view = element(
    'div',
    { class: 'compare' },
    head,
    states,
    section(words.metrics, metrics),
    section(
      words.settings,
      toggle(words.allSettings, state.all, (all) => {
        change({ all });
        draw();
      }),
      settings,
    ),
    section(words.beside, beside.element),
  );
  beside.begin(state.set, state.row);
  listenForKeys(document, beside.keys);
  return {
    element: view,
    showRollouts: beside.show,
    goToStep: beside.goToStep,
    update(next, sets) {
      runs = next;
      sides = sidesOf(runs);
      draw();
      beside.update(setsOf(runs, sets));
    },
  };
}

/** `merf · seed 1: running, 12 / 40` */
function stateOf({ record }: RunView, text: Text): HTMLElement {
  return element(
    'li',
    {},
    element('strong', {}, `${armLabel(record)} · ${text.seed(record.seed)}`),
    element('span', { class: 'state', 'data-status': record.status }, text.status[record.status]),
    element('span', { class: 'quiet' }, `${record.step} / ${record.steps}`),
  );
}

function dashOf(style: RunStyle | undefined): readonly number[] {
  return style?.dash ?? [];
}

function setsOf(
  runs: readonly RunView[],
  sets: readonly (readonly RolloutSet[])[],
): ReadonlyMap<string, readonly RolloutSet[]> {
  return new Map(runs.map((run, index) => [run.folder, sets[index] ?? []]));
}

function section(title: string, ...parts: Node[]): HTMLElement {
  return element('section', {}, element('h2', {}, title), ...parts);
}

function settingsTable(
  sides: readonly Side[],
  all: boolean,
  signOf: (side: Side) => HTMLElement,
  text: Text,
): HTMLElement {
  const shown = settingsOf(sides).filter((setting) => all || setting.differs);
  if (shown.length === 0) return element('p', { class: 'quiet' }, text.compare.sameSettings);
  const heads = sides.map((side) => element('th', { scope: 'col' }, signOf(side), side.name));
  const rows = shown.map(({ name, values, differs }) =>
    element(
      'tr',
      { 'data-differs': String(differs) },
      element('th', { scope: 'row' }, name),
      ...values.map((value) => element('td', {}, value ?? '–')),
    ),
  );
  const top = element('tr', {}, element('th', { scope: 'col' }, text.compare.setting), ...heads);
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      { class: 'settings', 'aria-label': text.compare.settings },
      element('thead', {}, top),
      element('tbody', {}, ...rows),
    ),
  );
}
