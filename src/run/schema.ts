// The run's files as a JSON Schema (draft 2020-12), made from the very shapes that check them (format.ts), and
// docs/run-format.schema.json, which a test holds equal to it. The specification inside run.json is left open here:
// it has a version of its own.

import { z } from 'zod';
import { ControlRequest, EventLine, MetricsLine, RolloutLine, RUN_FORMAT, RunRecord, SignOfLife } from './format.ts';
import { Holder } from './lock.ts';
import { NoteLine } from './notes.ts';
import { Ticket } from './queue.ts';

const SHAPES = {
  run: { shape: RunRecord, where: 'run.json' },
  metrics: { shape: MetricsLine, where: 'a line of metrics.jsonl' },
  rollout: { shape: RolloutLine, where: 'a line of rollouts/*.jsonl' },
  event: { shape: EventLine, where: 'a line of events.jsonl' },
  note: { shape: NoteLine, where: 'a line of notes.jsonl' },
  progress: { shape: SignOfLife, where: 'progress.json' },
  control: { shape: ControlRequest, where: 'control' },
  lock: { shape: Holder, where: 'lock' },
  ticket: { shape: Ticket, where: 'a ticket of the machine’s queue' },
} as const;

/** One definition for each kind of file; the schema itself accepts any of them. */
export function runFormatSchema(): Record<string, unknown> {
  const definitions = Object.entries(SHAPES).map(([name, { shape, where }]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(shape, { unrepresentable: 'any', io: 'input' });
    return [name, { title: where, ...schema }] as const;
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `A run of MeRF Studio on disk, format ${RUN_FORMAT}`,
    anyOf: definitions.map(([name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries(definitions),
  };
}
