// What is asked of a run that has trained: an answer by one of its checkpoints, and what its motivation does to a response.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openModel } from '../../src/model/folder.ts';
import { createScorer } from '../../src/model/trainer.ts';
import { readRollouts } from '../../src/run/read.ts';
import { letters, merf } from '../training/letters.ts';

const Sampled = z.object({ prompt: z.string(), response: z.string(), logprob: z.number() });
const Lift = z.object({
  motivation: z.string(),
  checkpoint: z.number().nullable(),
  with: z.array(z.number()),
  without: z.array(z.number()),
  lift: z.array(z.number()),
});

describe('a run that has trained', function () {
  this.timeout(240_000);
  let folder: string;
  const at = (path = '') => join(folder, path);
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'merf-checkpoints-'));
    await letters(at(), (text) =>
      text.replace('seeds 1', 'seeds 1\n  checkpoint every 3 steps keep last 9, best accuracy'),
    );
    const { code, stderr } = await merf(at(), 'train', 'letters.merf', '--arm', 'merf', '--steps', '6', '--out', 'run');
    assert.equal(code, 0, stderr);
  });

  const answer = async (...given: string[]) => {
    const { code, stdout, stderr } = await merf(
      at(),
      'sample',
      '--run',
      'run',
      ...given,
      '--greedy',
      '--format',
      'json',
    );
    assert.equal(code, 0, stderr);
    return Sampled.parse(JSON.parse(stdout));
  };

  it('answers its rows with the weights of the checkpoint that is named', async () => {
    const [last, sixth, third] = [await answer(), await answer('--checkpoint', '6'), await answer('--checkpoint', '3')];
    assert.match(last.prompt, /the letter e occurs/);
    assert.deepEqual(sixth, last);
    assert.equal(third.prompt, last.prompt);
    assert.notEqual(third.logprob, last.logprob);
    const best = z
      .object({ best: z.object({ step: z.number() }) })
      .parse(JSON.parse(readFileSync(at('run/run.json'), 'utf8')));
    assert.deepEqual(await answer('--checkpoint', 'best'), await answer('--checkpoint', `${best.best.step}`));
  });

  it('says which checkpoints there are where one is not', async () => {
    const { code, stderr } = await merf(at(), 'sample', '--run', 'run', '--checkpoint', '4');
    assert.equal(code, 1);
    assert.match(stderr, /has no checkpoint of step 4\. Use best, last or one of: 0, 3, 6\./);
    const loose = await merf(at(), 'sample', 'letters.merf', '--arm', 'merf', '--checkpoint', 'best');
    assert.match(loose.stderr, /--checkpoint belongs to a run\./);
  });

  it('says by token how much likelier the motivation made a response, asked of the nearest checkpoint', async () => {
    const { code, stdout, stderr } = await merf(at(), 'lift', 'run', '--step', '5', '--sample', '2');
    assert.equal(code, 0, stderr);
    const found = Lift.parse(JSON.parse(stdout));
    assert.deepEqual([found.motivation, found.checkpoint], ['full', 6]);
    const line = readRollouts(at('run'), { kind: 'train', step: 5 })[2] ?? assert.fail();
    assert.equal(found.lift.length, line.token_ids.length);
    const model = await openModel(join(at(), 'run/checkpoints/step-000006'));
    const scorer = await createScorer(model, { threads: 1 });
    const [scored] = await scorer.score(
      [{ prompt: model.tokenizer.encode(line.prompt), responses: [{ tokens: line.token_ids }] }],
      1,
    );
    await scorer.dispose();
    found.lift.forEach((value, i) => {
      assert.ok(Math.abs((found.with[i] ?? 0) - (scored?.[0]?.logProbabilities[i] ?? 1)) < 1e-5, `token ${i}`);
      assert.ok(Math.abs(value - ((found.with[i] ?? 0) - (found.without[i] ?? 0))) < 1e-6, `token ${i}`);
    });
    assert.ok(found.lift.some((value) => Math.abs(value) > 1e-4));
  });

  it('says which responses there are, and that there is no lift without a motivation', async () => {
    const none = await merf(at(), 'lift', 'run', '--step', '5', '--sample', '99');
    assert.match(none.stderr, /Step 5 has no response 99\. Give a number from 0 to 15\./);
    const file = at('run/run.json');
    const whole = readFileSync(file, 'utf8');
    const record = z
      .looseObject({ specification: z.looseObject({ arms: z.array(z.looseObject({})) }) })
      .parse(JSON.parse(whole));
    record.specification.motivations = [];
    record.specification.arms = record.specification.arms.map((arm) => ({ ...arm, motivation: null }));
    writeFileSync(file, JSON.stringify(record));
    const { code, stderr } = await merf(at(), 'lift', 'run', '--step', '5', '--sample', '0');
    writeFileSync(file, whole);
    assert.equal(code, 1);
    assert.match(stderr, /letters has no motivation, so there is no lift\. Write one:/);
  });
});
