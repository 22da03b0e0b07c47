// Tokens are drawn as often as their probabilities say.

import assert from 'node:assert/strict';
import { type Distributions, draw, partSize, type SamplingOptions } from '../../src/model/sampling.ts';
import { random } from '../../src/spec/random.ts';

const row = softmax([2, 1, 0, -1, 0.5]);
/** Rows as the model gives them. */
function distributions(rows: readonly (readonly number[])[]): Distributions {
  const vocabulary = rows[0]?.length ?? 0;
  const part = partSize(vocabulary);
  const all = rows.flat();
  const sums = Array.from({ length: all.length / part }, (_, i) =>
    all.slice(i * part, (i + 1) * part).reduce((sum, p) => sum + p, 0),
  );
  return { probabilities: Float32Array.from(all), sums: Float32Array.from(sums), vocabulary };
}

const given = distributions([[0.9, 0.025, 0.025, 0.025, 0.025], row]);

function frequencies(options: SamplingOptions, usable = 5, draws = 40_000): number[] {
  const rng = random(7, JSON.stringify(options));
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < draws; i++) {
    const token = draw(given, 1, usable, options, rng);
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
  it('draws tokens with their probabilities', () => {
    assertNear(frequencies({}), row);
  });

  it('keeps only the k most likely, or the most likely that reach p, or those there are', () => {
    const only = (kept: number[]) => {
      const sum = kept.reduce((total, i) => total + (row[i] ?? 0), 0);
      return row.map((p, i) => (kept.includes(i) ? p / sum : 0));
    };
    assertNear(frequencies({ topK: 2 }), only([0, 1]));
    assertNear(frequencies({ topP: 0.76 }), only([0, 1]));
    assertNear(frequencies({ topP: 0.88 }), only([0, 1, 4]));
    assertNear(frequencies({}, 3), only([0, 1, 2]));
    assertNear(frequencies({ topP: 0.9 }, 3), only([0, 1]));
  });

  it('finds a token of a large vocabulary by the sums of its parts, also where the last part may be drawn in part', () => {
    const [size, usable, draws] = [6 * 128, 5 * 128 + 40, 20_000];
    assert.equal(partSize(size), 128);
    const wide = distributions([softmax(Array.from({ length: size }, (_, i) => Math.sin(i) + i / size))]);
    const rng = random(3);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < draws; i++) {
      const token = draw(wide, 0, usable, {}, rng);
      assert.ok(token >= 0 && token < usable);
      counts[Math.floor(token / 128)] = (counts[Math.floor(token / 128)] ?? 0) + 1;
    }
    const masses = counts.map((_, c) =>
      wide.probabilities.slice(c * 128, Math.min(usable, (c + 1) * 128)).reduce((sum, p) => sum + p, 0),
    );
    const all = masses.reduce((sum, mass) => sum + mass);
    masses.forEach((mass, c) => {
      const p = mass / all;
      assert.ok(Math.abs((counts[c] ?? NaN) / draws - p) < 5 * Math.sqrt((p * (1 - p)) / draws));
    });
  });

  it('takes the most likely token when greedy', () => {
    assert.deepEqual(frequencies({ greedy: true }), [1, 0, 0, 0, 0]);
  });

  it('gives a token that can be drawn however the probabilities are rounded', () => {
    const rng = { ...random(1), uniform: () => 1 - 2 ** -53 };
    assert.equal(draw(distributions([[0, 1, 0]]), 0, 3, {}, rng), 1);
    assert.equal(draw(distributions([[0, 0, 0.25]]), 0, 3, { topP: 0.5 }, rng), 2);
  });
});
