// Inside the graph, tokens are drawn as often as their probabilities say.

import assert from 'node:assert/strict';
import { drawn } from '../../src/model/drawing.ts';
import { random } from '../../src/spec/random.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';

/** A token for each u, all from one distribution. */
async function draws(row: readonly number[], uniforms: Float32Array, usable = row.length): Promise<number[]> {
  const graph = new Graph();
  const rows = graph.freeDimension('rows');
  const probabilities = graph.input('probabilities', [rows, row.length]);
  const given = { uniforms: graph.input('uniforms', [rows]), numbers: graph.input('numbers', [rows], 'int32') };
  graph.output('tokens', drawn(graph, probabilities, usable, given));
  const program = await compile(graph);
  const feeds = {
    probabilities: Float32Array.from({ length: uniforms.length * row.length }, (_, i) => row[i % row.length] ?? 0),
    ...{ uniforms, numbers: Int32Array.from(uniforms, (_, i) => i) },
  };
  const { tokens } = await program.run(feeds, {}, { rows: uniforms.length });
  await program.dispose();
  return Array.from(tokens ?? []);
}

function uniform(count: number): Float32Array {
  const rng = random(7);
  return Float32Array.from({ length: count }, () => rng.uniform());
}

function softmax(values: readonly number[]): number[] {
  const weights = values.map(Math.exp);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** Within five standard deviations. */
function assertFrequencies(tokens: readonly number[], expected: readonly number[]): void {
  const counts = new Array<number>(expected.length).fill(0);
  for (const token of tokens) counts[token] = (counts[token] ?? 0) + 1;
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    tokens.length,
  );
  expected.forEach((p, i) => {
    const deviation = Math.sqrt((p * (1 - p)) / tokens.length);
    const frequency = (counts[i] ?? NaN) / tokens.length;
    assert.ok(Math.abs(frequency - p) <= 5 * deviation + 1e-9, `${frequency} of ${i} is not ${p}`);
  });
}

describe('a draw inside the graph', () => {
  it('has the probabilities of all tokens, or of those that may be drawn', async () => {
    const row = softmax([2, 1, 0, -1, 0.5]);
    assertFrequencies(await draws(row, uniform(40_000)), row);
    const sum = row.slice(0, 3).reduce((total, p) => total + p);
    assertFrequencies(
      await draws(row, uniform(40_000), 3),
      row.slice(0, 3).map((p) => p / sum),
    );
  });

  it('finds a token of a large vocabulary by the sums of its parts, also where the last part may be drawn in part', async () => {
    const [size, usable] = [6 * 128, 5 * 128 + 40];
    const row = softmax(Array.from({ length: size }, (_, i) => Math.sin(i) + i / size));
    const sum = row.slice(0, usable).reduce((total, p) => total + p);
    const tokens = await draws(row, uniform(5_000), usable);
    assertFrequencies(
      tokens,
      row.slice(0, usable).map((p) => p / sum),
    );
  });

  it('is of a token that can be drawn however the probabilities are rounded', async () => {
    const ends = Float32Array.of(0, 1 - 2 ** -53, 1 - 2 ** -24, 0.5);
    assert.deepEqual(await draws([0, 1, 0], ends), [1, 1, 1, 1]);
    assert.deepEqual(await draws([0, 0, 1e-30], ends), [2, 2, 2, 2]);
    // parts of 100
    const sparse = Array.from({ length: 300 }, (_, i) => (i % 100 === 50 ? 0.1 + i / 1e7 : 0));
    const tokens = await draws(sparse, Float32Array.of(0, 1, 1 / 3, 2 / 3, 0.3333333, 0.6666666));
    assert.ok(tokens.every((token) => token % 100 === 50));
  });
});
