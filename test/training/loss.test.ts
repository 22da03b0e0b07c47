// The policy's loss against TRL's own `_compute_loss` (fixtures/trl_grpo.json: loss, gradient, metrics in float64),
// against cases worked out by hand, and on ONNX Runtime against the reference executor.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { evaluate } from '../../src/tensor/reference.ts';
import { groupAdvantages } from '../../src/training/advantages.ts';
import { type Aggregation, responseWeights } from '../../src/training/aggregation.ts';
import { type PolicyLossOptions, policyLoss } from '../../src/training/loss.ts';

const table = z.array(z.array(z.number()));
const Fixtures = z.object({
  inputs: z.object({
    logits: z.array(table),
    tokens: table,
    mask: table,
    old: table,
    reference: table,
    advantages: z.array(z.number()),
  }),
  cases: z.array(
    z.object({
      name: z.string(),
      aggregation: z.enum(['token', 'sequence']),
      clipLow: z.number(),
      clipHigh: z.number(),
      kl: z.number(),
      biasCorrectedKl: z.boolean(),
      onPolicy: z.boolean(),
      temperature: z.number(),
      leftOutRow: z.number().nullable(),
      expected: z.object({
        loss: z.number(),
        gradient: table,
        logitsGradientNorm: z.number(),
        metrics: z.record(z.string(), z.number()),
      }),
    }),
  ),
  advantages: z.object({ rewards: table, group: z.array(z.number()) }),
});
const path = new URL('./fixtures/trl_grpo.json', import.meta.url);
const fixtures = Fixtures.parse(JSON.parse(readFileSync(path, 'utf8')));

interface Batch {
  logits: number[][][];
  tokens: number[][];
  mask: number[][];
  /** null: the log-probabilities themselves, as on-policy. */
  old: number[][] | null;
  reference: number[][];
  advantages: number[];
  aggregation: Aggregation;
  temperature: number;
}

/** The loss as a graph over logits, with its gradients and metrics as outputs, and what it is fed. */
function lossGraph(batch: Batch, options: PolicyLossOptions) {
  const [rows, length, vocabulary] = [batch.tokens.length, batch.tokens[0]?.length ?? 0, batch.logits[0]?.[0]?.length];
  const graph = new Graph();
  const logits = graph.input('logits', [rows, length, vocabulary ?? 0]);
  const tokens = graph.input('tokens', [rows, length, 1], 'int32');
  const mask = graph.input('mask', [rows, length]);
  const all = graph.logSoftmax(graph.mul(logits, 1 / batch.temperature));
  const logProbabilities = graph.reshape(graph.takeAlong(all, tokens), [rows, length]);
  const entropy = graph.neg(graph.sum(graph.mul(graph.exp(all), all), [2]));
  const inputs = new Map([
    ['old', batch.old === null ? graph.stopGradient(logProbabilities) : graph.input('old', [rows, length])],
    ['reference', graph.input('reference', [rows, length])],
    ['advantage', graph.input('advantage', [rows, 1])],
    ['weight', graph.input('weight', [rows, 1])],
  ]);
  const given = (name: string) => inputs.get(name) ?? assert.fail(name);
  const { loss, metrics } = policyLoss(options)(graph, { logProbabilities, entropy, mask, given });
  const [byToken, byLogit] = gradients(graph, loss, [logProbabilities, logits]);
  graph.output('loss', loss);
  graph.output('gradient', byToken ?? assert.fail());
  graph.output('logitsGradient', byLogit ?? assert.fail());
  for (const [name, node] of Object.entries(metrics)) graph.output(name, node);
  const lengths = batch.mask.map((row) => row.reduce((sum, one) => sum + one, 0));
  const present = lengths.filter((length) => length > 0);
  const weights = responseWeights(present, batch.aggregation);
  const feeds = {
    logits: batch.logits.flat(2),
    tokens: batch.tokens.flat(),
    mask: batch.mask.flat(),
    ...(batch.old && { old: batch.old.flat() }),
    reference: batch.reference.flat(),
    advantage: batch.advantages,
    weight: lengths.map((length) => (length === 0 ? 0 : (weights.shift() ?? 0))),
  };
  return { graph, feeds };
}

function close(actual: ArrayLike<number> | undefined, expected: readonly number[], what: string, tolerance = 1e-6) {
  assert.equal(actual?.length, expected.length, what);
  expected.forEach((value, i) => {
    const found = actual?.[i] ?? Number.NaN;
    assert.ok(Math.abs(found - value) <= tolerance * (1 + Math.abs(value)), `${what}[${i}]: ${found} is not ${value}`);
  });
}

function norm(values: ArrayLike<number> = []): number {
  return Math.hypot(...Array.from(values));
}

describe("the policy's loss", () => {
  for (const { name, expected, leftOutRow, onPolicy, ...options } of fixtures.cases) {
    const mask = fixtures.inputs.mask.map((row, i) => (i === leftOutRow ? row.map(() => 0) : row));
    const batch = { ...fixtures.inputs, ...options, mask, old: onPolicy ? null : fixtures.inputs.old };

    it(`has TRL's value and gradient: ${name}`, () => {
      const { graph, feeds } = lossGraph(batch, options);
      const result = evaluate(graph, feeds);
      close(result.loss, [expected.loss], 'loss', 1e-8);
      close(result.gradient, expected.gradient.flat(), 'd loss / d log-probability');
      close([norm(result.logitsGradient)], [expected.logitsGradientNorm], 'd loss / d logits');
      // TRL's metrics are means over tokens, and its kl has the bias correction inside
      if (options.aggregation === 'sequence') return;
      close(result.entropy, [expected.metrics.entropy ?? 0], 'entropy');
      close(result.clip_ratio, [expected.metrics['clip_ratio/region_mean'] ?? 0], 'clip ratio');
    });
  }

  it('is the same on ONNX Runtime', async () => {
    for (const { leftOutRow: _, onPolicy, ...options } of fixtures.cases) {
      const { graph, feeds } = lossGraph(
        { ...fixtures.inputs, ...options, old: onPolicy ? null : fixtures.inputs.old },
        options,
      );
      const expected = evaluate(graph, feeds);
      const program = await compile(graph);
      const typed = Object.entries(feeds).map(([name, values]) => {
        return [name, name === 'tokens' ? Int32Array.from(values) : Float32Array.from(values)] as const;
      });
      const actual = await program.run(Object.fromEntries(typed));
      for (const [name, values] of Object.entries(expected)) close(actual[name], [...values], name, 2e-5);
      await program.dispose();
    }
  });

  // one response of two tokens; softmax over two logits (x, 0), so that π = 1 / (1 + e^-x)
  const logit = (probability: number) => Math.log(probability / (1 - probability));
  const pair = (probabilities: [number, number], old: [number, number], advantage: number): Batch => ({
    logits: [probabilities.map((probability) => [logit(probability), 0])],
    tokens: [[0, 0]],
    mask: [[1, 1]],
    old: [old.map(Math.log)],
    reference: [old.map(Math.log)],
    advantages: [advantage],
    aggregation: 'token',
    temperature: 1,
  });
  const run = (batch: Batch, options: Partial<PolicyLossOptions>) => {
    const { graph, feeds } = lossGraph(batch, { clipLow: 0.2, clipHigh: 0.2, kl: 0, ...options });
    return evaluate(graph, feeds);
  };

  it('clips a ratio that went too far in the wanted direction, and there has no gradient', () => {
    // ρ = 1.5 → clipped at 1.2; ρ = 1.1 stays; mean of −1.2·2 and −1.1·2
    const { loss, gradient, clip_ratio } = run(pair([0.6, 0.55], [0.4, 0.5], 2), {});
    close(loss, [-2.3], 'loss', 1e-12);
    // d(−ρA)/d log π = −ρA, over two tokens
    close(gradient, [0, -1.1], 'gradient', 1e-12);
    close(clip_ratio, [0.5], 'clip ratio', 1e-12);
  });

  it('does not clip a ratio that went too far in the unwanted direction', () => {
    const { loss, gradient, clip_ratio } = run(pair([0.6, 0.55], [0.4, 0.5], -2), {});
    close(loss, [(1.5 * 2 + 1.1 * 2) / 2], 'loss', 1e-12);
    close(gradient, [1.5, 1.1], 'gradient', 1e-12);
    close(clip_ratio, [0], 'clip ratio', 1e-12);
  });

  it('adds the k3 estimate of the KL divergence from the reference', () => {
    // π_ref/π = 0.4/0.6: k3 = 2/3 − ln(2/3) − 1, and the second token is equal in both
    const k3 = 2 / 3 - Math.log(2 / 3) - 1;
    const { loss, kl, gradient } = run(pair([0.6, 0.5], [0.4, 0.5], 0), { kl: 0.5 });
    close(kl, [k3 / 2], 'kl', 1e-12);
    close(loss, [k3 / 4], 'loss', 1e-12);
    // d k3 / d log π = 1 − π_ref/π
    close(gradient, [(0.5 / 2) * (1 - 2 / 3), 0], 'gradient', 1e-12);
  });

  it('counts every token the same, or every response the same', () => {
    assert.deepEqual(responseWeights([1, 3], 'token'), [0.25, 0.25]);
    assert.deepEqual(responseWeights([1, 3], 'sequence'), [1 / 2, 1 / 6]);
    for (const aggregation of ['token', 'sequence'] as const) {
      const lengths = [5, 1, 9, 2];
      const weights = responseWeights(lengths, aggregation);
      const total = lengths.reduce((sum, length, i) => sum + length * (weights[i] ?? 0), 0);
      close([total], [1], aggregation, 1e-12);
    }
  });
});

describe('advantages', () => {
  it("are TRL's", () => {
    const { rewards, group } = fixtures.advantages;
    close(rewards.flatMap(groupAdvantages), group, 'advantages', 1e-7);
  });

  it('are none where all rewards are equal, also when their sum rounds', () => {
    assert.deepEqual(groupAdvantages([0.1, 0.1, 0.1]), [0, 0, 0]);
    assert.deepEqual(groupAdvantages(Array(7).fill(-1.1)), Array(7).fill(0));
    assert.deepEqual(groupAdvantages([3]), [0]);
    assert.deepEqual(groupAdvantages([]), []);
  });

  it('have mean zero and unit variance, and do not change when rewards are moved or stretched', () => {
    const rewards = [3, -0.5, -3, -3, -1, 3, -0.5, -0.5];
    const advantages = groupAdvantages(rewards);
    const mean = advantages.reduce((sum, a) => sum + a, 0) / 8;
    const variance = advantages.reduce((sum, a) => sum + a * a, 0) / 7;
    close([mean, variance], [0, 1], 'moments', 2e-4);
    close(groupAdvantages(rewards.map((reward) => 100 * reward - 7)), advantages, 'stretched', 1e-4);
  });
});
