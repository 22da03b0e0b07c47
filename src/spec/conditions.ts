// What a run's metrics are held to: watches while it trains, and the gates of its stages. Part of the specification.

import type { Place } from './place.ts';
import type { TrainPlan } from './plan.ts';

/** `stage pilot { steps 30  pass when accuracy > 5% }`: a run of its own before the real one, which needs its gate open. */
export interface Stage {
  name: string;
  doc: string;
  /** What replaces the arm's plan. */
  settings: Partial<TrainPlan>;
  /** All must hold at the stage's end. */
  passes: Gate[];
  place: Place;
}

/** `alert when truncated > 15% for 5 steps`, `stop when kl > 2.0 for 10 steps`, `… after 50 steps`. */
export interface Watch extends Gate {
  action: 'alert' | 'stop';
  /** The condition is looked at only after this step. */
  afterStep: number;
}

/** A condition over a metric. */
export interface Gate {
  metric: WatchMetric;
  comparison: '>' | '>=' | '<' | '<=';
  threshold: number;
  /** How many steps in a row the condition must hold; of a stage's gate, its last ones. */
  forSteps: number;
  /** As written, for the message. */
  text: string;
  place: Place;
}

export type WatchMetric =
  /** A metric of the run by its name in metrics.jsonl, for example `kl` or `completions/clipped_ratio`. */
  | { kind: 'metric'; name: string }
  /** `share(rule)`: the rule's part of the groups' reward variance, 0 to 1. */
  | { kind: 'share'; rule: string };
