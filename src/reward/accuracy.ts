// How good a set of responses is: the share that earns full marks, with its Wilson interval, and the share that the
// best constant answer would get on the same rows, which is what a policy that has learnt nothing about the question
// can reach (reference: Wilson 1927; Knights and Knaves puzzles have 2^n solutions, but not equally often).

import { rewardRanges } from '../spec/ranges.ts';
import type { Specification } from '../spec/specification.ts';
import type { Row } from './row.ts';

/** The highest total the rules allow, with their weights at a step of training; null: at the end of their schedules. */
export function fullMarks(spec: Pick<Specification, 'rules'>, step: number | null = null): number {
  return rewardRanges(spec, step).total.max;
}

/** Share of totals that are full marks; 0 of none. */
export function accuracy(
  spec: Pick<Specification, 'rules'>,
  totals: readonly number[],
  step: number | null = null,
): number {
  const full = fullMarks(spec, step);
  return totals.length === 0 ? 0 : totals.filter((total) => total >= full).length / totals.length;
}

/** 95 % Wilson score interval of a share observed on `count` independent responses. */
export function wilsonInterval(share: number, count: number): [number, number] {
  if (count === 0) return [0, 1];
  const z = 1.959963984540054;
  const denominator = 1 + (z * z) / count;
  const centre = (share + (z * z) / (2 * count)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * Share of rows whose solution is the most frequent one, read in the order of `names`; rows with different numbers of
 * people have their own constant answer. Null where a row has no `names` or no `solution` of them.
 */
export function constantBaseline(rows: readonly Row[]): number | null {
  const byLength = new Map<number, Map<string, number>>();
  for (const row of rows) {
    const answer = positionalSolution(row);
    if (answer === null) return null;
    const counts = byLength.get(answer.length) ?? new Map<string, number>();
    const key = JSON.stringify(answer);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    byLength.set(answer.length, counts);
  }
  if (rows.length === 0) return null;
  const hits = [...byLength.values()].map((counts) => Math.max(...counts.values()));
  return hits.reduce((sum, count) => sum + count, 0) / rows.length;
}

function positionalSolution({ names, solution }: Row): unknown[] | null {
  if (!Array.isArray(names) || typeof solution !== 'object' || solution === null) return null;
  const answers = new Map(Object.entries(solution));
  return names.every((name) => answers.has(name)) ? names.map((name) => answers.get(name)) : null;
}
