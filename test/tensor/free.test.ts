// One program serves every size of a free dimension, gradients included.

import assert from 'node:assert/strict';
import { random } from '../../src/spec/random.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { evaluate } from '../../src/tensor/reference.ts';

/** Something of every operation that has to know a size: [B, T, 4] by [4, 3], indices [B, T]. */
function build(graph: Graph, batch: number, length: number): Graph {
  const x = graph.input('x', [batch, length, 4]);
  const w = graph.input('w', [4, 3]);
  const table = graph.input('table', [5, 3]);
  const ids = graph.input('ids', [batch, length], 'int32');
  const rows = graph.matmul(graph.reshape(x, [batch * length, 4]), w); // [B·T, 3]
  const looked = graph.reshape(graph.gatherRows(table, ids), rows.shape);
  const split = graph.reshape(graph.add(rows, looked), [batch, length, 3]);
  const turned = graph.reshape(graph.transpose(split, [1, 0, 2]), [length * batch, 3]);
  const scores = graph.logSoftmax(turned);
  const at = graph.reshape(graph.transpose(ids, [1, 0]), [length * batch, 1]);
  const taken = graph.takeAlong(scores, graph.cast(graph.less(at, graph.constant(Int32Array.of(2), [])), 'int32'));
  const spread = graph.mul(graph.mean(split, [1], true), graph.maximum(split, [0, 2], true)); // [B, T, 3]
  const joined = graph.concat([split, graph.expand(graph.sum(split, [-1], true), split.shape)], -1);
  const loss = graph.sub(
    graph.add(graph.mean(graph.square(spread)), graph.mean(graph.square(graph.slice(joined, -1, 1, 5)))),
    graph.mean(taken),
  );
  graph.output('loss', loss);
  gradients(graph, loss, [x, w, table]).forEach((g, i) => {
    graph.output(`g${i}`, g);
  });
  return graph;
}

describe('free dimensions', () => {
  it('give, for any sizes, what a graph of those sizes gives', async () => {
    const graph = new Graph();
    const program = await compile(build(graph, graph.freeDimension('batch'), graph.freeDimension('length')));
    for (const [batch, length] of [
      [2, 3],
      [1, 1],
      [5, 2],
      [3, 7],
    ] as const) {
      const rng = random(batch, 'free');
      const normal = (n: number) => Float32Array.from({ length: n }, () => rng.normal());
      const feeds = {
        x: normal(batch * length * 4),
        w: normal(12),
        table: normal(15),
        ids: Int32Array.from({ length: batch * length }, () => rng.below(5)),
      };
      const expected = evaluate(build(new Graph(), batch, length), feeds);
      const actual = await program.run(feeds, {}, { batch, length });
      for (const [name, values] of Object.entries(expected)) {
        assert.equal(actual[name]?.length, values.length);
        values.forEach((value, i) => {
          assert.ok(Math.abs(value - (actual[name]?.[i] ?? NaN)) < 1e-5 * (1 + Math.abs(value)), `${name}[${i}]`);
        });
      }
    }
    await program.dispose();
  });

  it('must be given, and must fit the data', async () => {
    const graph = new Graph();
    const batch = graph.freeDimension('batch');
    graph.output('y', graph.exp(graph.input('x', [batch, 2])));
    const program = await compile(graph);
    await assert.rejects(program.run({ x: new Float32Array(4) }), /size of "batch" is not given/);
    await assert.rejects(program.run({ x: new Float32Array(4) }, {}, { batch: 3 }), /do not fill \[3, 2\]/);
    await program.dispose();
  });

  it('writes outputs into the arrays it is given', async () => {
    const graph = new Graph();
    graph.output('y', graph.add(graph.input('x', [3]), 1));
    const program = await compile(graph);
    const y = new Float32Array(3);
    const outputs = await program.run({ x: Float32Array.of(1, 2, 3) }, { y });
    assert.equal(outputs.y, y);
    assert.deepEqual([...y], [2, 3, 4]);
    await program.dispose();
  });
});
