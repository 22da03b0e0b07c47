// What the latest run says about a rule, for hover and code lenses: how often each case gave the score, and the rule's
// mean. Where the numbers come from is not known here: whoever starts the server hands over a function.

import { between, plain, signed } from '../../spec/number_text.ts';
import { rewardRanges, scoreRange } from '../../spec/ranges.ts';
import type { Case, Rule, Specification } from '../../spec/specification.ts';

export interface RuleNumbers {
  /** How many responses each case took, by its place in the rule. */
  cases: readonly number[];
  mean: number;
  /** The rule's mean at every step. */
  curve: readonly number[];
}

export interface RunNumbers {
  folder: string;
  arm: string;
  seed: number;
  /** Steps from and to which the responses are of. */
  from: number;
  to: number;
  responses: number;
  rules: Readonly<Record<string, RuleNumbers>>;
}

/** The newest run of an experiment under these folders; null: there is none. */
export type NumbersOf = (roots: readonly string[], experiment: string) => RunNumbers | null;

export interface CaseNumbers {
  /** `+2`, or `0 to 1` where the score varies. */
  score: string;
  /** `62%` */
  share: string;
}

export interface ShownNumbers {
  cases: CaseNumbers[];
  mean: string;
  /** `▁▂▅█`; '' where there are fewer than two steps. */
  curve: string;
}

/** null: the run knows no such rule, or one with more cases than the text has now. */
export function numbersOfRule(spec: Specification, rule: Rule, run: RunNumbers): ShownNumbers | null {
  const numbers = run.rules[rule.name];
  if (!numbers || numbers.cases.length > rule.cases.length) return null;
  const ranges = new Map(Object.entries(rewardRanges(spec).rules));
  const scoreOf = ({ score }: Case): string => {
    const { min, max } = scoreRange(score, ranges);
    return min === max ? signed(min) : between(min, max);
  };
  const cases = rule.cases.map((one, i) => ({
    score: scoreOf(one),
    share: percent((numbers.cases[i] ?? 0) / run.responses),
  }));
  return { cases, mean: plain(Number(numbers.mean.toFixed(2))), curve: sparkline(numbers.curve) };
}

/** Whole percents; a case that fired at all never reads 0%, one that did not always fire never 100%. */
function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return '<1%';
  return whole === 100 && share < 1 ? '>99%' : `${whole}%`;
}

const BARS = '▁▂▃▄▅▆▇█';
const WIDTH = 12;

/** A curve in at most twelve characters, between its own least and most. */
export function sparkline(values: readonly number[]): string {
  if (values.length < 2) return '';
  const width = Math.min(WIDTH, values.length);
  const means = Array.from({ length: width }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / width), Math.floor(((i + 1) * values.length) / width));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const bar = (value: number): string =>
    BARS.charAt(most === least ? 0 : Math.round(((value - least) / (most - least)) * (BARS.length - 1)));
  return means.map(bar).join('');
}
