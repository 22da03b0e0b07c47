// What is not kept for the gradients changes no gradient: blocks that are computed again give them bit for bit, and a
// vocabulary in parts gives them within rounding.

import assert from 'node:assert/strict';
import { createAdapters } from '../../src/model/lora.ts';
import type { ResponseGroup } from '../../src/model/response_batch.ts';
import { createTrainer, type LossFunction, type TrainerOptions } from '../../src/model/trainer.ts';
import { vocabularyScores } from '../../src/model/vocabulary.ts';
import type { Weights } from '../../src/model/weights.ts';
import { LORA_MODULES } from '../../src/spec/lora.ts';
import { random } from '../../src/spec/random.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { evaluate } from '../../src/tensor/reference.ts';
import { smallConfig, smallModel } from './small_model.ts';

const groups: ResponseGroup[] = [
  { prompt: [1, 2, 3, 4], responses: [{ tokens: [5, 6, 7] }, { tokens: [8, 0] }] },
  { prompt: [9], responses: [{ tokens: [1] }, { tokens: [10, 9, 8] }] },
];
const loss: LossFunction = (graph, { logProbabilities, entropy, mask }) => ({
  loss: graph.sum(graph.mul(graph.sub(graph.mul(entropy, 0.1), logProbabilities), mask)),
  metrics: {},
});

/** Weights after three steps of two micro-batches each. */
async function trained(options: Pick<TrainerOptions, 'activationBytes'>, dropout?: number): Promise<Weights> {
  const model = smallModel(1, { ...smallConfig, architecture: 'Qwen3ForCausalLM', attentionBias: 'none', layers: 3 });
  const shape = { rank: 2, alpha: 4, rankStabilised: false, modules: LORA_MODULES };
  const adapters = dropout === undefined ? null : createAdapters(model.config, { ...shape, dropout }, 1);
  const trainer = createTrainer({ ...model, adapters }, { ...options, loss });
  for (let step = 0; step < 3; step++) {
    for (const group of groups) await trainer.accumulate([group]);
    await trainer.apply(0.01);
  }
  await trainer.dispose();
  return adapters?.weights ?? model.weights;
}

describe('blocks that are computed again', () => {
  it('give the gradients of blocks that are kept, bit for bit', async () => {
    assert.deepEqual(await trained({ activationBytes: 0 }), await trained({}));
  });

  it('drop the same inputs of adapters again', async () => {
    assert.deepEqual(await trained({ activationBytes: 0 }, 0.3), await trained({}, 0.3));
  });

  it('are in the graph once more for each block of prompts and responses, behind what they wait for', () => {
    const graph = new Graph();
    const [w, x] = [graph.input('w', [3, 3]), graph.input('x', [2, 3])];
    const [y = x] = graph.recomputed([x], ([h = x]) => [graph.tanh(graph.matmul(h, w))]);
    const value = graph.sum(graph.square(y));
    const count = () => graph.nodes.filter(({ operation }) => operation.op === 'tanh').length;
    assert.equal(count(), 1);
    gradients(graph, value, [w]);
    assert.equal(count(), 2);
    assert.ok(graph.nodes.some(({ operation }) => operation.op === 'after'));
  });
});

describe('a vocabulary in parts', () => {
  const [N, V, d] = [5, 23, 4];
  const build = (part: number) => {
    const graph = new Graph();
    const hidden = graph.input('hidden', [N, d]);
    const head = graph.input('head', [V, d]);
    const rows = { hidden, head, targets: graph.input('targets', [N], 'int32'), temperature: graph.scalar(0.7) };
    const { logProbability, entropy } = vocabularyScores(graph, rows, part);
    graph.output('log_probability', logProbability);
    graph.output('entropy', entropy);
    const mixed = graph.mul(logProbability, graph.add(entropy, graph.square(logProbability)));
    const [ofHidden = mixed, ofHead = mixed] = gradients(graph, graph.sum(mixed), [hidden, head]);
    graph.output('hidden', ofHidden);
    graph.output('head', ofHead);
    return graph;
  };
  const rng = random(1, 'vocabulary');
  const normal = (count: number, scale: number) => Float32Array.from({ length: count }, () => rng.normal() * scale);
  const feeds = { hidden: normal(N * d, 3), head: normal(V * d, 2), targets: Int32Array.of(0, 22, 7, 8, 16) };

  for (const part of [1, 7, 8, 22]) {
    it(`of ${part} gives the log-probabilities, entropies and gradients of the whole`, async () => {
      const expected = evaluate(build(V), feeds);
      const exact = evaluate(build(part), feeds);
      const program = await compile(build(part));
      const actual = await program.run(feeds);
      await program.dispose();
      for (const [name, values] of Object.entries(expected)) {
        values.forEach((value, i) => {
          const scale = 1 + Math.abs(value);
          assert.ok(
            Math.abs((exact[name]?.[i] ?? NaN) - value) < 1e-9 * scale,
            `${name}[${i}] by the reference: ${exact[name]?.[i]} ${value}`,
          );
          assert.ok(Math.abs((actual[name]?.[i] ?? NaN) - value) < 2e-5 * scale, `${name}[${i}]`);
        });
      }
    });
  }
});
