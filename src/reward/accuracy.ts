// How good a set of responses is: the share that earns full marks, with its Wilson interval, and the shares that the
// best constant answer and guessing by chance would get on the same rows, which is what a policy that has learnt nothing about the question
// can reach (reference: Wilson 1927; Knights and Knaves puzzles have 2^n solutions, but not equally often).

import { rewardRanges } from '../spec/ranges.ts';
import { rewardColumns } from '../spec/reward_columns.ts';
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
 * Share of rows whose answer is the most frequent one. An answer is what the secret columns hold that the rules read; a
 * record counts by its values in the order of a column that lists its names, and rows with different numbers of names
 * have their own constant answer. Null where the rules read nothing secret, or some row lacks it.
 */
export function constantBaseline(
  spec: Pick<Specification, 'task' | 'captures' | 'rules'>,
  rows: readonly Row[],
): number | null {
  const read = rewardColumns(spec);
  const secrets = spec.task.columns.filter(({ name, secret }) => secret && read.includes(name));
  if (rows.length === 0 || secrets.length === 0) return null;
  const byLength = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const answers = secrets.map(({ name }) => answerOf(row, name));
    if (answers.includes(null)) return null;
    const lengths = JSON.stringify(answers.map((answer) => answer?.names ?? null));
    const counts = byLength.get(lengths) ?? new Map<string, number>();
    const key = JSON.stringify(answers.map((answer) => answer?.value));
    counts.set(key, (counts.get(key) ?? 0) + 1);
    byLength.set(lengths, counts);
  }
  const hits = [...byLength.values()].map((counts) => [...counts.values()].reduce((a, b) => Math.max(a, b), 0));
  return hits.reduce((sum, count) => sum + count, 0) / rows.length;
}

/**
 * The mean probability that an answer drawn by chance among the possible ones is right. What is possible is read off the
 * row: a truth value, one of the items of a column that lists them, one of the options of a `choice`; of a record over
 * listed names one of these for each name (a Knights and Knaves puzzle of n people has 2^n). Null where it is not known.
 */
export function chanceBaseline(
  spec: Pick<Specification, 'task' | 'captures' | 'rules'>,
  rows: readonly Row[],
): number | null {
  const read = rewardColumns(spec);
  const secrets = spec.task.columns.filter(({ name, secret }) => secret && read.includes(name));
  if (rows.length === 0 || secrets.length === 0) return null;
  const lists = spec.task.columns.filter(({ type, secret }) => type.kind === 'list' && !secret).map(({ name }) => name);
  const choices = spec.captures.flatMap(({ extractor }) =>
    extractor.kind === 'choice' && Array.isArray(extractor.options) ? [extractor.options] : [],
  );
  let sum = 0;
  for (const row of rows) {
    const possible = [...lists.map((name) => row[name]), ...choices].filter((list) => Array.isArray(list));
    const chances = secrets.map(({ name }) => chanceOf(row[name], possible));
    if (chances.includes(null)) return null;
    sum += chances.reduce((product: number, chance) => product * (chance ?? 0), 1);
  }
  return sum / rows.length;
}

function chanceOf(value: unknown, possible: readonly (readonly unknown[])[]): number | null {
  if (typeof value === 'boolean') return 1 / 2;
  const values = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : [value];
  const sets = possible.map((list) => new Set(list)).filter((set) => values.every((one) => set.has(one)));
  const smallest = Math.min(...sets.map(({ size }) => size));
  return values.length > 0 && sets.length > 0 ? (1 / smallest) ** values.length : null;
}

/** What a secret column says; of a record over listed names, its values and how many they are. */
function answerOf(row: Row, column: string): { value: unknown; names: number | null } | null {
  const value = Object.hasOwn(row, column) ? row[column] : null;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object' || Array.isArray(value)) return { value, names: null };
  const answers = new Map(Object.entries(value));
  const lists = Object.values(row).filter((other): other is unknown[] => Array.isArray(other));
  const names = lists.find((list) => list.length === answers.size && list.every((name) => answers.has(String(name))));
  return names
    ? { value: names.map((name) => answers.get(String(name))), names: names.length }
    : { value, names: null };
}
