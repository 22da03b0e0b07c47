// Of a part of a distribution, tokens are drawn as often as their probabilities say.

import assert from 'node:assert/strict';
import { draw, type SamplingOptions } from '../../src/model/sampling.ts';
import { random } from '../../src/spec/random.ts';

const row = Float32Array.from(softmax([2, 1, 0, -1, 0.5]));
function frequencies(options: SamplingOptions, usable = 5, draws = 40_000): number[] {
  const rng = random(7, JSON.stringify(options));
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < draws; i++) {
    const token = draw(row.subarray(0, usable), options, rng);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

function softmax(values: readonly number[]): number[] {
  const weights = values.map(Math.exp);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

function assertNear(actual: readonly number[], expected: readonly number[]) {
  expected.forEach((p, i) => {
    // five standard deviations
    const tolerance = 5 * Math.sqrt((p * (1 - p)) / 40_000) + 1e-9;
    assert.ok(Math.abs((actual[i] ?? NaN) - p) <= tolerance, `${actual} is not ${expected}`);
  });
}

describe('sampling', () => {
  it('keeps only the k most likely, or the most likely that reach p, or those there are', () => {
    const only = (kept: number[]) => {
      const sum = kept.reduce((total, i) => total + (row[i] ?? 0), 0);
      return Array.from(row, (p, i) => (kept.includes(i) ? p / sum : 0));
    };
    assertNear(frequencies({ topK: 2 }), only([0, 1]));
    assertNear(frequencies({ topP: 0.76 }), only([0, 1]));
    assertNear(frequencies({ topP: 0.88 }), only([0, 1, 4]));
    assertNear(frequencies({ topP: 0.9 }, 3), only([0, 1]));
  });

  it('takes the most likely token when greedy', () => {
    assert.deepEqual(frequencies({ greedy: true }), [1, 0, 0, 0, 0]);
  });

  it('gives a token that can be drawn however the probabilities are rounded', () => {
    const rng = { ...random(1), uniform: () => 1 - 2 ** -53 };
    assert.equal(draw(Float32Array.of(0, 1, 0), { topK: 3 }, rng), 1);
    assert.equal(draw(Float32Array.of(0, 0, 0.25), { topP: 0.5 }, rng), 2);
  });
});
