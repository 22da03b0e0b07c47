// The rules that make a reward of what was read, and how they add up. Part of the specification.

import type { Expression } from './expression.ts';
import type { Place } from './place.ts';

export interface Rule {
  name: string;
  /** What the model reads as the rule's name. */
  title: string;
  doc: string;
  cases: Case[];
  weight: Weight;
  /** `metric` in place of a weight: measured and shown in panels, weight 0, and not told to the model. */
  isMetric: boolean;
  place: Place;
}

/** A number, or `0 -> 1 over 100 steps`: on a straight line from the first step to `steps`, then `to`. */
export type Weight = number | { from: number; to: number; steps: number };

/** How the rules' scores, each times its weight, make the reward. In the expression a rule's name is score times weight. */
export type Total = { kind: 'sum' } | { kind: 'product' } | { kind: 'expression'; expression: Expression };

/** Cases are tried from the top; the first whose condition holds gives the score. `when: null` is `otherwise`. */
export interface Case {
  when: Expression | null;
  score: Expression;
  /** What the model reads for this case; null: the model is not told. */
  text: string | null;
  place: Place;
}
