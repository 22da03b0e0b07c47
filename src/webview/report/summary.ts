// What the runs of a report found, as rows and as sentences that claim no more than the intervals carry: a run rose
// when its last interval lies above its first, two runs differ when their last intervals do not overlap. Pure.

import { intervalText } from '../../run/number_text.ts';
import { armLabel, type EvaluationLine, evaluationsOf, type RunView } from '../../run/view.ts';
import type { Text } from '../text.ts';

export interface SummaryRow {
  run: RunView;
  label: string;
  prompt: EvaluationLine['prompt'];
  /** True: the prompt the run was trained under. */
  own: boolean;
  before: EvaluationLine;
  after: EvaluationLine;
}

/** One row for each run and prompt it was evaluated under, the prompt it was trained under first. */
export function summaryRows(runs: readonly RunView[], text: Text): SummaryRow[] {
  const severalSeeds = new Set(runs.map((run) => run.record.seed)).size > 1;
  return runs.flatMap((run) => {
    const { arm, seed } = run.record;
    const name = armLabel(run.record);
    const label = severalSeeds ? `${name} · ${text.seed(seed)}` : name;
    const trainedWith = run.record.specification.arms.find(({ name }) => name === arm)?.motivation != null;
    const prompts: EvaluationLine['prompt'][] = trainedWith ? ['motivation', 'none'] : ['none', 'motivation'];
    return prompts.flatMap((prompt, index): SummaryRow[] => {
      const points = evaluationsOf(run.events, prompt);
      const [before, after] = [points[0], points.at(-1)];
      return before && after ? [{ run, label, prompt, own: index === 0, before, after }] : [];
    });
  });
}

/** The findings as sentences, of the prompts the runs were trained under. */
export function findings(rows: readonly SummaryRow[], text: Text): string[] {
  const own = rows.filter((row) => row.own);
  const trained = own.filter(({ before, after }) => before !== after);
  const named = (chosen: SummaryRow[], say: (names: string) => string) =>
    chosen.length > 0 ? [say(chosen.map((row) => row.label).join(', '))] : [];
  const rose = ({ before, after }: SummaryRow) => after.interval[0] > before.interval[1];
  const guesses = trained.filter(({ after }) => after.constant !== null && after.interval[0] <= after.constant);
  const found = [
    ...named(trained.filter(rose), text.findingRose),
    ...named(
      trained.filter((row) => !rose(row)),
      text.findingFlat,
    ),
    ...named(guesses, text.findingGuess),
  ];
  trained.forEach((a, index) => {
    for (const b of trained.slice(index + 1)) {
      if (a.run.record.seed !== b.run.record.seed || armLabel(a.run.record) === armLabel(b.run.record)) continue;
      if (a.after.interval[0] > b.after.interval[1]) found.push(text.findingClear(a.label, b.label));
      else if (b.after.interval[0] > a.after.interval[1]) found.push(text.findingClear(b.label, a.label));
      else found.push(text.findingUnclear(a.label, b.label));
    }
  });
  return found;
}

/** `13.0% [9.7, 17.3]`. */
export function resultText(evaluation: EvaluationLine): string {
  return intervalText(evaluation.accuracy, evaluation.interval);
}

/** `pass@4 61.2% [55.0, 67.1]` of each k above 1; none where every row was answered once. */
export function passTexts({ pass_at = [] }: EvaluationLine): string[] {
  return pass_at.flatMap(({ k, share, interval }) => (k > 1 ? [`pass@${k} ${intervalText(share, interval)}`] : []));
}

/** The change in percentage points: `+36.0`. */
export function changeText({ before, after }: SummaryRow): string {
  const change = after.accuracy - before.accuracy;
  return `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(1)}`;
}
