// A checked specification as plain data (JSON): what every part except language/ reads. Nothing here refers to
// syntax, files or models; a run keeps a snapshot of it, so it must stay readable by later versions (`format`).

import type { Expression, ValueType } from './expression.ts';

export interface Specification {
  format: 1;
  /** The experiment's name, as written after `experiment`. */
  name: string;
  /** The file's `///` comment before `experiment`, or ''. */
  doc: string;
  task: Task;
  prompt: Prompt;
  captures: Capture[];
  /** In the order of the file; a rule may read only the rules before it. */
  rules: Rule[];
  motivations: Motivation[];
  arms: Arm[];
  train: TrainPlan;
  watches: Watch[];
  examples: Example[];
}

/** A place in the source file; lines and columns count from 0, as in the Language Server Protocol. */
export interface Place {
  line: number;
  column: number;
}

// ---------------------------------------------------------------- task and prompt

export interface Task {
  name: string;
  /** Arguments as written: `knights_and_knaves(people: 3..7, train: 4500)`; a range is {from, to}, both inclusive. */
  arguments: Record<string, number | string | boolean | { from: number; to: number }>;
  columns: Column[];
}

export interface Column {
  name: string;
  type: ValueType;
  /** A secret column may be used in rewards, never in a prompt, a motivation or an example's text. */
  secret: boolean;
  doc: string;
}

export interface Prompt {
  system: Template | null;
  user: Template;
}

/** Text with holes. A line of which only an empty motivation remains is dropped when it is rendered. */
export type Template = TemplatePart[];

export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'column'; name: string }
  /** In a prompt: where the arm's motivation goes. */
  | { kind: 'motivation' }
  /** In a motivation: the rules' rendered wording and scores. */
  | { kind: 'rules' }
  /** In a motivation: the least and the most that the shown rules can add up to. */
  | { kind: 'rewardMin' }
  | { kind: 'rewardMax' };

// ---------------------------------------------------------------- response, rules

/** A named part of the response, found by one of the extractors; `none` when it is not there. */
export interface Capture {
  name: string;
  extractor: Extractor;
  place: Place;
}

export type Extractor =
  /** Text inside the last `<tag>…</tag>`. */
  | { kind: 'tag'; tag: string }
  /** Name-to-value pairs found by a pattern with two holes in the text of another capture (see reward/assignments.ts). */
  | { kind: 'assignments'; from: string; pattern: string };

export interface Rule {
  name: string;
  /** What the model reads as the rule's name. */
  title: string;
  doc: string;
  cases: Case[];
  weight: number;
  place: Place;
}

/** Cases are tried from the top; the first whose condition holds gives the score. `when: null` is `otherwise`. */
export interface Case {
  when: Expression | null;
  score: Expression;
  /** What the model reads for this case; null: the model is not told. */
  text: string | null;
  place: Place;
}

// ---------------------------------------------------------------- motivation, arms

export interface Motivation {
  name: string;
  doc: string;
  template: Template;
  /** Names of the rules it shows, in the rules' order. */
  rules: string[];
  /** True: every number it shows is negated (the paper's adverse motivation). */
  inverted: boolean;
  place: Place;
}

export interface Arm {
  name: string;
  /** A motivation's name; null: the arm's prompt carries none (plain RLVR). */
  motivation: string | null;
  /** The plan with this arm's own settings in place. */
  train: TrainPlan;
  place: Place;
}

// ---------------------------------------------------------------- plan

export interface TrainPlan {
  /** `bundled:tiny`, a folder, or a hub id. */
  model: string;
  algorithm: 'grpo';
  steps: number;
  /** Prompts per step. */
  prompts: number;
  /** Responses per prompt. */
  group: number;
  /** Most tokens of a response. */
  maxResponse: number;
  learningRate: number;
  /** Clip range of the probability ratio: [1 - clip, 1 + clip]. */
  clip: number;
  /** Coefficient of the k3 estimate of KL(policy || reference); 0: no reference model. */
  kl: number;
  temperature: number;
  /** null: full fine-tuning. */
  lora: { rank: number } | null;
  seeds: number[];
  evaluate: Evaluation | null;
}

export interface Evaluation {
  everySteps: number;
  /** Under which prompts held-out rows are answered. */
  withMotivation: boolean;
  withoutMotivation: boolean;
}

// ---------------------------------------------------------------- watches, examples

/** `alert when truncated > 15% for 5 steps`, `stop when kl > 2.0 for 10 steps`, `… after 50 steps`. */
export interface Watch {
  action: 'alert' | 'stop';
  metric: WatchMetric;
  comparison: '>' | '>=' | '<' | '<=';
  threshold: number;
  /** How many steps in a row the condition must hold. */
  forSteps: number;
  /** The condition is looked at only after this step. */
  afterStep: number;
  /** As written, for the message. */
  text: string;
  place: Place;
}

export type WatchMetric =
  /** A metric of the run by its name in metrics.jsonl, for example `kl` or `completions/clipped_ratio`. */
  | { kind: 'metric'; name: string }
  /** `share(rule)`: the rule's part of the groups' reward variance, 0 to 1. */
  | { kind: 'share'; rule: string };

export interface Example {
  name: string;
  row: Record<string, unknown>;
  response: string;
  /** Expected total; null: not stated. */
  reward: number | null;
  /** Expected score per rule. */
  rules: Record<string, number>;
  place: Place;
}
