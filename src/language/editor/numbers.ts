// What the latest run says about a rule and its cases, for hover, lenses and whoever draws them: the share of responses
// that each case took, the rule's mean, where both are going. Where the numbers come from is not known here: whoever
// starts the server hands over functions.

import { between, plain, signed } from '../../spec/number_text.ts';
import { rewardRanges, scoreRange } from '../../spec/ranges.ts';
import type { Case, Rule, Specification } from '../../spec/specification.ts';

export interface RuleNumbers {
  /** The rule's mean at every step. */
  means: readonly number[];
  /** Of each case, by its place in the rule: the share of responses that it took, at every step. */
  shares: readonly (readonly number[])[];
}

export interface RunNumbers {
  folder: string;
  arm: string;
  seed: number;
  /** The latest step. */
  step: number;
  rules: Readonly<Record<string, RuleNumbers>>;
}

export interface SampleResponse {
  case: number;
  reward: number | null;
  response: string;
}

/** Where numbers come from. */
export interface NumbersSource {
  /** The newest run of an experiment under these folders; null: there is none. */
  latest(roots: readonly string[], experiment: string): RunNumbers | null;
  /** Responses of its latest step: at most `count` of each case of a rule, or of one case. */
  samples(run: RunNumbers, rule: string, only: number | null, count: number): readonly SampleResponse[];
}

export interface CaseNumbers {
  /** `+2`, or `0 to 1` where the score varies. */
  score: string;
  /** In the latest step: `62%` */
  share: string;
  /** At every step. */
  shares: readonly number[];
}

export interface ShownNumbers {
  cases: CaseNumbers[];
  /** In the latest step. */
  mean: string;
  trend: Trend;
  means: readonly number[];
}

export type Trend = '' | '↗' | '→' | '↘';

/** null: the run knows no such rule, or one that had other cases. */
export function numbersOfRule(spec: Specification, rule: Rule, run: RunNumbers): ShownNumbers | null {
  const numbers = run.rules[rule.name];
  const mean = numbers?.means.at(-1);
  if (!numbers || mean === undefined || numbers.shares.length !== rule.cases.length) return null;
  const ranges = new Map(Object.entries(rewardRanges(spec).rules));
  const scoreOf = ({ score }: Case): string => {
    const { min, max } = scoreRange(score, ranges);
    return min === max ? signed(min) : between(min, max);
  };
  const cases = rule.cases.map((one, i) => {
    const shares = numbers.shares[i] ?? [];
    return { score: scoreOf(one), share: percent(shares.at(-1) ?? 0), shares };
  });
  const { means } = numbers;
  return { cases, mean: plain(Number(mean.toFixed(2))), trend: trendOf(means), means };
}

const WINDOW = 10;

/**
 * Whether the last ten steps lie above or below the ten before them, by more than chance: the difference of the two
 * means against twice its standard error. A short curve is halved; one of fewer than six steps has no trend.
 */
export function trendOf(curve: readonly number[]): Trend {
  const n = Math.min(WINDOW, Math.floor(curve.length / 2));
  if (n < 3) return '';
  const [before, after] = [curve.slice(-2 * n, -n), curve.slice(-n)].map(spread);
  if (!before || !after) return '';
  const difference = after.mean - before.mean;
  const error = Math.sqrt((before.variance + after.variance) / n);
  if (Math.abs(difference) <= Math.max(2 * error, 1e-9)) return '→';
  return difference > 0 ? '↗' : '↘';
}

function spread(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}

/** Whole percents; a case that fired at all never reads 0%, one that did not always fire never 100%. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return '<1%';
  return whole === 100 && share < 1 ? '>99%' : `${whole}%`;
}

/** A curve in at most `width` points, each the mean of a part. */
export function condensed(values: readonly number[], width: number): number[] {
  const points = Math.min(width, values.length);
  return Array.from({ length: points }, (_, i) => {
    const from = Math.floor((i * values.length) / points);
    const part = values.slice(from, Math.floor(((i + 1) * values.length) / points));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

const BARS = '▁▂▃▄▅▆▇█';
const WIDTH = 12;

/** A curve in at most twelve characters, between its own least and most, or between these; '' of fewer than two steps. */
export function sparkline(values: readonly number[], between?: readonly [number, number]): string {
  if (values.length < 2) return '';
  const means = condensed(values, WIDTH);
  const [least, most] = between ?? [Math.min(...means), Math.max(...means)];
  const bar = (value: number): string =>
    BARS.charAt(most === least ? 0 : Math.round(((value - least) / (most - least)) * (BARS.length - 1)));
  return means.map(bar).join('');
}
