// A checked specification as plain data (JSON): what every part except language/ reads. Nothing here refers to
// syntax, files or models; a run keeps a snapshot of it, so it must stay readable by later versions (`format`). Its parts have
// files of their own, and are known by this one.

import type { Stage, Watch } from './conditions.ts';
import type { Prompt, Task } from './inputs.ts';
import type { Motivation } from './motivation.ts';
import type { Place } from './place.ts';
import type { TrainPlan } from './plan.ts';
import type { Capture, Judge, Verifier } from './reading.ts';
import type { Rule, Total } from './rule.ts';

export type * from './conditions.ts';
export type * from './inputs.ts';
export type * from './motivation.ts';
export type * from './place.ts';
export type * from './plan.ts';
export type * from './reading.ts';
export type * from './rule.ts';

export interface Specification {
  format: 1;
  /** The experiment's name, as written after `experiment`. */
  name: string;
  /** The file's `///` comment before `experiment`, or ''. */
  doc: string;
  /** Files whose captures, rules, verifiers, judges and motivations stand before this file's own; paths as written. */
  imports: string[];
  task: Task;
  prompt: Prompt;
  captures: Capture[];
  verifiers: Verifier[];
  judges: Judge[];
  /** In the order of the file; a rule may read only the rules before it. */
  rules: Rule[];
  total: Total;
  motivations: Motivation[];
  arms: Arm[];
  train: TrainPlan;
  /** Small runs before the real one, in the order of the file. */
  stages: Stage[];
  watches: Watch[];
  examples: Example[];
}

export interface Arm {
  name: string;
  /** A motivation's name; null: the arm's prompt carries none (plain RLVR). */
  motivation: string | null;
  /** The plan with this arm's own settings in place. */
  train: TrainPlan;
  place: Place;
}

export interface Example {
  name: string;
  row: Record<string, unknown>;
  response: string;
  /** Length of the response; null: not stated, and conditions over it do not hold. */
  tokens: number | null;
  /** False: as if cut at the limit. */
  finished: boolean;
  /** What verifiers and judges answer in this example instead of being asked, by name. */
  given: Record<string, boolean | number | string>;
  /** Expected total; null: not stated. */
  reward: number | null;
  /** Expected score per rule. */
  rules: Record<string, number>;
  place: Place;
}
