// What a demonstration found, in numbers and in plain sentences: held-out accuracy before and after, arm against arm.
// Two arms answer the same rows, so their difference is taken row by row; its interval covers the choice of test rows,
// not the luck of one seed, and the sentences say so.

import { spread } from '../../training/advantages.ts';

export interface Accuracy {
  share: number;
  interval: readonly [number, number];
  rows: number;
}

/** Held-out answers under one prompt. */
export interface Answered {
  before: Accuracy;
  after: Accuracy;
  /** Of each row after the last step: 1 right, 0 wrong. */
  right: readonly number[];
}

export interface ArmResult {
  arm: string;
  /** Under the prompt the arm trained with; `plain` is the same where that has no motivation. */
  own: Answered;
  /** Without any motivation. */
  plain: Answered;
  constant: number | null;
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

function learned({ arm, own, plain, constant }: ArmResult): string {
  const guess = constant ?? 0;
  const { before, after } = own;
  const rose = after.interval[0] > before.interval[1];
  const change = `${arm}: ${points(before.share)} → ${points(after.share)} of held-out puzzles right`;
  const without =
    own === plain ? '' : ` Without the motivation: ${points(plain.before.share)} → ${points(plain.after.share)}.`;
  if (!rose) return `${change}; no clear rise.${without}`;
  if (after.interval[0] > guess) {
    return `${change}; it learned, and is above the best constant answer (${points(guess)}).${without}`;
  }
  return `${change}; it rose, but not clearly above the best constant answer (${points(guess)}).${without}`;
}

function compare(rlvr: ArmResult, merf: ArmResult): string[] {
  const [p, m] = [rlvr.reward, merf.reward];
  return [
    `${verdict(rlvr.own.right, merf.own.right)}, each under the prompt it trained with.`,
    `${verdict(rlvr.plain.right, merf.plain.right)}, both answering without motivation.`,
    `Before training the two prompts stood at ${points(rlvr.own.before.share)} and ${points(merf.own.before.share)}: the bundled model was taught to read rules.`,
    `Mean training reward over all steps: RLVR ${p.mean.toFixed(2)}, MeRF ${m.mean.toFixed(2)}; last ten steps ${p.last.toFixed(2)} and ${m.last.toFixed(2)}.`,
    'One seed each: the interval covers the choice of puzzles, not the luck of a seed. Train more seeds before you believe a difference.',
  ];
}

function verdict(rlvr: readonly number[], merf: readonly number[]): string {
  const { mean, interval } = difference(rlvr, merf);
  const range = `${signedPoints(interval[0])} to ${signedPoints(interval[1])} points`;
  if (interval[0] > 0) return `MeRF is ahead of RLVR by ${signedPoints(mean)} points (${range})`;
  if (interval[1] < 0) return `MeRF loses to RLVR by ${(-mean * 100).toFixed(1)} points (${range})`;
  return `The arms do not differ clearly: MeRF − RLVR is ${signedPoints(mean)} points (${range})`;
}

export function table(results: readonly ArmResult[]): string {
  const header = ['arm', 'answering', 'before', 'after', 'best constant'];
  const row = (result: ArmResult, how: string, { before, after }: Answered) => [
    result.arm,
    how,
    accuracyText(before),
    accuracyText(after),
    result.constant === null ? '–' : points(result.constant),
  ];
  const rows = results.flatMap((result) => [
    ...(result.own === result.plain ? [] : [row(result, 'with motivation', result.own)]),
    row(result, 'without', result.plain),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((cells) => cells[i]?.length ?? 0)));
  return [header, ...rows]
    .map((cells) =>
      cells
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
