// Weights that stay sixteen-bit in memory give the very numbers of weights that were widened beforehand: scores,
// responses, updates of adapters; and a reference policy kept so is the model that training began with.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decoderNodes, logits, weightInputs } from '../../src/model/decoder.ts';
import { type Model, openModel, openStoredModel, saveModel } from '../../src/model/folder.ts';
import { createGenerator } from '../../src/model/generate.ts';
import { createAdapters } from '../../src/model/lora.ts';
import { apartFrom, elementTypes, floats, hashWeights, trainable, weightFeeds } from '../../src/model/stored.ts';
import { createScorer, createTrainer } from '../../src/model/trainer.ts';
import { LORA_MODULES } from '../../src/spec/lora.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { LOSS_INPUTS, policyLoss } from '../../src/training/loss.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const PROMPT = [3, 17, 44, 9, 101];
const RESPONSES = [
  [5, 8, 2, 77],
  [91, 4],
  [60, 61, 62],
];

const bits = (data: ArrayLike<number>) => [...new Int32Array(Float32Array.from(data).buffer)];

describe('weights that stay as their file has them', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-stored-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function both(fixture: string, type: 'F16' | 'BF16'): Promise<{ wide: Model; stored: Model }> {
    const from = join(FIXTURES, fixture);
    saveModel(folder, await openModel(from), { from, type });
    return { wide: await openModel(folder), stored: await openStoredModel(folder) };
  }

  it('or are float32 and rounded to bfloat16 as they are read, norms and biases aside', async () => {
    const from = join(FIXTURES, 'qwen2-tiny');
    const wide = await openModel(from);
    saveModel(folder, wide, { from, type: 'F32' });
    const rounded = await openStoredModel(folder, 'bfloat16');
    const { stored } = await both('qwen2-tiny', 'BF16');
    for (const [name, parameter] of rounded.weights) {
      const expected = parameter.shape.length > 1 ? stored.weights.get(name) : wide.weights.get(name);
      assert.deepEqual(parameter, expected, name);
    }
  });

  for (const [fixture, type] of [
    ['qwen25-untied-tiny', 'BF16'],
    ['qwen3-tiny', 'F16'],
    ['llama3-tiny', 'BF16'],
    ['llama3-tiny', 'F16'],
  ] as const) {
    it(`${fixture} in ${type}: matrices take half the memory, and the hash is the same`, async () => {
      const { wide, stored } = await both(fixture, type);
      const matrices = [...stored.weights].filter(([, { shape }]) => shape.length > 1);
      assert.deepEqual(
        [...elementTypes(stored.weights).keys()],
        matrices.map(([name]) => name),
      );
      for (const [name, { data }] of matrices) {
        assert.equal(2 * data.byteLength, wide.weights.get(name)?.data.byteLength, name);
      }
      assert.equal(stored.hash, wide.hash);
    });

    it(`${fixture} in ${type}: scores and responses are the same bit for bit`, async () => {
      const results = [];
      for (const model of Object.values(await both(fixture, type))) {
        const scorer = await createScorer(model);
        const scores = await scorer.score([{ prompt: PROMPT, responses: RESPONSES.map((tokens) => ({ tokens })) }]);
        await scorer.dispose();
        const generator = await createGenerator(model);
        const written = await generator.generate({ prompts: [PROMPT], samplesPerPrompt: 3, maxNewTokens: 12, seed: 5 });
        await generator.dispose();
        results.push({
          scores: scores.flat().map((score) => [bits(score.logProbabilities), bits(score.entropies)]),
          written: written.map(({ tokens, logProbabilities }) => [tokens, bits(logProbabilities)]),
        });
      }
      assert.deepEqual(results[1], results[0]);
    });

    for (const recompute of [false, true]) {
      const how = recompute ? 'blocks computed again' : 'blocks kept';
      it(`${fixture} in ${type}: an update of adapters is the same bit for bit, ${how}`, async () => {
        const updated = [];
        for (const model of Object.values(await both(fixture, type)))
          updated.push(await adaptersAfter(model, recompute));
        assert.deepEqual(updated[1], updated[0]);
      });
    }
  }

  it('logits of a large vocabulary are the same bit for bit where its head is widened in parts', async () => {
    const { wide, stored } = await both('qwen3-tiny', 'BF16');
    const results = [];
    for (const { config, weights } of [wide, stored]) {
      const graph = new Graph();
      const parameters = weightInputs(graph, config, undefined, elementTypes(weights));
      const nodes = decoderNodes(graph, parameters, undefined, { fewRows: true });
      const hidden = graph.input('hidden', [3, config.hiddenSize]);
      graph.output('logits', logits(graph, config, nodes, hidden, 50));
      const program = await compile(graph);
      const x = Float32Array.from({ length: 3 * config.hiddenSize }, (_, i) => Math.sin(i));
      const outputs = await program.run({ ...weightFeeds(weights), hidden: x });
      results.push(bits(outputs.logits ?? []));
      await program.dispose();
    }
    assert.equal(results[0]?.length, 3 * wide.config.vocabularySize);
    assert.deepEqual(results[1], results[0]);
  });

  it('a reference kept so stays what training began with', async () => {
    const { stored } = await both('qwen3-tiny', 'BF16');
    const weights = trainable(stored.weights);
    const reference = apartFrom(weights, stored.weights);
    for (const { data } of weights.values()) data.fill(1);
    assert.equal(hashWeights(reference), stored.hash);
    assert.ok([...elementTypes(reference)].length > 0);
    assert.equal(floats({ shape: [2], half: 'bfloat16', data: Uint16Array.of(0x3f80, 0xc000) }).join(), '1,-2');
  });
});

async function adaptersAfter({ config, weights }: Model, recompute: boolean) {
  const shape = { rank: 2, alpha: 4, dropout: 0, rankStabilised: false, modules: LORA_MODULES };
  const adapters = createAdapters(config, shape, 1);
  const trainer = createTrainer(
    { config, weights, adapters },
    {
      loss: policyLoss({ ratio: 'token', clip: 0.2, clipHigh: 0.2, kl: 0, entropyBonus: 0 }),
      inputs: LOSS_INPUTS,
      ...(recompute && { activationBytes: 0 }),
    },
  );
  const responses = RESPONSES.map((tokens, sample) => ({
    tokens,
    perToken: {
      old: new Float32Array(tokens.length).fill(-4),
      reference: new Float32Array(tokens.length).fill(-4),
      advantage: new Float32Array(tokens.length).fill(sample - 1),
    },
    perResponse: { weight: 0.1, inverse_length: 1 / tokens.length },
  }));
  // the second update passes through what the first one made of B, which was zero
  for (let step = 0; step < 2; step++) {
    await trainer.accumulate([{ prompt: PROMPT, responses }]);
    await trainer.apply(0.01);
  }
  await trainer.dispose();
  return [...adapters.weights].map(([name, { data }]) => [name, bits(data)]);
}
