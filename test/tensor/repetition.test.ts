// A run goes through a graph several times: what is carried changes, also in shape, and what is collected is stacked.

import assert from 'node:assert/strict';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';

/** x ← w·x; all of them so far; twice x of every turn. */
async function doubling() {
  const graph = new Graph();
  const [width, before] = [graph.freeDimension('width'), graph.freeDimension('before')];
  const x = graph.input('x', [1, width]);
  const next = graph.output('next', graph.mul(x, graph.input('w', [])));
  graph.output('all', graph.concat([graph.input('so far', [before, width]), next], 0));
  graph.output('twice', graph.expand(graph.add(next, next), [2, width]));
  graph.input('turns', [], 'int32');
  const carried = new Map([
    ['x', 'next'],
    ['so far', 'all'],
  ]);
  return compile(graph, { repetition: { turns: 'turns', carried, collected: new Set(['twice', 'next']) } });
}

describe('a repeated graph', () => {
  it('hands on what is carried, and stacks what is collected', async () => {
    const program = await doubling();
    for (const turns of [1, 3]) {
      const feeds = {
        ...{ x: Float32Array.of(1, 5), w: Float32Array.of(2), 'so far': new Float32Array() },
        turns: Int32Array.of(turns),
      };
      const { next, all, twice } = await program.run(feeds, {}, { width: 2, before: 0 });
      const powers = [2, 10, 4, 20, 8, 40].slice(0, 2 * turns);
      assert.deepEqual([...(next ?? [])], powers);
      assert.deepEqual([...(all ?? [])], powers);
      const doubled = [4, 20, 4, 20, 8, 40, 8, 40, 16, 80, 16, 80].slice(0, 4 * turns);
      assert.deepEqual([...(twice ?? [])], doubled);
    }
    await program.dispose();
  });

  it('refuses to hand on what the graph does not give', async () => {
    const graph = new Graph();
    graph.output('y', graph.neg(graph.input('x', [])));
    graph.input('turns', [], 'int32');
    const repetition = { turns: 'turns', carried: new Map([['x', 'z']]), collected: new Set<string>() };
    await assert.rejects(compile(graph, { repetition }), /no output "z"/);
  });
});
