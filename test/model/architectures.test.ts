// Every architecture computes what Transformers computes: scores, gradients, greedy continuations, tokens and chat
// text of small random models (test/fixtures, made by make_models.py there in float32).

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { formatConfig, parseConfig } from '../../src/model/config.ts';
import { decoderNodes, weightInputs } from '../../src/model/decoder.ts';
import { openModel, saveModel } from '../../src/model/folder.ts';
import { createGenerator } from '../../src/model/generate.ts';
import { frequencies, RopeParameters, readScaling } from '../../src/model/rotary.ts';
import { sequence, sequenceFeeds, sequenceInputs, sequenceLogits } from '../../src/model/sequence.ts';
import { weightFeeds } from '../../src/model/stored.ts';
import { createScorer } from '../../src/model/trainer.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const row = z.array(z.number());
const Expected = z.object({
  tokens: z.array(row),
  lastLogits: z.array(z.array(row)),
  logProbabilities: z.array(row),
  entropies: z.array(row),
  loss: z.number(),
  gradientNorms: z.record(z.string(), z.number()),
  prompts: z.array(row),
  greedy: z.array(row),
  endTokens: row,
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  chat: z.string(),
  chatTokens: row,
  texts: z.array(z.object({ text: z.string(), tokens: row, withSpecial: row, decoded: z.string() })),
});

function assertClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((value, i) => {
    const got = actual[i] ?? NaN;
    assert.ok(Math.abs(got - value) <= tolerance * (1 + Math.abs(value)), `${what}[${i}]: ${got} is not ${value}`);
  });
}

for (const name of ['qwen25-untied-tiny', 'qwen3-tiny', 'llama3-tiny']) {
  describe(`the model ${name}`, () => {
    const folder = join(FIXTURES, name);
    const expected = Expected.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
    const [B, T] = [expected.tokens.length, expected.tokens[0]?.length ?? 0];

    it('gives the logits, the loss and the gradients of Transformers', async () => {
      const { config, weights } = await openModel(folder);
      const graph = new Graph();
      const nodes = weightInputs(graph, config);
      const inputs = sequenceInputs(graph, config, { batch: B, length: T, kept: B * T });
      const all = graph.output('logits', sequenceLogits(graph, config, decoderNodes(graph, nodes), inputs));
      const scores = sequence(graph, config, decoderNodes(graph, nodes), inputs);
      // the last place of a row has no target
      const counted = graph.slice(scores.logProbabilities, 1, 0, T - 1);
      const loss = graph.output('loss', graph.neg(graph.mean(counted)));
      const names = [...nodes.keys()];
      gradients(graph, loss, [...nodes.values()]).forEach((g, i) => {
        graph.output(`norm:${names[i]}`, graph.sqrt(graph.sum(graph.square(g))));
      });
      const program = await compile(graph);
      const outputs = await program.run({
        ...weightFeeds(weights),
        ...sequenceFeeds(config, new Array<number>(B).fill(T), T),
        tokens: Int32Array.from(expected.tokens.flat()),
        targets: Int32Array.from(expected.tokens.flatMap((tokens) => [...tokens.slice(1), 0])),
      });
      const V = all.shape.at(-1) ?? 0;
      expected.lastLogits.forEach((places, b) => {
        places.forEach((values, i) => {
          const start = (b * T + T - places.length + i) * V;
          const got = outputs.logits?.subarray(start, start + V) ?? [];
          assertClose(got, values, 1e-4, `logits of row ${b}`);
        });
      });
      assertClose(outputs.loss ?? [], [expected.loss], 1e-5, 'loss');
      for (const [parameter, norm] of Object.entries(expected.gradientNorms)) {
        assertClose(outputs[`norm:${parameter}`] ?? [], [norm], 2e-4, parameter);
      }
      assert.deepEqual(Object.keys(expected.gradientNorms).sort(), names.sort());
      await program.dispose();
    });

    it('gives the log-probability and entropy of every token', async () => {
      const scorer = await createScorer(await openModel(folder));
      const groups = expected.tokens.map(([first = 0, ...tokens]) => ({ prompt: [first], responses: [{ tokens }] }));
      const scored = await scorer.score(groups);
      scored.forEach(([scores], b) => {
        assertClose(scores?.logProbabilities ?? [], expected.logProbabilities[b] ?? [], 1e-4, `row ${b}`);
        assertClose(scores?.entropies ?? [], expected.entropies[b] ?? [], 1e-4, `entropies of row ${b}`);
      });
      await scorer.dispose();
    });

    it('continues a prompt greedily as Transformers does', async () => {
      const { config, weights } = await openModel(folder);
      const generator = await createGenerator({ config, weights, endTokens: expected.endTokens });
      const made = await generator.generate({ prompts: expected.prompts, maxNewTokens: 24, seed: 1, greedy: true });
      assert.deepEqual(
        made.map(({ tokens }) => tokens),
        expected.greedy,
      );
      await generator.dispose();
    });

    it('renders and tokenizes a chat as Transformers does', async () => {
      const { chatTemplate, tokenizer, endTokens } = await openModel(folder);
      assert.equal(chatTemplate.render(expected.messages), expected.chat);
      assert.deepEqual(tokenizer.encode(expected.chat), expected.chatTokens);
      assert.equal(tokenizer.decode(expected.chatTokens, { specialTokens: true }), expected.chat);
      assert.deepEqual(endTokens, expected.endTokens);
      for (const { text, tokens, withSpecial, decoded } of expected.texts) {
        assert.deepEqual(tokenizer.encode(text), tokens, JSON.stringify(text));
        assert.deepEqual(tokenizer.encode(text, { ends: true }), withSpecial, JSON.stringify(text));
        assert.equal(tokenizer.decode(withSpecial), decoded);
      }
    });

    it('says how its makers want it sampled', async () => {
      const { generation } = await openModel(folder);
      const { endTokens } = expected;
      assert.deepEqual(generation, { endTokens, sample: true, temperature: 0.7, topK: 20, topP: 0.8 });
    });

    it('is the same when saved in one file, with its configuration or a new one', async () => {
      const copy = mkdtempSync(join(tmpdir(), 'merf-model-'));
      const model = await openModel(folder);
      saveModel(copy, model, { from: folder });
      const again = await openModel(copy);
      assert.equal(again.hash, model.hash);
      assert.deepEqual(again.config, model.config);
      assert.deepEqual(again.generation, model.generation);
      assert.deepEqual(parseConfig(JSON.parse(JSON.stringify(formatConfig(model.config)))), model.config);
      rmSync(copy, { recursive: true });
    });
  });
}

describe('rotary positions', () => {
  const cases = z
    .array(z.object({ rope: RopeParameters, frequencies: row, magnitude: z.number() }))
    .parse(JSON.parse(readFileSync(join(FIXTURES, 'rope.json'), 'utf8')));

  it('turn as in Transformers under every scaling', () => {
    for (const { rope, frequencies: expected, magnitude } of cases) {
      const scaling = readScaling(rope, 128);
      assert.ok(scaling !== null && typeof scaling !== 'string');
      assertClose(frequencies({ theta: rope.rope_theta ?? 0, scaling }, 64), expected, 1e-6, scaling.kind);
      assert.ok(Math.abs((scaling.kind === 'yarn' ? scaling.magnitude : 1) - magnitude) < 1e-9, scaling.kind);
    }
    assert.equal(new Set(cases.map(({ rope }) => rope.rope_type)).size, 4);
  });
});
