// AdamW in the graph equals PyTorch's (fixtures/optimizer.json) and AdamW written out in plain numbers, and the gradient
// is clipped by its global norm.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Graph } from '../../src/tensor/graph.ts';
import { type AdamWOptions, adamW } from '../../src/tensor/optimizer.ts';
import { stepAdamW } from '../../src/tensor/optimizer_step.ts';
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

  it('on arrays and in place is the step of the graph', () => {
    const parameters = [Float32Array.of(0.5, -1), Float32Array.of(2)].map((weight, i) => {
      const zeros = () => new Float32Array(weight.length);
      return { weight, gradient: zeros(), first: zeros(), second: zeros(), isMatrix: i === 0 };
    });
    let inGraph = { w: [0.5, -1, 2], m: [0, 0, 0], v: [0, 0, 0], norm: 0 };
    for (let t = 1; t <= 4; t++) {
      const g = [0.3 * t, -2, 0.1];
      inGraph = step(inGraph.w, g, inGraph.m, inGraph.v, t, 0.01, options);
      parameters[0]?.gradient.set(g.slice(0, 2));
      parameters[1]?.gradient.set(g.slice(2));
      const norm = stepAdamW(parameters, { learningRate: 0.01, step: t }, options);
      assert.ok(Math.abs(norm - inGraph.norm) < 1e-6);
      for (const [key, name] of [
        ['w', 'weight'],
        ['m', 'first'],
        ['v', 'second'],
      ] as const) {
        const values = parameters.flatMap((parameter) => [...parameter[name]]);
        values.forEach((value, i) => {
          assert.ok(Math.abs(value - (inGraph[key][i] ?? NaN)) < 1e-6, `${key}[${i}] at step ${t}`);
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

const numbers = z.array(z.number());
const pair = z.tuple([z.array(numbers), numbers]);
const Cases = z.array(
  z.object({
    schedule: z.string(),
    start: pair,
    steps: z.array(z.object({ gradients: pair, norm: z.number(), learningRate: z.number(), weights: pair })),
  }),
);

describe("PyTorch's AdamW with decay, clipping and a schedule", () => {
  const file = new URL('../fixtures/optimizer.json', import.meta.url);
  for (const { schedule, start, steps } of Cases.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    it(`gives the same weights after every step (${schedule})`, () => {
      const graph = new Graph();
      const both = (name: string) => [graph.input(`${name}0`, [3, 2]), graph.input(`${name}1`, [3])];
      const [weights, gradients, first, second] = [both('w'), both('g'), both('m'), both('v')];
      const moments = first.flatMap((node, i) => (second[i] ? [{ first: node, second: second[i] }] : []));
      const inputs = { learningRate: graph.input('lr', []), step: graph.input('t', []) };
      const given = { beta2: 0.95, weightDecay: 0.1, maxGradientNorm: 1.5 };
      const { updates, gradientNorm } = adamW(graph, weights, gradients, moments, inputs, given);
      updates.forEach((update, i) => {
        graph.output(`w${i}`, update.weight);
        graph.output(`m${i}`, update.first);
        graph.output(`v${i}`, update.second);
      });
      graph.output('norm', gradientNorm);
      let state: Record<string, ArrayLike<number>> = {
        w0: start[0].flat(),
        w1: start[1],
        ...{ m0: new Float64Array(6), m1: new Float64Array(3), v0: new Float64Array(6), v1: new Float64Array(3) },
      };
      steps.forEach((step, i) => {
        const feeds = { g0: step.gradients[0].flat(), g1: step.gradients[1], lr: [step.learningRate], t: [i + 1] };
        const { norm, ...next } = evaluate(graph, { ...state, ...feeds });
        assert.ok(Math.abs((norm?.[0] ?? Number.NaN) - step.norm) < 1e-5);
        [...step.weights[0].flat(), ...step.weights[1]].forEach((expected, at) => {
          const got = [...(next.w0 ?? []), ...(next.w1 ?? [])][at] ?? Number.NaN;
          assert.ok(Math.abs(got - expected) < 2e-6, `step ${i}, weight ${at}: ${got} is not ${expected}`);
        });
        state = next;
      });
    });
  }
});
