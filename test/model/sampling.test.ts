// Tokens are drawn as often as the softmax says; what is reported is the whole distribution's.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Sampler, type SamplingOptions } from '../../src/model/sampling.ts';
import { random } from '../../src/spec/random.ts';

const logits = Float32Array.of(9, 9, 2, 1, 0, -1, 0.5); // two before the row
const START = 2;
const row = [...logits.slice(START)];

function frequencies(options: SamplingOptions, usable = 5, draws = 40_000): number[] {
  const sampler = new Sampler(5, usable);
  const rng = random(7, JSON.stringify(options));
  const drawn = { token: 0, logProbability: 0, entropy: 0 };
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < draws; i++) {
    sampler.draw(logits, START, options, rng, drawn);
    counts[drawn.token] = (counts[drawn.token] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

function softmax(values: readonly number[], temperature = 1): number[] {
  const weights = values.map((x) => Math.exp(x / temperature));
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
  it('draws tokens with their probabilities at the temperature', () => {
    assertNear(frequencies({}), softmax(row));
    assertNear(frequencies({ temperature: 0.5 }), softmax(row, 0.5));
  });

  it('keeps only the k most likely, or the most likely that reach p', () => {
    const masked = (kept: number[]) => softmax(row.map((x, i) => (kept.includes(i) ? x : -Infinity)));
    assertNear(frequencies({ topK: 2 }), masked([0, 1]));
    assertNear(frequencies({ topP: 0.76 }), masked([0, 1]));
    assertNear(frequencies({ topP: 0.88 }), masked([0, 1, 4]));
    assertNear(frequencies({}, 3), masked([0, 1, 2]));
  });

  it('takes the most likely token when greedy', () => {
    assert.deepEqual(frequencies({ greedy: true }), [1, 0, 0, 0, 0]);
  });

  it('reports log π and the entropy of the whole distribution, whatever the logits', () => {
    const values = fc.array(fc.float({ min: -80, max: 80, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.2, max: 3, noNaN: true }), fc.integer(), (xs, temperature, seed) => {
        const sampler = new Sampler(xs.length);
        const drawn = { token: -1, logProbability: NaN, entropy: NaN };
        sampler.draw(Float32Array.from(xs), 0, { temperature, topP: 0.9 }, random(seed), drawn);
        const top = Math.max(...xs);
        const p = softmax(
          xs.map((x) => x - top),
          temperature,
        );
        const entropy = p.reduce((sum, x) => sum - (x > 0 ? x * Math.log(x) : 0), 0);
        const direct =
          ((xs[drawn.token] ?? NaN) - top) / temperature -
          Math.log(xs.reduce((sum, x) => sum + Math.exp((x - top) / temperature), 0));
        assert.ok(Math.abs(drawn.logProbability - direct) < 1e-6 * (1 + Math.abs(direct)));
        assert.ok(Math.abs(drawn.entropy - entropy) < 1e-6);
      }),
    );
  });
});
