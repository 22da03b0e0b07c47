// Generation: greedy tokens are Transformers', log-probabilities are the scorer's, a row does not depend on the
// others, and an updated model is read at once.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openModel } from '../../src/model/folder.ts';
import { createGenerator, type Generated } from '../../src/model/generate.ts';
import { createScorer } from '../../src/model/trainer.ts';
import { smallModel } from './small_model.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/qwen2-tiny');
const expected = z
  .object({ tokens: z.array(z.array(z.number())), greedy: z.array(z.number()) })
  .parse(JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')));

const prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9]];

describe('generation', () => {
  it('greedily writes what Transformers writes', async () => {
    const { config, weights } = await openModel(FOLDER);
    const generator = await createGenerator({ config, weights });
    const [row] = await generator.generate({
      prompts: [expected.tokens[0]?.slice(0, 8) ?? []],
      maxNewTokens: 24,
      seed: 0,
      greedy: true,
      endTokens: [],
    });
    assert.deepEqual(row?.tokens, expected.greedy);
    assert.equal(row?.finishReason, 'length');
    await generator.dispose();
  });

  it('reports the log-probabilities and entropies that the scorer finds, past the first growth of the cache', async () => {
    const model = smallModel();
    const generator = await createGenerator(model);
    const rows = await generator.generate({
      prompts,
      samplesPerPrompt: 4,
      maxNewTokens: 50,
      seed: 3,
      temperature: 1.3,
    });
    const scorer = await createScorer(model);
    const groups = prompts.map((prompt, p) => ({ prompt, responses: rows.filter((row) => row.prompt === p) }));
    const scores = await scorer.score(groups, 1.3);
    groups.forEach(({ responses }, p) => {
      responses.forEach(({ logProbabilities, entropies }, i) => {
        logProbabilities.forEach((value, t) => {
          const scored = scores[p]?.[i];
          assert.ok(Math.abs(value - (scored?.logProbabilities[t] ?? NaN)) < 2e-5);
          assert.ok(Math.abs((entropies[t] ?? NaN) - (scored?.entropies[t] ?? NaN)) < 2e-5);
        });
      });
    });
    assert.ok(rows.some((row) => row.tokens.length > 32) && rows.some((row) => row.finishReason === 'stop'));
    await generator.dispose();
    await scorer.dispose();
  });

  it('draws for a row what it would draw without the others', async () => {
    const model = smallModel();
    const together = await createGenerator(model, { rowsAtOnce: 64 });
    const apart = await createGenerator(model, { rowsAtOnce: 1 });
    // rows wait, and begin beside others that are further
    const inTurn = await createGenerator(model, { rowsAtOnce: 4 });
    const request = { prompts, samplesPerPrompt: 5, maxNewTokens: 30, seed: 11 };
    const tokens = (rows: readonly Generated[]) => rows.map((row) => row.tokens);
    const all = await together.generate(request);
    assert.deepEqual(tokens(await apart.generate(request)), tokens(all));
    assert.deepEqual(tokens(await inTurn.generate(request)), tokens(all));
    assert.ok(new Set(all.map((row) => row.tokens.length)).size > 3);
    const fewer = await together.generate({ ...request, samplesPerPrompt: 2 });
    assert.deepEqual(tokens(fewer), tokens(all.filter((row) => row.sample < 2)));
    assert.notDeepEqual(tokens(await together.generate({ ...request, seed: 12 })), tokens(all));
    await together.dispose();
    await apart.dispose();
    await inTurn.dispose();
  });

  it('ends a row at its first end token and at no other', async () => {
    const generator = await createGenerator(smallModel());
    const rows = await generator.generate({
      prompts,
      samplesPerPrompt: 8,
      maxNewTokens: 20,
      seed: 1,
      endTokens: [0, 5],
    });
    for (const { tokens, finishReason } of rows) {
      const ends = tokens.findIndex((token) => token === 0 || token === 5);
      assert.equal(finishReason, ends < 0 ? 'length' : 'stop');
      assert.equal(tokens.length, ends < 0 ? 20 : ends + 1);
    }
    await generator.dispose();
  });

  it('reads weights that were replaced since', async () => {
    const model = smallModel();
    const generator = await createGenerator(model);
    const request = { prompts, maxNewTokens: 10, seed: 1, greedy: true };
    const before = await generator.generate(request);
    const other = smallModel(2);
    for (const [name, parameter] of model.weights) parameter.data = other.weights.get(name)?.data ?? parameter.data;
    const after = await generator.generate(request);
    const fresh = await createGenerator(other);
    assert.notDeepEqual(after, before);
    assert.deepEqual(after, await fresh.generate(request));
    await generator.dispose();
    await fresh.dispose();
  });

  it('never draws ids that the tokenizer does not have', async () => {
    const generator = await createGenerator({ ...smallModel(), tokenizer: { size: 4 } });
    for (const options of [{}, { topP: 0.9 }, { topK: 9 }, { greedy: true }]) {
      const rows = await generator.generate({ prompts, samplesPerPrompt: 3, maxNewTokens: 12, seed: 5, ...options });
      assert.ok(rows.every(({ tokens }) => tokens.every((token) => token < 4)));
    }
    await generator.dispose();
  });

  it('stops when asked, and refuses what exceeds the context', async () => {
    const generator = await createGenerator(smallModel());
    const stop = new AbortController();
    const request = { prompts, maxNewTokens: 40, seed: 1, signal: stop.signal, endTokens: [] };
    const running = generator.generate({
      ...request,
      onProgress: ({ tokens }) => {
        if (tokens >= 9) stop.abort(new Error('enough'));
      },
    });
    await assert.rejects(running, /enough/);
    await assert.rejects(generator.generate({ prompts: [[1]], maxNewTokens: 64, seed: 1 }), /context of 64/);
    await generator.dispose();
  });
});
