// What a demonstration found, in numbers and in plain sentences: held-out accuracy before and after, arm against arm.
// Two arms answer the same rows, so their difference is taken row by row; its interval covers the choice of test rows,
// not the luck of one seed, and the sentences say so.

import { spread } from '../../training/advantages.ts';

export interface Accuracy {
  share: number;
  interval: readonly [number, number];
  rows: number;
}

export interface ArmResult {
  arm: string;
  before: Accuracy;
  after: Accuracy;
  /** Accuracy after under the arm's own prompt, when it has a motivation. */
  afterMotivated: Accuracy | null;
  constant: number | null;
  /** Of each held-out row after the last step, without motivation: 1 right, 0 wrong. */
  right: readonly number[];
  /** Mean training reward over all steps, and of the last ten. */
  reward: { mean: number; last: number };
}

export interface Difference {
  /** b − a, in shares. */
  mean: number;
  interval: readonly [number, number];
}

/** Paired difference of two arms' rights, with its 95 % interval (normal, n ≥ 30). */
export function difference(a: readonly number[], b: readonly number[]): Difference {
  const differences = a.map((right, i) => (b[i] ?? 0) - right);
  const { mean, deviation } = spread(differences);
  const half = (1.96 * deviation) / Math.sqrt(Math.max(1, differences.length));
  return { mean, interval: [mean - half, mean + half] };
}

export function findings(results: readonly ArmResult[]): string[] {
  const lines = results.map(learned);
  const [plain, motivated] = [results.find(({ arm }) => arm === 'rlvr'), results.find(({ arm }) => arm === 'merf')];
  if (plain !== undefined && motivated !== undefined) lines.push(...compare(plain, motivated));
  return lines;
}

function learned({ arm, before, after, constant }: ArmResult): string {
  const rose = after.interval[0] > before.interval[1];
  const guess = constant ?? 0;
  const above = after.interval[0] > guess;
  const change = `${points(before.share)} → ${points(after.share)} of held-out puzzles right`;
  if (rose && above) return `${arm}: ${change}; it learned, and is above the best constant answer (${points(guess)}).`;
  if (rose) return `${arm}: ${change}; it rose, but not clearly above the best constant answer (${points(guess)}).`;
  return `${arm}: ${change}; no clear rise.`;
}

function compare(plain: ArmResult, motivated: ArmResult): string[] {
  const { mean, interval } = difference(plain.right, motivated.right);
  const range = `${signedPoints(interval[0])} to ${signedPoints(interval[1])} points`;
  const verdict =
    interval[0] > 0
      ? `MeRF is ahead of RLVR by ${signedPoints(mean)} points (${range})`
      : interval[1] < 0
        ? `MeRF loses to RLVR by ${points(-mean)} (${range})`
        : `The arms do not differ clearly: MeRF − RLVR is ${signedPoints(mean)} points (${range})`;
  const [p, m] = [plain.reward, motivated.reward];
  return [
    `${verdict}, both answering without motivation.`,
    `Mean training reward over all steps: RLVR ${p.mean.toFixed(2)}, MeRF ${m.mean.toFixed(2)}; last ten steps ${p.last.toFixed(2)} and ${m.last.toFixed(2)}.`,
    'One seed each: the interval covers the choice of puzzles, not the luck of a seed. Train more seeds before you believe a difference.',
  ];
}

export function table(results: readonly ArmResult[]): string {
  const header = ['arm', 'before', 'after', 'with motivation', 'constant'];
  const rows = results.map(({ arm, before, after, afterMotivated, constant }) => [
    arm,
    accuracyText(before),
    accuracyText(after),
    afterMotivated === null ? '–' : accuracyText(afterMotivated),
    constant === null ? '–' : points(constant),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

function accuracyText({ share, interval }: Accuracy): string {
  return `${points(share)} (${(interval[0] * 100).toFixed(1)}–${(interval[1] * 100).toFixed(1)})`;
}

function points(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function signedPoints(share: number): string {
  return `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(1)}`;
}
