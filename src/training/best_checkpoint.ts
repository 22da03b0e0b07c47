// Which checkpoint is the best by the plan's metric: measured on held-out rows where the plan evaluates (without
// motivation where it does so, as the paper's table 1), else as the mean over the steps since the checkpoint before.
// More is better; of equals the first stays. It follows from what is written down, so a resumed run finds the same.

import type { EventLine, MetricsLine, RunRecord } from '../run/format.ts';
import type { CheckpointRules } from '../spec/checkpoints.ts';
import { spread } from './advantages.ts';

type Metric = NonNullable<CheckpointRules['best']>;
type Measured = Pick<Extract<EventLine, { kind: 'best' }>, 'value' | 'measured'>;

/** What the metric was on held-out rows after a step; null: they have not been answered. */
export function measuredHeldOut(metric: Metric, step: number, events: readonly EventLine[]): Measured | null {
  for (const prompt of ['none', 'motivation'] as const) {
    const event = events.find((one) => one.kind === 'evaluation' && one.step === step && one.prompt === prompt);
    if (event?.kind !== 'evaluation') continue;
    return { value: event[metric], measured: prompt };
  }
  return null;
}

/** What it was in training over the `count` steps up to a step; null: in none of them. */
export function measuredInTraining(
  metric: Metric,
  step: number,
  count: number,
  lines: readonly MetricsLine[],
): Measured | null {
  const recent = lines.filter((line) => line.step <= step && line.step > step - count);
  const values = recent.flatMap(({ values }) => values[metric] ?? []);
  return values.length === 0 ? null : { value: spread(values).mean, measured: 'train' };
}

/** The best of a run so far, as run.json tells it; undefined: there is none. */
export function bestIn(events: readonly EventLine[]): RunRecord['best'] {
  const best = events.filter((event) => event.kind === 'best').at(-1);
  if (best === undefined) return undefined;
  const { step, folder, metric, value, measured } = best;
  return { step, folder, metric, value, measured };
}
