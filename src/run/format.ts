// The run on disk, version 1: the shapes of its files, checked wherever a line is read.
//
//   <id>/run.json                      what was asked for and how it stands; replaced whole
//   <id>/metrics.jsonl                 one line a step; append-only
//   <id>/rollouts/step-000120.jsonl    one line a response of that step; replaced whole
//   <id>/rollouts/eval-000120-<arm prompt>.jsonl   the same for held-out rows
//   <id>/events.jsonl                  alerts, evaluations, checkpoints, restarts; append-only
//   <id>/checkpoints/step-000120/      a model folder in Hugging Face layout, and trainer.json + optimizer.safetensors
//   <id>/progress.json                 what the process does inside its step; replaced at most once a second
//   <id>/log.txt                       the process's output
//   <id>/control                       a request from outside, for example {"command":"stop"}; removed when obeyed
//
// Metric names follow TRL's where it has one.

import { z } from 'zod';
import type { Specification } from '../spec/specification.ts';

export const RUN_FORMAT = 1;

export const RunStatus = z.enum([
  'queued',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
]);
export type RunStatus = z.infer<typeof RunStatus>;

/** A process writes the run. */
export function isActive(status: RunStatus): boolean {
  return (
    status === 'queued' || status === 'starting' || status === 'running' || status === 'paused' || status === 'stopping'
  );
}

/** What a specification must have to be taken for one; its parts were checked when the .merf file was. */
const SpecificationOutline = z.looseObject({
  format: z.literal(1),
  name: z.string(),
  task: z.looseObject({ name: z.string(), columns: z.array(z.unknown()) }),
  prompt: z.looseObject({}),
  captures: z.array(z.unknown()),
  rules: z.array(z.looseObject({ name: z.string(), cases: z.array(z.unknown()) })),
  motivations: z.array(z.unknown()),
  arms: z.array(z.looseObject({ name: z.string(), train: z.looseObject({}) })),
  watches: z.array(z.unknown()),
});

/** Of which checkpoint the metric was the best so far, and where it was measured: held out under a prompt, or in training. */
const Best = {
  /** Relative to the run. */
  folder: z.string(),
  metric: z.string(),
  value: z.number(),
  measured: z.enum(['none', 'motivation', 'train']),
};

export const RunRecord = z.object({
  format: z.literal(RUN_FORMAT),
  id: z.string(),
  experiment: z.string(),
  arm: z.string(),
  seed: z.number(),
  /** The stage this run is; left out: the run itself, which its stages come before. */
  stage: z.string().optional(),
  /** The first run of those that one command trains one after the other (its stages and the run itself). */
  series: z.string().optional(),
  /** Of a run that another program trained: its format, and the folder it was imported from. */
  source: z.object({ format: z.enum(['tensorboard', 'trl', 'verl']), path: z.string() }).optional(),
  /** How a stage's gate was found at its end. */
  gate: z.enum(['open', 'closed']).optional(),
  /** The `.merf` file, relative to the folder that holds `.merf/`, or absolute when it is outside. */
  file: z.string(),
  specification: z.custom<Specification>((value) => SpecificationOutline.safeParse(value).success),
  /** The data file that the rows are from: SHA-256 of its bytes. Left out: the task makes its rows. */
  data: z.object({ hash: z.string() }).optional(),
  model: z.object({ name: z.string(), hash: z.string(), parameters: z.number() }),
  engine: z.object({ name: z.string(), version: z.string(), threads: z.number() }),
  versions: z.record(z.string(), z.string()),
  status: RunStatus,
  /** Steps done, and steps planned. */
  step: z.number(),
  steps: z.number(),
  /** Milliseconds since 1970. */
  created: z.number(),
  updated: z.number(),
  /** Seconds of training, evaluation included, over all restarts. */
  trainedSeconds: z.number(),
  /** The process that writes the run while its status is starting, running, paused or stopping. */
  pid: z.number().nullable(),
  /** The best checkpoint by the plan's metric; left out: there is none yet, or the plan asks for none. */
  best: z.object({ step: z.number(), ...Best }).optional(),
  /** Why it failed, stopped early or waits, for the person; null otherwise. */
  reason: z.string().nullable(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** One step. Values are finite numbers by metric name; `step` counts from 1, `time` is seconds of training so far. */
export const MetricsLine = z.object({
  step: z.number(),
  time: z.number(),
  values: z.record(z.string(), z.number()),
});
export type MetricsLine = z.infer<typeof MetricsLine>;

/** How one rule judged a response. `case` is the index of the case that fired; a score is before the weight. */
export const RuleResult = z.object({
  case: z.number(),
  score: z.number(),
  weight: z.number(),
  /** Seconds that its verifiers and judges took; left out where it asked none. */
  time: z.number().optional(),
  /** Why one of them had no answer. */
  error: z.string().optional(),
  /** The captures that the fired case read, where they stand in the response (UTF-16 units); left out: not written. */
  evidence: z.array(z.object({ capture: z.string(), start: z.number(), end: z.number() })).optional(),
});
export type RuleResult = z.infer<typeof RuleResult>;

export const RolloutLine = z.object({
  step: z.number(),
  /** Which prompt of the step (0-based), and which of its group's responses. */
  prompt_index: z.number(),
  sample: z.number(),
  /** The task row: which split, and its index in it. */
  split: z.enum(['train', 'test']),
  row_index: z.number(),
  row: z.record(z.string(), z.unknown()),
  prompt: z.string(),
  /** Names of the rules that the prompt's motivation showed; null: the prompt had none. */
  shown_rules: z.array(z.string()).nullable().optional(),
  response: z.string(),
  /** What the captures found; null where one is none. */
  captures: z.record(z.string(), z.unknown()),
  rules: z.record(z.string(), RuleResult),
  /** What verifiers and judges answered, by name; left out: none was, or one gave several answers. */
  answers: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])).optional(),
  /** null: the sample is invalid. */
  reward: z.number().nullable(),
  /** The verifier or judge that gave no usable answer; such a sample is left out of its group. */
  invalid: z.object({ name: z.string(), cause: z.string(), message: z.string() }).optional(),
  /** null for held-out rows, which have no group, and for invalid samples. */
  advantage: z.number().nullable(),
  finish_reason: z.enum(['stop', 'length']),
  token_ids: z.array(z.number()),
  token_texts: z.array(z.string()),
  log_probabilities: z.array(z.number()),
  entropies: z.array(z.number()),
});
export type RolloutLine = z.infer<typeof RolloutLine>;

const at = { step: z.number(), time: z.number() };
export const EventLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), ...at, pid: z.number(), resumed: z.boolean() }),
  z.object({
    kind: z.literal('evaluation'),
    ...at,
    /** Under which prompt: with the arm's motivation or without any. */
    prompt: z.enum(['motivation', 'none']),
    rows: z.number(),
    /** Rows that a verifier or judge could not answer for, which the other numbers leave out; left out: none. */
    invalid: z.number().optional(),
    /** Distinct statement structures (or other grouping) among them. */
    structures: z.number(),
    /** Share of rows with the highest total the rules allow. */
    accuracy: z.number(),
    /** 95 % Wilson interval of the accuracy. */
    interval: z.tuple([z.number(), z.number()]),
    reward: z.number(),
    /** Share of rows in which each rule gave its best score. */
    best: z.record(z.string(), z.number()),
    /** Accuracy of the best constant answer on these rows; null where the task has none. */
    constant: z.number().nullable(),
    /** Accuracy of an answer drawn by chance among the possible ones; null where they are not known. */
    chance: z.number().nullable().optional(),
    /** Answers to each row, and how often one of k is right, with its 95 % interval; left out: one answer. */
    samples: z.number().optional(),
    pass_at: z
      .array(z.object({ k: z.number(), share: z.number(), interval: z.tuple([z.number(), z.number()]) }))
      .optional(),
  }),
  z.object({
    kind: z.literal('gate'),
    ...at,
    open: z.boolean(),
    /** Each condition as written, the values of its metric in the last steps, and whether it held. */
    conditions: z.array(z.object({ text: z.string(), values: z.array(z.number()), holds: z.boolean() })),
  }),
  z.object({ kind: z.literal('checkpoint'), ...at, folder: z.string() }),
  z.object({ kind: z.literal('best'), ...at, ...Best }),
  z.object({
    kind: z.literal('alert'),
    ...at,
    /** As written, or the condition of a built-in one. */
    watch: z.string(),
    value: z.number(),
    stops: z.boolean(),
    /** Of a built-in watch: its name, whether it is serious, the rule it is about. Its words are alarm_words.ts. */
    alarm: z.string().optional(),
    level: z.enum(['warn', 'alarm']).optional(),
    rule: z.string().optional(),
    /** The responses of the step that show it. */
    rollouts: z.array(z.object({ prompt_index: z.number(), sample: z.number() })).optional(),
    /** Where they are held-out ones: under which prompt. */
    set: z.enum(['motivation', 'none']).optional(),
  }),
  z.object({
    kind: z.literal('paused'),
    ...at,
    /** Why, where nobody asked for it: a full disk. */
    reason: z.string().optional(),
  }),
  z.object({ kind: z.literal('continued'), ...at }),
  z.object({ kind: z.literal('ended'), ...at, status: RunStatus, reason: z.string().nullable() }),
]);
export type EventLine = z.infer<typeof EventLine>;

/** What the training process does: replaced at most once a second, as the work goes on. */
export const SignOfLife = z.object({
  /** The step it works on; of an evaluation or a checkpoint the step it comes after. */
  step: z.number(),
  phase: z.enum(['generate', 'score', 'update', 'evaluate', 'checkpoint']),
  /** Responses, micro-batches or files; `of` is 0 where it is not known. */
  done: z.number(),
  of: z.number(),
  /** When this was: milliseconds since 1970. */
  time: z.number(),
  /** Seconds of the longest time without a sign so far. */
  silence: z.number(),
  /** Seconds of the whole run; null: not known yet. */
  secondsLeft: z.number().nullable(),
});
export type SignOfLife = z.infer<typeof SignOfLife>;

/** A request to the training process, written whole into `control`. */
export const ControlRequest = z.object({ command: z.enum(['stop', 'pause', 'continue']) });
export type ControlRequest = z.infer<typeof ControlRequest>;
