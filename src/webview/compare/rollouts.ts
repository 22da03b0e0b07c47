// The responses of all sides to one row of the task, next to each other, and what differs in the prompts they read. A
// step, a kind of rollouts and a row are chosen for all sides together; a run that has no rollouts of that step shows its
// nearest, and says so.

import type { Side } from '../../run/compare.ts';
import { scoreText } from '../../run/number_text.ts';
import type { RolloutSet, Sample } from '../../run/view.ts';
import { button, element } from '../element.ts';
import { keepFocus } from '../kept_focus.ts';
import type { KeyActs } from '../keys.ts';
import type { RunStep } from '../messages.ts';
import type { TaskRow, ToCompare } from '../messages_compare.ts';
import { setPicker } from '../rollouts/set_picker.ts';
import type { Text } from '../text.ts';
import { wordDiff } from '../word_diff.ts';
import { placesToBegin, readsAlike } from './begin.ts';

export interface RolloutsBeside {
  element: HTMLElement;
  begin(set: RolloutSet | null, row: TaskRow | null): void;
  show(message: Extract<ToCompare, { kind: 'rollouts' }>): void;
  goToStep(step: number): void;
  keys: KeyActs;
  /** Runs have written more. */
  update(sets: ReadonlyMap<string, readonly RolloutSet[]>): void;
}

interface Events {
  load(folders: string[], set: RolloutSet, row: TaskRow | null): void;
  open(folder: string, set: RolloutSet): void;
  /** The row that is shown. */
  row(row: TaskRow | null): void;
  /** The person chose a step. */
  step(at: RunStep): void;
}

export function rolloutsBeside(
  sides: readonly Side[],
  firstSets: ReadonlyMap<string, readonly RolloutSet[]>,
  signOf: (side: Side) => HTMLElement,
  text: Text,
  events: Events,
): RolloutsBeside {
  const words = text.compare;
  const columns = columnsOf(sides);
  const folders = columns.map(({ folder }) => folder);
  const known = () => unionOf(folders.map((folder) => sets.get(folder) ?? []));
  let sets = firstSets;
  let set: RolloutSet | null = null;
  /** Where to look for prompts that differ, while the person has chosen nothing. */
  let candidates: RolloutSet[] = [];
  let row: TaskRow | null = null;
  let rows: TaskRow[] = [];
  const picker = element('div', { class: 'toolbar' });
  const rowBar = element('span', { class: 'toolbar rows' });
  const body = element('div', { 'aria-live': 'polite' });
  const place = element('div', { class: 'beside' }, picker, body);

  function go(next: RolloutSet, wanted: TaskRow | null) {
    set = next;
    drawPicker();
    events.load(folders, next, wanted);
  }

  /** The rollouts that each column shows: its own that are nearest to the chosen ones. */
  function columnSets(): (RolloutSet | null | undefined)[] {
    return folders.map((folder) => set && nearest(sets.get(folder) ?? [], set));
  }

  function drawPicker() {
    const controls = setPicker(known(), set, text, pick);
    keepFocus(picker, () => picker.replaceChildren(...controls, rowBar));
  }

  function pick(picked: RolloutSet) {
    candidates = [];
    const isMoved = picked.step !== set?.step;
    go(picked, row);
    const [folder] = folders;
    if (isMoved && folder !== undefined) events.step({ folder, step: picked.step });
  }

  function moveStep(by: number) {
    const same = known().filter(({ kind }) => kind === set?.kind);
    const next = same[same.findIndex(({ step }) => step === set?.step) + by];
    if (next) pick(next);
  }

  const rowPlace = () => rows.findIndex((one) => one.split === row?.split && one.index === row.index);
  const to = (at: number) => {
    const next = rows[at];
    if (next && set) events.load(folders, set, next);
  };

  function drawRows() {
    const index = rowPlace();
    const previous = button('‹', { 'aria-label': words.previousRow, title: words.previousRow }, () => to(index - 1));
    const next = button('›', { 'aria-label': words.nextRow, title: words.nextRow }, () => to(index + 1));
    previous.disabled = index <= 0;
    next.disabled = index < 0 || index >= rows.length - 1;
    const label = row ? words.rowOf(text.row(text.compare.split[row.split], row.index), index + 1, rows.length) : '';
    keepFocus(rowBar, () => rowBar.replaceChildren(previous, element('span', {}, label), next));
  }

  function begin(wanted: RolloutSet | null, wantedRow: TaskRow | null) {
    candidates = wanted ? [] : placesToBegin(folders.map((folder) => sets.get(folder) ?? []));
    const target = wanted ? nearest(known(), wanted) : (candidates.shift() ?? known().at(-1));
    if (target) go(target, wantedRow);
    else body.replaceChildren(element('p', { class: 'quiet' }, text.noRollouts));
  }

  return {
    element: place,
    begin,
    keys: {
      '[': () => moveStep(-1),
      ']': () => moveStep(1),
      p: () => to(rowPlace() - 1),
      n: () => to(rowPlace() + 1),
    },
    goToStep(step) {
      candidates = [];
      const target = nearest(known(), { kind: set?.kind ?? 'train', step });
      if (target && target.step !== set?.step) go(target, row);
    },
    update(next) {
      const before = columnSets();
      sets = next;
      if (!set) begin(null, row);
      else if (JSON.stringify(columnSets()) !== JSON.stringify(before)) go(set, row);
      else drawPicker();
    },
    show(message) {
      if (!set || message.set.kind !== set.kind || message.set.step !== set.step) return;
      const next = readsAlike(message.columns) ? candidates.shift() : undefined;
      if (next) return go(next, row);
      candidates = [];
      ({ rows, row } = message);
      events.row(row);
      drawRows();
      if (!row) {
        body.replaceChildren(element('p', { class: 'notice' }, words.noCommonRow));
        return;
      }
      const found = columns.map(({ side, folder }) => {
        const column = message.columns.find((one) => one.folder === folder);
        return { side, folder, set: column?.set ?? null, samples: column?.samples ?? [] };
      });
      const heads = found.map(({ side, folder, set: own }) =>
        element(
          'header',
          {},
          signOf(side),
          element('strong', {}, side.name),
          own && own.step !== message.set.step ? element('span', { class: 'quiet' }, `${text.step} ${own.step}`) : null,
          element('span', { class: 'spacer' }),
          own && button(text.rollouts, {}, () => events.open(folder, own)),
        ),
      );
      const cells = found.map(({ samples }, index) =>
        element('div', { class: 'column' }, heads[index] ?? null, ...samples.map((sample) => card(sample, text))),
      );
      const grid = element('div', { class: 'columns' }, ...cells);
      body.replaceChildren(promptPart(found, text), grid);
    },
  };
}

/** Of each side the run of the first seed that all sides have, else its first. */
function columnsOf(sides: readonly Side[]): { side: Side; folder: string }[] {
  const [first] = sides;
  const shared = first?.runs.find(({ record }) =>
    sides.every(({ runs }) => runs.some((run) => run.record.seed === record.seed)),
  );
  return sides.flatMap((side) => {
    const run = side.runs.find(({ record }) => record.seed === shared?.record.seed) ?? side.runs[0];
    return run ? [{ side, folder: run.folder }] : [];
  });
}

function unionOf(lists: readonly (readonly RolloutSet[])[]): RolloutSet[] {
  const found = new Map(lists.flat().map((set) => [`${set.kind} ${set.step}`, set]));
  const kinds = ['train', 'motivation', 'none'];
  return [...found.values()].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.step - b.step);
}

function nearest(sets: readonly RolloutSet[], wanted: RolloutSet): RolloutSet | undefined {
  const same = sets.filter(({ kind }) => kind === wanted.kind);
  return [...same].sort((a, b) => Math.abs(a.step - wanted.step) - Math.abs(b.step - wanted.step))[0] ?? sets.at(-1);
}

/** The first side's prompt, with what the others have less and more. */
function promptPart(found: readonly { side: Side; samples: Sample[] }[], text: Text): HTMLElement {
  const prompts = found.map(({ side, samples }) => ({ side, prompt: samples[0]?.prompt ?? '' }));
  const [first, ...others] = prompts;
  const different = others.filter(({ prompt }) => prompt !== first?.prompt);
  const same = different.length === 0;
  const title = same ? text.compare.samePrompts : text.compare.prompts;
  const parts = same
    ? [element('pre', { class: 'prompt' }, first?.prompt ?? '')]
    : different.map(({ side, prompt }) => {
        const marked = wordDiff(first?.prompt ?? '', prompt).map((part) =>
          part.kind === 'same' ? part.text : element(part.kind === 'gone' ? 'del' : 'ins', {}, part.text),
        );
        const key = element(
          'p',
          { class: 'quiet key' },
          element('del', {}, text.compare.onlyIn(first?.side.name ?? '')),
          ' ',
          element('ins', {}, text.compare.onlyIn(side.name)),
        );
        return element('div', {}, key, element('pre', { class: 'prompt' }, ...marked));
      });
  const fold = element('details', { class: 'prompts' }, element('summary', {}, title), ...parts);
  fold.open = !same;
  return fold;
}

function card(sample: Sample, text: Text): HTMLElement {
  const rules = Object.entries(sample.rules).map(([name, { score }]) =>
    element(
      'span',
      { class: 'chip', 'data-sign': score > 0 ? 'up' : score < 0 ? 'down' : 'flat' },
      `${name} ${scoreText(score)}`,
    ),
  );
  const reward = sample.reward === null ? text.invalid(sample.invalid?.cause ?? '') : scoreText(sample.reward);
  return element(
    'article',
    { class: 'answer-card' },
    element('header', {}, element('b', { class: 'reward' }, reward), ...rules),
    element('pre', {}, sample.response === '' ? text.emptyResponse : sample.response),
  );
}
