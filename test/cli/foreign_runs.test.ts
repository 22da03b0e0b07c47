// `merf runs import` and `merf runs export` as a person gives them, in a folder of their own.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { start } from '../training/letters.ts';
import { ROOT, temporaryFolder } from './merf.ts';

describe('merf runs import and export', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const merf = (...given: string[]) => start(folder.path('work'), given).ended;
  const fixture = (name: string) => join(ROOT, 'test', 'fixtures', 'foreign', name);

  beforeEach(() => mkdirSync(folder.path('work')));

  it('takes a TRL run in under the names that are given, lists it, and writes it for TensorBoard and verl', async () => {
    const taken = await merf('runs', 'import', fixture('trl'), '--experiment', 'knaves', '--arm', 'trl', '--seed', '7');
    assert.equal(taken.code, 0, taken.stderr);
    const id = taken.stdout.trim();
    const listed = await merf('runs', '--json');
    const Run = z.object({ id: z.string(), arm: z.string(), seed: z.number(), step: z.number() });
    assert.deepEqual(Run.parse(JSON.parse(listed.stdout)), { id, arm: 'trl', seed: 7, step: 3 });
    for (const [format, files] of [
      ['tensorboard', 1],
      ['verl', 4],
    ] as const) {
      const written = await merf('runs', 'export', id, '--format', format, '--out', format);
      assert.equal(written.code, 0, written.stderr);
      assert.equal(readdirSync(folder.path(`work/${format}`)).length, files);
    }
    const again = await merf('runs', 'import', 'verl', '--json');
    assert.equal(z.array(z.string()).parse(JSON.parse(again.stdout)).length, 1);
    const resumed = await merf('train', '--resume', id);
    assert.equal(resumed.code, 1);
    assert.match(resumed.stderr, /^merf: The run \S+ was imported; it was trained elsewhere\./);
  });

  it('refuses a folder without a run, and a format that it does not know, in a sentence', async () => {
    const empty = await merf('runs', 'import', '.');
    assert.equal(empty.code, 1);
    assert.match(empty.stderr, /^merf: \S+ holds no run that can be read\. Give a TensorBoard folder/);
    const unknown = await merf('runs', 'export', 'x', '--format', 'wandb', '--out', 'y');
    assert.match(unknown.stderr, /Allowed choices are tensorboard, trl, verl/);
  });
});
