// What the model reads of the rules, where, and who of a group reads it. Part of the specification.

import type { Template } from './inputs.ts';
import type { Place } from './place.ts';

export interface Motivation {
  name: string;
  doc: string;
  template: Template;
  /** Names of the rules it shows, in the rules' order. */
  rules: string[];
  /** True: every number it shows is negated (the paper's adverse motivation). */
  inverted: boolean;
  /** What of each case it shows. */
  shows: 'all' | 'scores' | 'criteria';
  placement: Placement;
  visibility: Visibility;
  place: Place;
}

/**
 * Where the motivation stands. `template`: wherever the prompt has `{motivation}`. `system`, `user`: at `{motivation}`
 * of that message only, or at its end where it has none. `before`, `after`: the user's first or last paragraph.
 */
export type Placement = 'template' | 'system' | 'user' | 'before' | 'after';

/** Who of a group reads the motivation, and when (RuscaRL, arXiv 2508.16949). */
export interface Visibility {
  /** Part of a group that reads it, 0 to 1; `graded`: sample i of G reads the first (G - i)/(G - 1) of the rules. */
  share: number | 'graded';
  /** Sigmoid over the run, λ(t) = 1 / (1 + exp(steepness · (t - middle))) with t = step / steps; null: no decay. */
  decay: { middle: number; steepness: number } | null;
  /** Under which prompt log-probabilities and update are computed. */
  update: 'with' | 'without';
}
