// docs/run-format.schema.json is what the shapes say now (ACCEPT=1 writes it), and it admits what a run writes.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { runFormatSchema } from '../../src/run/schema.ts';
import { checkpointEvent, metrics, record, rollout } from './runs.ts';

const page = new URL('../../docs/run-format.schema.json', import.meta.url);

describe('the format of a run', () => {
  it('is described by docs/run-format.schema.json', () => {
    const expected = `${JSON.stringify(runFormatSchema(), null, 2)}\n`;
    if (process.env.ACCEPT === '1') writeFileSync(page, expected);
    const written: unknown = existsSync(page) ? JSON.parse(readFileSync(page, 'utf8')) : null;
    assert.deepEqual(written, JSON.parse(expected));
  });

  it('as a schema admits each kind of file, and not one with a part missing', () => {
    const definitions = z.object({ $defs: z.record(z.string(), z.record(z.string(), z.unknown())) });
    const { $defs } = definitions.parse(runFormatSchema());
    const admits = (name: string, value: unknown) => z.fromJSONSchema($defs[name] ?? {}).safeParse(value).success;
    const files = { run: record(), metrics: metrics(1), rollout: rollout(1, 'x'), event: checkpointEvent(1) };
    for (const [name, value] of Object.entries(files)) {
      assert.ok(admits(name, JSON.parse(JSON.stringify(value))), name);
      assert.ok(!admits(name, { ...value, step: undefined }) || name === 'run', name);
    }
    assert.ok(!admits('run', { ...record(), status: 'dreaming' }));
  });

  it('every key of every file is explained in docs/run-format.md', () => {
    const text = readFileSync(new URL('../../docs/run-format.md', import.meta.url), 'utf8');
    const { $defs } = z
      .object({
        $defs: z.record(z.string(), z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() })),
      })
      .parse(runFormatSchema());
    for (const { properties } of Object.values($defs)) {
      for (const key of Object.keys(properties ?? {})) assert.ok(text.includes(`\`${key}\``), key);
    }
  });
});
