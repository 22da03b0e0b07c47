// The policy's loss against TRL's own `_compute_loss` (fixtures/trl_grpo.json, trl_objectives.json: loss, gradient,
// metrics in float64), against cases worked out by hand, and on ONNX Runtime against the reference executor.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { evaluate } from '../../src/tensor/reference.ts';
import { type Aggregation, responseWeights } from '../../src/training/aggregation.ts';
import { type PolicyLossOptions, policyLoss } from '../../src/training/loss.ts';

const table = z.array(z.array(z.number()));
const Case = z.object({
  name: z.string(),
  ratio: z.enum(['token', 'geometric', 'response']).default('token'),
  aggregation: z.enum(['token', 'response', 'limit']),
  clip: z.number(),
  clipHigh: z.number(),
  kl: z.number(),
  entropyBonus: z.number().default(0),
  biasCorrectedKl: z.boolean(),
  onPolicy: z.boolean(),
  temperature: z.number().default(1),
  leftOutRow: z.number().nullable(),
  expected: z.object({
    loss: z.number(),
    gradient: table,
    logitsGradientNorm: z.number(),
    metrics: z.record(z.string(), z.number()),
  }),
});
const Fixtures = z.object({
  inputs: z.object({
    logits: z.array(table),
    tokens: table,
    mask: table,
    old: table,
    reference: table,
    advantages: z.array(z.number()),
  }),
  cases: z.array(Case),
});
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
const { inputs, cases: grpoCases } = Fixtures.parse(read('trl_grpo'));
const { cases: objectiveCases } = Fixtures.pick({ cases: true }).parse(read('trl_objectives'));
const cases = [...grpoCases, ...objectiveCases];
/** The most tokens of a response in the fixtures. */
const LIMIT = 8;

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
    ['advantage', graph.input('advantage', [rows, length])],
    ['weight', graph.input('weight', [rows, 1])],
    ['inverse_length', graph.input('inverse_length', [rows, 1])],
  ]);
  const given = (name: string) => inputs.get(name) ?? assert.fail(name);
  const { loss, metrics } = policyLoss(options)(graph, { logProbabilities, entropy, mask, given });
  const [byToken, byLogit] = gradients(graph, loss, [logProbabilities, logits]);
  graph.output('loss', loss);
  graph.output('gradient', byToken ?? assert.fail());
  graph.output('logitsGradient', byLogit ?? assert.fail());
  for (const [name, node] of Object.entries(metrics)) graph.output(name, node);
  const lengths = batch.mask.map((row) => row.reduce((sum, one) => sum + one, 0));
  const feeds = {
    logits: batch.logits.flat(2),
    tokens: batch.tokens.flat(),
    mask: batch.mask.flat(),
    ...(batch.old && { old: batch.old.flat() }),
    reference: batch.reference.flat(),
    advantage: batch.advantages.flatMap((advantage) => new Array<number>(length).fill(advantage)),
    weight: responseWeights(lengths, batch.aggregation, LIMIT),
    inverse_length: lengths.map((length) => 1 / Math.max(1, length)),
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
  for (const { name, expected, leftOutRow, onPolicy, ...options } of cases) {
    const mask = inputs.mask.map((row, i) => (i === leftOutRow ? row.map(() => 0) : row));
    const batch = { ...inputs, ...options, mask, old: onPolicy ? null : inputs.old };

    it(`has TRL's value and gradient: ${name}`, () => {
      const { graph, feeds } = lossGraph(batch, options);
      const result = evaluate(graph, feeds);
      close(result.loss, [expected.loss], 'loss', 1e-8);
      close(result.gradient, expected.gradient.flat(), 'd loss / d log-probability');
      close([norm(result.logitsGradient)], [expected.logitsGradientNorm], 'd loss / d logits');
      // TRL's metrics are means over tokens, and its kl has the bias correction inside
      if (options.aggregation !== 'token' || options.ratio !== 'token') return;
      close(result.entropy, [expected.metrics.entropy ?? 0], 'entropy');
      const clipped = (result.clip_low?.[0] ?? Number.NaN) + (result.clip_high?.[0] ?? Number.NaN);
      close([clipped], [expected.metrics['clip_ratio/region_mean'] ?? 0], 'clip ratio');
    });
  }

  it('is the same on ONNX Runtime', async () => {
    for (const { leftOutRow: _, onPolicy, ...options } of cases) {
      const { graph, feeds } = lossGraph({ ...inputs, ...options, old: onPolicy ? null : inputs.old }, options);
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
    const { graph, feeds } = lossGraph(batch, {
      ratio: 'token',
      clip: 0.2,
      clipHigh: 0.2,
      kl: 0,
      entropyBonus: 0,
      ...options,
    });
    return evaluate(graph, feeds);
  };

  it('clips a ratio that went too far in the wanted direction, and there has no gradient', () => {
    // ρ = 1.5 → clipped at 1.2; ρ = 1.1 stays; mean of −1.2·2 and −1.1·2
    const { loss, gradient, clip_low, clip_high } = run(pair([0.6, 0.55], [0.4, 0.5], 2), {});
    close(loss, [-2.3], 'loss', 1e-12);
    // d(−ρA)/d log π = −ρA, over two tokens
    close(gradient, [0, -1.1], 'gradient', 1e-12);
    close([...(clip_low ?? []), ...(clip_high ?? [])], [0, 0.5], 'clip ratios', 1e-12);
  });

  it('does not clip a ratio that went too far in the unwanted direction', () => {
    const { loss, gradient, clip_low, clip_high } = run(pair([0.6, 0.55], [0.4, 0.5], -2), {});
    close(loss, [(1.5 * 2 + 1.1 * 2) / 2], 'loss', 1e-12);
    close(gradient, [1.5, 1.1], 'gradient', 1e-12);
    close([...(clip_low ?? []), ...(clip_high ?? [])], [0, 0], 'clip ratios', 1e-12);
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

  it('clips the ratio of a whole response, or its geometric mean', () => {
    // ρ of the tokens: 1.5 and 1.1; of the response 1.65; their geometric mean √1.65 = 1.2845
    const batch = pair([0.6, 0.55], [0.4, 0.5], 1);
    close(run(batch, { ratio: 'response', clipHigh: 1 }).loss, [-1.65], 'response', 1e-12);
    close(run(batch, { ratio: 'response' }).loss, [-1.2], 'clipped response', 1e-12);
    close(run(batch, { ratio: 'geometric', clipHigh: 1 }).loss, [-Math.sqrt(1.65)], 'geometric', 1e-12);
    // d(−√(ρ₁ρ₂))/d log π of either token
    const half = -Math.sqrt(1.65) / 2;
    close(run(batch, { ratio: 'geometric', clipHigh: 1 }).gradient, [half, half], 'gradient', 1e-12);
  });

  it('takes the entropy of the tokens off, times its coefficient', () => {
    const H = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    const { loss } = run(pair([0.6, 0.55], [0.6, 0.55], 0), { entropyBonus: 0.1 });
    close(loss, [(-0.1 * (H(0.6) + H(0.55))) / 2], 'loss', 1e-7);
  });

  it('counts every token the same, every response, or every place up to the limit', () => {
    assert.deepEqual(responseWeights([1, 3], 'token', 4), [0.25, 0.25]);
    assert.deepEqual(responseWeights([1, 3], 'response', 4), [1 / 2, 1 / 6]);
    assert.deepEqual(responseWeights([1, 3], 'limit', 4), [1 / 8, 1 / 8]);
    for (const aggregation of ['token', 'response'] as const) {
      const lengths = [5, 1, 9, 2];
      const weights = responseWeights(lengths, aggregation, 10);
      const total = lengths.reduce((sum, length, i) => sum + length * (weights[i] ?? 0), 0);
      close([total], [1], aggregation, 1e-12);
    }
  });

  it('counts a response that is left out among the responses, and none of its tokens', () => {
    assert.deepEqual(responseWeights([2, 0], 'token', 4), [1 / 2, 0]);
    assert.deepEqual(responseWeights([2, 0], 'response', 4), [1 / 4, 0]);
    assert.deepEqual(responseWeights([2, 0], 'limit', 4), [1 / 8, 0]);
  });
});
