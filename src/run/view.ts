// A run as the panels and the report draw it: the record with its lines, and rollouts without their tokens, which
// are long and fetched only where they are shown. Pure shapes and functions; reading from disk is read.ts and follow.ts.

import { z } from 'zod';
import { EventLine, MetricsLine, RolloutLine, RunRecord } from './format.ts';

/** Everything the curves need of one run; `folder` names it. */
export const RunView = z.object({
  folder: z.string(),
  record: RunRecord,
  metrics: z.array(MetricsLine),
  events: z.array(EventLine),
  /** Every metric that it has, where its lines hold only some, and only as many points as a chart shows. */
  names: z.array(z.string()).optional(),
});
export type RunView = z.infer<typeof RunView>;

/** One file of rollouts: a training step's, or a held-out evaluation's with the arm's motivation or without any. */
export const RolloutSet = z.object({ kind: z.enum(['train', 'motivation', 'none']), step: z.number() });
export type RolloutSet = z.infer<typeof RolloutSet>;

/** Tokens of one response: their texts, log-probabilities (nats) and entropies (nats), equally long. */
export const SampleTokens = z.object({
  texts: z.array(z.string()),
  logProbabilities: z.array(z.number()),
  entropies: z.array(z.number()),
});
export type SampleTokens = z.infer<typeof SampleTokens>;

/** One response as it is listed; `index` is its line in the file, `length` its tokens. */
export const Sample = RolloutLine.omit({
  token_ids: true,
  token_texts: true,
  log_probabilities: true,
  entropies: true,
}).extend({ index: z.number(), length: z.number(), tokens: SampleTokens.nullable() });
export type Sample = z.infer<typeof Sample>;

/** What a report embeds: whole runs, and a bounded choice of their rollouts. */
export const ReportView = z.object({
  title: z.string(),
  language: z.enum(['en', 'ja']),
  /** Milliseconds since 1970. */
  made: z.number(),
  version: z.string(),
  runs: z.array(RunView),
  rollouts: z.array(z.object({ folder: z.string(), set: RolloutSet, samples: z.array(Sample) })),
});
export type ReportView = z.infer<typeof ReportView>;

/** The arm, and which of its stages: `merf`, `merf (pilot)`. */
export function armLabel({ arm, stage }: Pick<RunRecord, 'arm' | 'stage'>): string {
  return stage === undefined ? arm : `${arm} (${stage})`;
}

export function sameSet(a: RolloutSet, b: RolloutSet): boolean {
  return a.kind === b.kind && a.step === b.step;
}

/** A run with more lines. Lines it already has do not double: a step counts once, and so does an equal event. */
export function grown(run: RunView, more: Omit<RunView, 'folder' | 'names'>): RunView {
  const steps = new Map(run.metrics.map((line) => [line.step, line]));
  for (const line of more.metrics) {
    const values = { ...steps.get(line.step)?.values, ...line.values };
    steps.set(line.step, { ...line, values });
  }
  const events = new Map([...run.events, ...more.events].map((event) => [JSON.stringify(event), event]));
  const metrics = [...steps.values()].sort((a, b) => a.step - b.step);
  return { ...run, record: more.record, metrics, events: [...events.values()] };
}

/** Runs as they are listed: by arm in the order of the file, then by seed, then by age. */
export function inOrder<R extends { record: RunRecord }>(runs: readonly R[]): R[] {
  const arms = runs.flatMap((run) => run.record.specification.arms.map((arm) => arm.name));
  const place = ({ record }: R) => [arms.indexOf(record.arm), record.seed, record.created];
  return [...runs].sort((a, b) => {
    const [left, right] = [place(a), place(b)];
    const differing = left.findIndex((value, index) => value !== right[index]);
    return (left[differing] ?? 0) - (right[differing] ?? 0);
  });
}

/** A line of a rollouts file as a listed sample, with its tokens or without. */
export function sampleOf(line: RolloutLine, index: number, withTokens: boolean): Sample {
  const { token_ids, token_texts, log_probabilities, entropies, ...rest } = line;
  return {
    ...rest,
    index,
    length: token_ids.length,
    tokens: withTokens ? { texts: token_texts, logProbabilities: log_probabilities, entropies } : null,
  };
}

/** The held-out evaluations of a run under one prompt, in the order of their steps; the last of a step counts. */
export type EvaluationLine = Extract<EventLine, { kind: 'evaluation' }>;

export function evaluationsOf(events: readonly EventLine[], prompt: EvaluationLine['prompt']): EvaluationLine[] {
  const byStep = new Map<number, EvaluationLine>();
  for (const event of events) if (event.kind === 'evaluation' && event.prompt === prompt) byStep.set(event.step, event);
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** Seconds a run still needs at its mean pace of the last steps (with the evaluations between them); null: unknown. */
export function secondsLeft(
  record: Pick<RunRecord, 'step' | 'steps' | 'status'>,
  lines: readonly MetricsLine[],
): number | null {
  if (record.status !== 'running') return null;
  const last = lines.at(-1);
  const first = lines[Math.max(0, lines.length - 21)];
  if (!last || !first || last.step <= first.step) return null;
  return ((last.time - first.time) / (last.step - first.step)) * Math.max(0, record.steps - last.step);
}
