// A built-in watch over a run's steps.

import type { MetricsLine } from '../run/format.ts';
import type { Shown } from './alarm_evidence.ts';

export type Values = MetricsLine['values'];

export interface Alarm {
  name: string;
  /** The condition, as a watch would be written. */
  condition: string;
  forSteps: number;
  /** Looked at only after this step. */
  afterStep: number;
  /** What is measured at a step, and whether it is a sign; `start`: the run's first steps, `before`: its last ones. */
  look: (
    values: Values,
    start: readonly Values[],
    before: readonly Values[],
  ) => { value: number; isSign: boolean } | null;
  /** Where to look. */
  says: (value: number) => string;
  /** How much a response shows it; those above 0 are the evidence, the highest first. */
  shows: (shown: Shown) => number;
}
