// AdamW in the graph equals AdamW written out in plain numbers, and the gradient is clipped by its global norm.

import assert from 'node:assert/strict';
import { Graph } from '../../src/tensor/graph.ts';
import { type AdamWOptions, adamW } from '../../src/tensor/optimizer.ts';
import { evaluate } from '../../src/tensor/reference.ts';

const options: Required<AdamWOptions> = {
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradientNorm: 1,
};

/** Runs one step on a matrix [1, 2] and a bias [1]. */
function step(
  w: number[],
  g: number[],
  m: number[],
  v: number[],
  t: number,
  learningRate: number,
  given: AdamWOptions,
) {
  const graph = new Graph();
  const pair = (name: string) => [graph.input(`${name}0`, [1, 2]), graph.input(`${name}1`, [1])];
  const [weights, gradients, first, second] = [pair('w'), pair('g'), pair('m'), pair('v')];
  const moments = first.flatMap((node, i) => (second[i] ? [{ first: node, second: second[i] }] : []));
  const inputs = { learningRate: graph.input('lr', []), step: graph.input('t', []) };
  const { updates, gradientNorm } = adamW(graph, weights, gradients, moments, inputs, given);
  updates.forEach((update, i) => {
    graph.output(`w${i}`, update.weight);
    graph.output(`m${i}`, update.first);
    graph.output(`v${i}`, update.second);
  });
  graph.output('norm', gradientNorm);
  const split = (name: string, values: number[]) => ({
    [`${name}0`]: values.slice(0, 2),
    [`${name}1`]: values.slice(2),
  });
  const out = evaluate(graph, {
    ...split('w', w),
    ...split('g', g),
    ...split('m', m),
    ...split('v', v),
    lr: [learningRate],
    t: [t],
  });
  const join = (name: string) => [...(out[`${name}0`] ?? []), ...(out[`${name}1`] ?? [])];
  return { w: join('w'), m: join('m'), v: join('v'), norm: out.norm?.[0] ?? NaN };
}

describe('AdamW', () => {
  it('follows the published algorithm over several steps', () => {
    let actual = { w: [0.5, -1, 2], m: [0, 0, 0], v: [0, 0, 0] };
    let expected = structuredClone(actual);
    for (let t = 1; t <= 4; t++) {
      const g = [0.3 * t, -2, 0.1];
      actual = step(actual.w, g, actual.m, actual.v, t, 0.01, options);
      expected = byHand(expected, g, t, 0.01);
      for (const key of ['w', 'm', 'v'] as const) {
        actual[key].forEach((value, i) => {
          // the graph's constants are float32
          assert.ok(Math.abs(value - (expected[key][i] ?? NaN)) < 1e-6, `${key}[${i}] at step ${t}`);
        });
      }
    }
  });

  it('reports the norm before clipping, and leaves a short gradient alone', () => {
    const long = step([0, 0, 0], [3, 4, 12], [0, 0, 0], [0, 0, 0], 1, 0.01, options);
    assert.ok(Math.abs(long.norm - 13) < 1e-9);
    assert.ok(Math.abs(Math.hypot(...long.m) - 0.1) < 1e-6, 'the clipped gradient has length 1');
    const short = step([0, 0, 0], [0.3, 0.4, 0], [0, 0, 0], [0, 0, 0], 1, 0.01, options);
    assert.ok(Math.abs((short.m[0] ?? 0) - 0.03) < 1e-7);
  });

  it('decays matrices and leaves biases alone', () => {
    const { w } = step([1, 1, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0], 1, 0.1, options);
    assert.ok(Math.abs((w[0] ?? 0) - 0.99) < 1e-7);
    assert.equal(w[2], 1);
  });
});

function byHand(state: { w: number[]; m: number[]; v: number[] }, gradient: number[], t: number, learningRate: number) {
  const { beta1, beta2, epsilon, weightDecay, maxGradientNorm } = options;
  const norm = Math.hypot(...gradient);
  const g = gradient.map((x) => x * Math.min(1, maxGradientNorm / (norm + 1e-6)));
  const m = state.m.map((x, i) => beta1 * x + (1 - beta1) * (g[i] ?? 0));
  const v = state.v.map((x, i) => beta2 * x + (1 - beta2) * (g[i] ?? 0) ** 2);
  const w = state.w.map((x, i) => {
    const direction = (m[i] ?? 0) / (1 - beta1 ** t) / (Math.sqrt((v[i] ?? 0) / (1 - beta2 ** t)) + epsilon);
    return x - learningRate * (direction + (i < 2 ? weightDecay * x : 0));
  });
  return { w, m, v };
}
