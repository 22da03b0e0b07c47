// `merf plan`: what a run needs, before it is begun; `merf train` refuses what cannot fit, and brings a model of the hub.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readRun } from '../../src/run/read.ts';
import { HubServer } from '../model/hub_server.ts';
import { letters, merf, start } from '../training/letters.ts';
import { ROOT, temporaryFolder } from './merf.ts';

const FIXTURE = join(ROOT, 'test/fixtures/qwen3-tiny');
const ID = 'someone/tiny-model';
const Part = z.object({ name: z.string(), bytes: z.number() });
const Report = z.object({
  devices: z.array(z.object({ trains: z.boolean(), bytes: z.number(), free: z.number().nullable() })),
  threads: z.object({ used: z.number(), all: z.number() }),
  speed: z.number(),
  arms: z.array(
    z.object({
      arm: z.string(),
      promptTokens: z.number(),
      fits: z.boolean(),
      memory: z.object({ peak: z.number(), held: z.array(Part), generation: z.array(Part), update: z.array(Part) }),
      tokens: z.object({ step: z.number(), run: z.number() }),
      seconds: z.object({ step: z.number(), evaluation: z.number(), run: z.number() }),
      least: z.number(),
      remedies: z.array(z.object({ settings: z.array(z.string()), before: z.array(z.string()), peak: z.number() })),
    }),
  ),
});

describe('merf plan', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();

  it('says for each arm what memory, tokens and time its run needs', async () => {
    const at = folder.path('fits');
    await letters(at);
    const { code, stdout, stderr } = await merf(at, 'plan', 'letters.merf', '--format', 'json');
    assert.equal(code, 0, stderr);
    const { devices, speed, threads, arms } = Report.parse(JSON.parse(stdout));
    const [processor] = devices;
    assert.ok(processor?.trains && processor.bytes > 2 ** 28 && speed > 1e8 && threads.used <= threads.all);
    assert.deepEqual(
      arms.map(({ arm }) => arm),
      ['rlvr', 'merf'],
    );
    const [without, merfArm] = arms;
    assert.ok(without && merfArm && merfArm.promptTokens > without.promptTokens + 20);
    // 4 prompts of a group of 4, 12 tokens each
    assert.equal(without.tokens.step, 4 * without.promptTokens + 16 * 12);
    assert.equal(without.tokens.run, 12 * without.tokens.step);
    assert.ok(merfArm.fits && merfArm.remedies.length === 0 && merfArm.seconds.evaluation > 0);
    const text = await merf(at, 'plan', 'letters.merf', '--arm', 'merf');
    assert.match(
      text.stdout,
      /^CPU {2}.* GFLOP\/s in matrix products, measured now\n[\s\S]*\n\nmerf {2}12 steps, seed 1/,
    );
    assert.match(
      text.stdout,
      /\n {2}memory {2}\d+ MiB: .*\n {10}fits on the CPU\n[\s\S]* {2}tokens {2}at most .*\n {2}time {4}at most about /,
    );
  });

  it('says what to change where it does not fit, and training refuses until it is forced', async () => {
    const at = folder.path('large');
    const file = await letters(at, (text) =>
      text.replace('prompts 4  group 4  max_response 12', 'prompts 4096  group 4096  max_response 250'),
    );
    const planned = await merf(at, 'plan', file, '--arm', 'merf');
    assert.equal(planned.code, 1, planned.stderr);
    assert.match(
      planned.stdout,
      /IT DOES NOT FIT\.\n {2}Any of these makes it fit:\n[\s\S]* {4}group \d+ → [^\n]* \(now group 4096\)/,
    );
    const refused = await merf(at, 'train', file, '--arm', 'merf', '--out', 'run');
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^merf: The run needs at least .* GiB of memory, and this computer has .*\. Write .* in the plan, or go on all the same with --force\.\n$/,
    );
    assert.ok(!readdirSync(at).includes('run'));
    // --force gets past it, to the next thing that is wrong
    const forced = await merf(at, 'train', file, '--arm', 'merf', '--out', 'run', '--force', '--model', './nowhere');
    assert.match(forced.stderr, /^merf: There is no model folder \.\/nowhere;/);
  });
});

describe('a plan that names a model of the hub', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();

  it('is trained with it: what is not here is downloaded first, with progress', async () => {
    const at = folder.path('work');
    await letters(at, (text) => text.replace('"./model"', `"${ID}"`).replace(/ {2}evaluate .*\n/, ''));
    const files = new Map(readdirSync(FIXTURE).map((name) => [name, readFileSync(join(FIXTURE, name))] as const));
    const server = new HubServer(ID, files);
    server.behaviour = { token: 'hf_secret', breakAfter: 20_000, breaks: 1 };
    const environment = { HF_ENDPOINT: await server.listen(), HF_HUB_CACHE: folder.path('cache'), HF_HUB_OFFLINE: '' };
    const train = (out: string, token: string) =>
      start(at, ['train', 'letters.merf', '--arm', 'rlvr', '--steps', '1', '--out', out], {
        ...environment,
        HF_TOKEN: token,
      }).ended;
    try {
      const closed = await train('none', '');
      assert.equal(closed.code, 1);
      assert.match(closed.stderr, /merf: The hub does not give out someone\/tiny-model \(401\)\./);
      const first = await train('first', 'hf_secret');
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stderr, /^someone\/tiny-model is not on this machine: downloading it\.\n/);
      assert.match(first.stderr, /model-00003-of-00003\.safetensors\n/);
      const { record } = readRun(join(at, 'first'));
      assert.deepEqual([record.model.name, record.status], [ID, 'finished']);
      const asked = server.asked.length;
      const again = await train('again', '');
      assert.deepEqual([again.code, again.stderr], [0, '']);
      assert.equal(server.asked.length, asked);
    } finally {
      await server.close();
    }
  });
});
