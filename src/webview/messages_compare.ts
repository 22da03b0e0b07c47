// What the compare panel and the extension host say to each other (as in messages.ts).

import { z } from 'zod';
import { EventLine, MetricsLine, RunRecord } from '../run/format.ts';
import { RolloutSet, RunView, Sample } from '../run/view.ts';
import { Language, RunStep } from './messages.ts';

/** A row of the task: its split and its place in it. */
export const TaskRow = z.object({ split: z.enum(['train', 'test']), index: z.number().int().min(0) });
export type TaskRow = z.infer<typeof TaskRow>;

/** What survives a reload of the window, and what a link carries. */
export const CompareState = z.object({
  folder: z.string(),
  folders: z.array(z.string()).default([]),
  set: RolloutSet.nullable().default(null),
  row: TaskRow.nullable().default(null),
  /** Also the settings that are the same. */
  all: z.boolean().default(false),
});
export type CompareState = z.infer<typeof CompareState>;

export const ToCompare = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('runs'),
    language: Language,
    runs: z.array(RunView),
    /** Of each run the rollouts it has. */
    sets: z.array(z.array(RolloutSet)),
    state: CompareState.optional(),
  }),
  /** What is new in a run that goes on. */
  z.object({
    kind: z.literal('more'),
    folder: z.string(),
    record: RunRecord,
    metrics: z.array(MetricsLine),
    events: z.array(EventLine),
    sets: z.array(RolloutSet),
  }),
  /** Answers `load`: the rows that all of the runs answered, and the responses to one of them. */
  z.object({
    kind: z.literal('rollouts'),
    set: RolloutSet,
    rows: z.array(TaskRow),
    row: TaskRow.nullable(),
    columns: z.array(z.object({ folder: z.string(), set: RolloutSet.nullable(), samples: z.array(Sample) })),
  }),
  /** The step that the other panels show. */
  z.object({ kind: z.literal('step'), step: z.number() }),
  z.object({ kind: z.literal('giveLink') }),
  z.object({ kind: z.literal('error'), text: z.string() }),
]);
export type ToCompare = z.infer<typeof ToCompare>;

export const FromCompare = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** `row` null: the first that all have. */
  z.object({ kind: z.literal('load'), folders: z.array(z.string()), set: RolloutSet, row: TaskRow.nullable() }),
  z.object({ kind: z.literal('openRollouts'), folder: z.string(), set: RolloutSet }),
  z.object({ kind: z.literal('openCurves'), folder: z.string() }),
  /** The step that every panel shall show. */
  z.object({ kind: z.literal('step'), at: RunStep }),
  z.object({ kind: z.literal('copyLink'), state: CompareState }),
]);
export type FromCompare = z.infer<typeof FromCompare>;
