// `merf sample` and `merf logprobs`: what a model answers, and how likely it finds an answer.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { z } from 'zod';
import { openModel } from '../../src/model/folder.ts';
import { createGenerator } from '../../src/model/generate.ts';
import { merf, ROOT, SMALL, temporaryFolder } from './merf.ts';

const QWEN3 = join(ROOT, 'test/fixtures/qwen3-tiny');
const LLAMA3 = join(ROOT, 'test/fixtures/llama3-tiny');

const Sampled = z.object({
  row_index: z.number().optional(),
  row: z.looseObject({}).optional(),
  sample: z.number(),
  prompt: z.string(),
  response: z.string(),
  tokens: z.number(),
  finished: z.boolean(),
  logprob: z.number(),
  token_logprobs: z.array(z.object({ id: z.number(), logprob: z.number(), entropy: z.number() })).optional(),
});
const Scored = z.object({
  logprob: z.number(),
  without: z.number().optional(),
  lift: z.number().optional(),
  tokens: z.array(z.object({ id: z.number(), token: z.string(), logprob: z.number(), lift: z.number().optional() })),
});
const sampled = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => Sampled.parse(JSON.parse(line)));

describe('merf sample', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('answers a prompt as a chat, with the same answer for the same seed', () => {
    const ask = (...more: string[]) => {
      const { status, stdout, stderr } = merf([
        'sample',
        QWEN3,
        '--prompt',
        'Who is a knight?',
        '--max-tokens',
        '12',
        '--format',
        'json',
        ...more,
      ]);
      assert.equal(status, 0, stderr);
      return sampled(stdout);
    };
    const answers = ask('--samples', '3');
    assert.equal(answers.length, 3);
    assert.equal(answers[0]?.prompt, '<|im_start|>user\nWho is a knight?<|im_end|>\n<|im_start|>assistant\n');
    assert.deepEqual(ask('--samples', '3'), answers);
    assert.notDeepEqual(
      ask('--samples', '3', '--seed', '2').map(({ response }) => response),
      answers.map(({ response }) => response),
    );
    assert.equal(new Set(ask('--samples', '3', '--greedy').map(({ response }) => response)).size, 1);
  });

  it('continues a raw prompt after the tokens that the model begins with', async () => {
    const { stdout } = merf(
      ['sample', LLAMA3, '--prompt', '-', '--raw', '--greedy', '--max-tokens', '5', '--format', 'json', '--logprobs'],
      'Zoey is a',
    );
    const [answer] = sampled(stdout);
    const model = await openModel(LLAMA3);
    const generator = await createGenerator(model);
    const begun = [model.tokenizer.idOf('<|begin_of_text|>') ?? -1, ...model.tokenizer.encode('Zoey is a')];
    const [expected] = await generator.generate({ prompts: [begun], maxNewTokens: 5, seed: 1, greedy: true });
    await generator.dispose();
    assert.deepEqual(
      answer?.token_logprobs?.map(({ id }) => id),
      expected?.tokens,
    );
  });

  it('answers the rows of a file in lines that merf score reads and merf logprobs agrees with', () => {
    const file = folder.write('small.merf', SMALL);
    const given = ['--arm', 'merf', '--model', 'bundled:tiny'];
    const { status, stdout, stderr } = merf([
      'sample',
      file,
      ...given,
      '--rows',
      '0,2..3',
      '--max-tokens',
      '40',
      '--format',
      'json',
      '--logprobs',
    ]);
    assert.equal(status, 0, stderr);
    const answers = sampled(stdout);
    assert.deepEqual(
      answers.map(({ row_index }) => row_index),
      [0, 2, 3],
    );
    assert.match(answers[0]?.prompt ?? '', /Rules:/);
    const scored = merf(['score', file, '--responses', '-', '--format', 'json'], stdout);
    assert.equal(scored.status, 0, scored.stderr);
    assert.equal(scored.stdout.trim().split('\n').length, 3);

    const judged = merf(['logprobs', file, ...given, '--responses', '-', '--lift', '--format', 'json'], stdout);
    assert.equal(judged.status, 0, judged.stderr);
    judged.stdout
      .trim()
      .split('\n')
      .forEach((line, i) => {
        const { logprob, without = Number.NaN, lift = Number.NaN, tokens } = Scored.parse(JSON.parse(line));
        const answer = answers[i];
        // an answer that is not the tokenizer's own way to cut its text is scored as another
        if (answer?.token_logprobs?.map(({ id }) => id).join() !== tokens.map(({ id }) => id).join()) return;
        assert.ok(Math.abs(logprob - (answer?.logprob ?? Number.NaN)) < 1e-3 * tokens.length);
        assert.ok(Math.abs(lift - (logprob - without)) < 1e-9);
      });
  });

  it('says in one sentence what is missing', () => {
    const refused = (given: string[], sentence: RegExp) => {
      const { status, stdout, stderr } = merf(given);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, sentence);
    };
    refused(['sample', QWEN3], /^merf: There is no prompt\. Add --prompt/);
    refused(['sample', QWEN3, '--prompt', 'x', '--temperature', '0'], /--temperature cannot be 0\. Give a number from/);
    refused(
      ['sample', './nothing', '--prompt', 'x'],
      /There is no model folder \.\/nothing; it would be .*nothing\. Check the path/,
    );
    refused(['sample', QWEN3, '--arm', 'merf', '--prompt', 'x'], /--arm belongs to a \.merf file/);
    refused(['sample', QWEN3, '--prompt', 'x', '--max-tokens', '500'], /exceed the model's context of 128/);
    refused(['logprobs', QWEN3, '--prompt', 'x', '--response', ''], /The response is empty/);
  });
});

describe('merf logprobs', function () {
  this.timeout(120_000);

  it('lists the tokens of a response with their log-probabilities, and their sum', () => {
    const given = ['logprobs', QWEN3, '--prompt', 'Hi', '--response', 'Zoey is a knight', '--end'];
    const { status, stdout } = merf(given);
    assert.equal(status, 0);
    assert.match(stdout, /^ +logprob +entropy\n/);
    assert.match(stdout, /"<\|im_end\|>"\nlog-probability -\d+\.\d{3}, -\d+\.\d{3} a token, \d+ tokens\n$/);
    const { logprob, tokens } = Scored.parse(JSON.parse(merf([...given, '--format', 'json']).stdout));
    assert.ok(Math.abs(logprob - tokens.reduce((sum, token) => sum + token.logprob, 0)) < 1e-6);
    assert.equal(tokens.map(({ token }) => token).join(''), 'Zoey is a knight<|im_end|>');
  });
});
