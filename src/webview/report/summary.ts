// What the runs of a report found, as rows and as sentences that claim no more than the intervals carry: a run rose
// when its last interval lies above its first, two runs differ when their last intervals do not overlap. Pure.

import { intervalText, shareText } from '../../run/number_text.ts';
import { type EvaluationLine, evaluationsOf, type RunView } from '../../run/view.ts';
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
    const label = severalSeeds ? `${arm} · ${text.seed(seed)}` : arm;
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
  const found: string[] = [];
  for (const { label, before, after } of own) {
    if (before === after) continue;
    found.push(after.interval[0] > before.interval[1] ? text.findingRose(label) : text.findingFlat(label));
    if (after.constant !== null && after.interval[0] <= after.constant) found.push(text.findingGuess(label));
  }
  own.forEach((a, index) => {
    for (const b of own.slice(index + 1)) {
      if (a.run.record.seed !== b.run.record.seed || a.run.record.arm === b.run.record.arm) continue;
      if (a.before === a.after || b.before === b.after) continue;
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

/** `+36.0 points`-style change of a share, without the word. */
export function changeText({ before, after }: SummaryRow): string {
  const change = after.accuracy - before.accuracy;
  return `${change < 0 ? '−' : '+'}${shareText(Math.abs(change))}`;
}
