// A whole training step of a decoder: ONNX Runtime equals the reference executor; micro-batches add up to the batch;
// a restored optimiser continues with the same numbers; shared prompts equal repeated prompts.

import assert from 'node:assert/strict';
import { decoderNodes, weightInputs } from '../../src/model/decoder.ts';
import { createPretrainer } from '../../src/model/pretrainer.ts';
import { batchInputs, batchOf, batchSizes, microBatches, type ResponseGroup } from '../../src/model/response_batch.ts';
import { sequence, sequenceFeeds, sequenceInputs, sharedPromptResponses } from '../../src/model/sequence.ts';
import { copyWeights, weightFeeds } from '../../src/model/stored.ts';
import { createScorer, createTrainer, type LossFunction, type TrainerOptions } from '../../src/model/trainer.ts';
import type { Weights } from '../../src/model/weights.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { adamW } from '../../src/tensor/optimizer.ts';
import { evaluate } from '../../src/tensor/reference.ts';
import { smallModel } from './small_model.ts';

const groups: ResponseGroup[] = [
  { prompt: [1, 2, 3, 4], responses: [response([5, 6, 7], 0.5), response([8, 0], -1)] },
  { prompt: [9], responses: [response([1], 2), response([10, 9, 8], 0.25)] },
  { prompt: [3, 3], responses: [response([4, 5], -0.5)] },
];

function response(tokens: number[], advantage: number) {
  return { tokens, perToken: { old: tokens.map((_, i) => -2 - 0.1 * i) }, perResponse: { advantage } };
}

/** A clipped policy-gradient loss over a whole batch of `total` tokens. */
const loss: LossFunction = (graph, { logProbabilities, entropy, mask, given }) => {
  const ratio = graph.exp(graph.sub(logProbabilities, given('old')));
  const advantage = given('advantage');
  const kept = graph.min(graph.mul(ratio, advantage), graph.mul(graph.clamp(ratio, 0.8, 1.2), advantage));
  const bonus = graph.sub(kept, graph.mul(entropy, -0.01));
  return {
    loss: graph.neg(graph.div(graph.sum(graph.mul(bonus, mask)), given('total'))),
    metrics: { ratio: graph.div(graph.sum(graph.mul(ratio, mask)), given('total')) },
  };
};
const options: TrainerOptions = {
  loss,
  inputs: { perToken: ['old'], perResponse: ['advantage'], scalars: ['total'] },
  weightDecay: 0.1,
  maxGradientNorm: 0.5,
  temperature: 0.8,
};

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string) {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] ?? NaN, expected[i] ?? NaN];
    assert.ok(Math.abs(a - e) <= tolerance * (1 + Math.abs(e)), `${what}[${i}]: ${a} is not ${e}`);
  }
}

function assertSameWeights(actual: Weights, expected: Weights, tolerance: number) {
  for (const [name, { data }] of expected) assertClose(actual.get(name)?.data ?? [], data, tolerance, name);
}

describe('a training step', () => {
  it('is the same on ONNX Runtime as on the reference executor', async () => {
    const model = smallModel();
    // the same step at fixed sizes, in float64
    const graph = new Graph();
    const nodes = weightInputs(graph, model.config);
    const sizes = batchSizes(groups);
    const inputs = batchInputs(graph, model.config, sizes, options.inputs);
    const scores = sharedPromptResponses(graph, model.config, decoderNodes(graph, nodes), sizes, inputs);
    const given = (name: string) => inputs.named.get(name) ?? graph.scalar(NaN);
    const built = loss(graph, { ...scores, mask: inputs.mask, given });
    const moments = [...nodes.values()].map(({ shape }) => {
      const zero = graph.expand(graph.scalar(0), shape);
      return { first: zero, second: zero };
    });
    const all = gradients(graph, built.loss, [...nodes.values()]);
    const scalars = { learningRate: graph.scalar(0.01), step: graph.scalar(1) };
    const { updates, gradientNorm } = adamW(graph, [...nodes.values()], all, moments, scalars, options);
    [...nodes.keys()].forEach((name, i) => {
      const update = updates[i];
      if (update) graph.output(name, update.weight);
    });
    graph.output('loss', built.loss);
    graph.output('norm', gradientNorm);
    const { feeds } = batchOf(model.config, groups, 0.8, options.inputs, { total: 11 });
    const expected = evaluate(graph, { ...feeds, ...weightFeeds(model.weights) });

    const trainer = createTrainer(model, options);
    const metrics = await trainer.update(groups, 0.01, { total: 11 });
    assertClose(
      [metrics.loss ?? NaN, metrics.gradient_norm ?? NaN],
      [expected.loss?.[0] ?? 0, expected.norm?.[0] ?? 0],
      1e-5,
      'metrics',
    );
    for (const [name, { data }] of model.weights) assertClose(data, expected[name] ?? [], 1e-4, name);
    await trainer.dispose();
  });

  it('in micro-batches equals the step on the whole batch', async () => {
    const [whole, parts] = [smallModel(), smallModel()];
    const [a, b] = [createTrainer(whole, options), createTrainer(parts, options)];
    for (let step = 0; step < 3; step++) {
      const { gradient_norm } = await a.update(groups, 0.01, { total: 11 });
      let lossSum = 0;
      for (const batch of microBatches(groups, 4)) lossSum += (await b.accumulate(batch, { total: 11 })).loss ?? NaN;
      const applied = await b.apply(0.01);
      assertClose([applied.gradient_norm ?? NaN], [gradient_norm ?? NaN], 1e-5, 'norm');
      assert.ok(Number.isFinite(lossSum));
    }
    assertSameWeights(parts.weights, whole.weights, 1e-4);
    await a.dispose();
    await b.dispose();
  });

  it('after restoring weights and optimiser continues bit for bit', async () => {
    const straight = smallModel();
    const first = createTrainer(straight, options);
    await first.update(groups, 0.01, { total: 11 });
    const resumed = { config: straight.config, weights: copyWeights(straight.weights) };
    const second = createTrainer(resumed, options);
    second.updater.importState(first.updater.exportState());
    for (let step = 0; step < 2; step++) {
      const expected = await first.update(groups, 0.01, { total: 11 });
      assert.deepEqual(await second.update(groups, 0.01, { total: 11 }), expected);
    }
    assertSameWeights(resumed.weights, straight.weights, 0);
    assert.equal(second.updater.step, 3);
    await first.dispose();
    await second.dispose();
  });

  it('refuses the optimiser state of another model', () => {
    const model = smallModel();
    const trainer = createTrainer(model, options);
    const other = createTrainer(smallModel(1, { ...model.config, layers: 1, intermediateSize: 4 }), options);
    assert.throws(() => trainer.updater.importState(other.updater.exportState()), /optimiser state/);
  });
});

describe('responses to a shared prompt', () => {
  it('score as they do in rows that repeat the prompt, and give the same gradient', async () => {
    const { config, weights } = smallModel();
    const scorer = await createScorer({ config, weights }, { tokensAtOnce: 4 });
    const scores = await scorer.score(groups, 1);
    await scorer.dispose();

    const rows = groups.flatMap(({ prompt, responses }) => responses.map(({ tokens }) => ({ prompt, tokens })));
    const T = Math.max(...rows.map(({ prompt, tokens }) => prompt.length + tokens.length)) - 1;
    const graph = new Graph();
    const nodes = weightInputs(graph, config);
    const sizes = { batch: rows.length, length: T, kept: rows.length * T };
    const plain = sequence(graph, config, decoderNodes(graph, nodes), sequenceInputs(graph, config, sizes));
    const mask = graph.input('mask', [rows.length, T]);
    graph.output('log_probabilities', plain.logProbabilities);
    graph.output('entropies', plain.entropy);
    const plainLoss = graph.sum(graph.mul(plain.logProbabilities, mask));
    const names = [...nodes.keys()];
    gradients(graph, plainLoss, [...nodes.values()]).forEach((g, i) => {
      graph.output(names[i] ?? '', g);
    });
    const at = (start: number, f: (row: (typeof rows)[number], i: number) => number) =>
      rows.flatMap((row) => Array.from({ length: T }, (_, i) => f(row, i + start)));
    const token = ({ prompt, tokens }: (typeof rows)[number], i: number) => [...prompt, ...tokens][i] ?? 0;
    const expected = evaluate(graph, {
      ...weightFeeds(weights),
      ...sequenceFeeds(config, new Array<number>(rows.length).fill(T), T),
      tokens: at(0, token),
      targets: at(1, token),
      mask: at(1, ({ prompt, tokens }, i) => Number(i >= prompt.length && i < prompt.length + tokens.length)),
    });
    scores.flat().forEach(({ logProbabilities, entropies }, r) => {
      const start = r * T + (rows[r]?.prompt.length ?? 0) - 1;
      assertClose(
        logProbabilities,
        expected.log_probabilities?.subarray(start, start + logProbabilities.length) ?? [],
        1e-5,
        `row ${r}`,
      );
      assertClose(entropies, expected.entropies?.subarray(start, start + entropies.length) ?? [], 1e-5, `row ${r}`);
    });

    const shared = new Graph();
    const sharedNodes = weightInputs(shared, config);
    const sharedSizes = batchSizes(groups);
    const inputs = batchInputs(shared, config, sharedSizes);
    const { logProbabilities } = sharedPromptResponses(
      shared,
      config,
      decoderNodes(shared, sharedNodes),
      sharedSizes,
      inputs,
    );
    const sharedLoss = shared.sum(shared.mul(logProbabilities, inputs.mask));
    gradients(shared, sharedLoss, [...sharedNodes.values()]).forEach((g, i) => {
      shared.output(names[i] ?? '', g);
    });
    const actual = evaluate(shared, { ...weightFeeds(weights), ...batchOf(config, groups, 1).feeds });
    for (const name of names) assertClose(actual[name] ?? [], expected[name] ?? [], 1e-6, name);
  });
});

describe('supervised training', () => {
  it('lowers the loss, counts tokens by their weight, and repeats itself for the same seed', async () => {
    const rows = [{ tokens: [1, 2, 3, 4, 5, 6] }, { tokens: [7, 8, 9, 10], weights: [0, 0, 1, 0.5] }];
    const run = async () => {
      const pretrainer = createPretrainer(smallModel(3), { beta2: 0.95 });
      const losses: number[] = [];
      for (let step = 0; step < 30; step++) losses.push((await pretrainer.update(rows, 0.02)).loss ?? NaN);
      await pretrainer.dispose();
      return losses;
    };
    const losses = await run();
    assert.ok((losses.at(-1) ?? NaN) < 0.3 * (losses[0] ?? NaN), `${losses[0]} -> ${losses.at(-1)}`);
    assert.deepEqual(await run(), losses);
    // a row whose tokens all weigh nothing changes nothing
    const [a, b] = [createPretrainer(smallModel(3)), createPretrainer(smallModel(3))];
    const alone = await a.update(rows, 0.01);
    const padded = await b.update([...rows, { tokens: [1, 1, 1, 1, 1, 1], weights: new Float32Array(6) }], 0.01);
    assertClose([padded.loss ?? NaN], [alone.loss ?? NaN], 1e-6, 'loss');
    await a.dispose();
    await b.dispose();
  });
});
