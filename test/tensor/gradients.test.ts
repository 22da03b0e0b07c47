// Every operation's gradient equals central finite differences, and ONNX Runtime computes what the reference does.

import assert from 'node:assert/strict';
import { type Random, random } from '../../src/spec/random.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph, type Node } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { evaluate } from '../../src/tensor/reference.ts';
import { size } from '../../src/tensor/shape.ts';

interface Case {
  readonly name: string;
  /** Shapes of the float inputs, drawn anew for each repetition. */
  shapes(rng: Random): number[][];
  build(graph: Graph, inputs: readonly Node[], rng: Random): Node;
  /** Where inputs lie; default [-2, 2]. */
  readonly range?: readonly [number, number];
}

const anyShape = (rng: Random, rank = 1 + rng.below(3)) => Array.from({ length: rank }, () => 1 + rng.below(4));
/** Two shapes that broadcast together. */
const pair = (rng: Random, rank = 1 + rng.below(4)) => {
  const full = anyShape(rng, rank);
  const shrink = () => full.map((length) => (rng.below(3) === 0 ? 1 : length)).slice(rng.below(full.length + 1));
  return rng.below(2) === 0 ? [full, shrink()] : [shrink(), shrink()];
};
const indices = (graph: Graph, rng: Random, shape: number[], below: number) =>
  graph.constant(
    Int32Array.from({ length: size(shape) }, () => rng.below(below)),
    shape,
  );
const nth = (inputs: readonly Node[], i: number): Node => {
  const node = inputs[i];
  assert.ok(node);
  return node;
};
const one = (name: string, f: (g: Graph, x: Node, rng: Random) => Node, range?: readonly [number, number]): Case => ({
  name,
  shapes: (rng) => [anyShape(rng)],
  build: (g, inputs, rng) => f(g, nth(inputs, 0), rng),
  ...(range && { range }),
});
const two = (name: string, f: (g: Graph, a: Node, b: Node) => Node, range?: readonly [number, number]): Case => ({
  name,
  shapes: pair,
  build: (g, inputs) => f(g, nth(inputs, 0), nth(inputs, 1)),
  ...(range && { range }),
});

const cases: Case[] = [
  two('add', (g, a, b) => g.add(a, b)),
  two('sub', (g, a, b) => g.sub(a, b)),
  two('mul', (g, a, b) => g.mul(a, b)),
  two('div', (g, a, b) => g.div(a, b), [0.5, 2]),
  two('min', (g, a, b) => g.min(a, b)),
  two('max', (g, a, b) => g.max(a, b)),
  one('neg', (g, x) => g.neg(x)),
  one('exp', (g, x) => g.exp(x)),
  one('log', (g, x) => g.log(x), [0.3, 3]),
  one('sqrt', (g, x) => g.sqrt(x), [0.3, 3]),
  one('reciprocal', (g, x) => g.reciprocal(x), [0.3, 3]),
  one('sigmoid', (g, x) => g.sigmoid(x)),
  one('tanh', (g, x) => g.tanh(x)),
  one('silu', (g, x) => g.silu(x)),
  one('clamp', (g, x) => g.clamp(x, -0.7, 0.9)),
  one('softmax', (g, x) => g.softmax(x)),
  one('cumulative sum', (g, x) => g.cumulativeSum(x)),
  one('log-softmax', (g, x) => g.logSoftmax(x)),
  one('stop-gradient', (g, x) => g.mul(g.stopGradient(g.square(g.constant(Float32Array.of(3), [1]))), x)),
  one('reshape', (g, x) => g.square(g.reshape(x, [size(x.shape)]))),
  one('expand', (g, x) => g.square(g.expand(x, [2, ...x.shape]))),
  one('transpose', (g, x, rng) => g.square(g.transpose(x, rng.shuffled(x.shape.map((_, axis) => axis))))),
  one('slice', (g, x, rng) => {
    const axis = rng.below(x.shape.length);
    const start = rng.below(x.shape[axis] ?? 1);
    return g.square(g.slice(x, axis, start, start + 1 + rng.below((x.shape[axis] ?? 1) - start)));
  }),
  one('pad', (g, x, rng) => g.square(g.pad(x, rng.below(x.shape.length), rng.below(3), rng.below(3)))),
  {
    name: 'concat',
    shapes: (rng) => {
      const shape = anyShape(rng, 2);
      return [shape, shape.with(1, 1 + rng.below(4)), shape];
    },
    build: (g, inputs) => g.square(g.concat(inputs, -1)),
  },
  ...(['sum', 'mean', 'maximum'] as const).flatMap((how) =>
    [true, false].map((keep) =>
      one(`${how}${keep ? ' keeping axes' : ''}`, (g, x, rng) => {
        const axes = x.shape.flatMap((_, axis) => (rng.below(2) === 0 ? [axis] : []));
        return g.square(g[how](x, axes.length === 0 ? undefined : axes, keep));
      }),
    ),
  ),
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      name: `matmul${transposeA ? ' Aᵀ' : ''}${transposeB ? ' Bᵀ' : ''} with broadcast batches`,
      shapes: (rng: Random) => {
        const [m, k, n] = anyShape(rng, 3);
        assert.ok(m && k && n);
        const [p, q] = pair(rng, 1 + rng.below(2));
        return [
          [...(p ?? []), ...(transposeA ? [k, m] : [m, k])],
          [...(q ?? []), ...(transposeB ? [n, k] : [k, n])],
        ];
      },
      build: (g: Graph, inputs: readonly Node[]) =>
        g.matmul(nth(inputs, 0), nth(inputs, 1), { transposeA, transposeB, scale: transposeA ? 0.5 : 1 }),
    })),
  ),
  {
    name: 'where',
    shapes: pair,
    build: (g, inputs, rng) => {
      const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
      const condition = g.constant(
        Uint8Array.from({ length: size(a.shape) }, () => rng.below(2)),
        a.shape,
      );
      return g.where(condition, g.square(a), b);
    },
  },
  {
    name: 'rms-norm',
    shapes: (rng) => {
      const shape = anyShape(rng, 1 + rng.below(3));
      return [shape, shape.slice(-1)];
    },
    build: (g, inputs) => g.square(g.rmsNorm(nth(inputs, 0), nth(inputs, 1), 0.1)),
  },
  {
    name: 'gather rows',
    shapes: (rng) => [anyShape(rng, 2)],
    build: (g, inputs, rng) => {
      const x = nth(inputs, 0);
      return g.square(g.gatherRows(x, indices(g, rng, [2, 3], x.shape[0] ?? 1)));
    },
  },
  {
    name: 'scatter rows',
    shapes: (rng) => [[2, 3, 1 + rng.below(4)]],
    build: (g, inputs, rng) => g.square(g.scatterRows(nth(inputs, 0), indices(g, rng, [2, 3], 4), 4)),
  },
  {
    name: 'take along the last axis',
    shapes: (rng) => [anyShape(rng, 3)],
    build: (g, [x], rng) => {
      assert.ok(x);
      return g.square(g.takeAlong(x, indices(g, rng, [...x.shape.slice(0, -1), 2], x.shape.at(-1) ?? 1)));
    },
  },
  {
    name: 'put along the last axis',
    shapes: (rng) => [anyShape(rng, 3)],
    build: (g, inputs, rng) => {
      const x = nth(inputs, 0);
      return g.square(g.putAlong(x, indices(g, rng, [...x.shape], 5), 5));
    },
  },
  {
    name: 'rotary positions',
    shapes: (rng) => [[2, 3, 1 + rng.below(3), 2 * (1 + rng.below(3))]],
    build: (g, [x], rng) => {
      assert.ok(x);
      const half = (x.shape[3] ?? 2) / 2;
      const angles = Float32Array.from({ length: 8 * half }, () => 6 * rng.uniform());
      const [cosine, sine] = [Math.cos, Math.sin].map((f) =>
        g.constant(
          angles.map((angle) => f(angle)),
          [8, half],
        ),
      );
      assert.ok(cosine && sine);
      const turned = g.rotary(x, indices(g, rng, [2, 3], 8), cosine, sine);
      return g.add(g.square(turned), g.rotary(turned, indices(g, rng, [2, 3], 8), cosine, sine, true));
    },
  },
];

describe('rows added at equal indices', () => {
  it('are all there with two threads', async () => {
    const graph = new Graph();
    const [count, width, tableRows] = [20_000, 16, 5];
    const rows = graph.input('rows', [count, width]);
    const at = graph.input('at', [count], 'int32');
    graph.output('table', graph.scatterRows(rows, at, tableRows));
    const program = await compile(graph, { threads: 2 });
    const feeds = {
      rows: new Float32Array(count * width).fill(1),
      at: Int32Array.from({ length: count }, (_, i) => i % 5),
    };
    for (let run = 0; run < 10; run++) {
      const { table } = await program.run(feeds);
      assert.ok(table?.every((value) => value === count / tableRows));
    }
    await program.dispose();
  });

  it('with indices promised to be distinct land in their places', async () => {
    const graph = new Graph();
    const rows = graph.input('rows', [2, 2]);
    const at = graph.constant(Int32Array.of(3, 0), [2]);
    const table = graph.output('table', graph.scatterRows(rows, at, 4, { distinct: true }));
    graph.output('back', graph.gatherRows(table, at, { distinct: true }));
    const feeds = { rows: Float32Array.of(1, 2, 3, 4) };
    const program = await compile(graph);
    assertClose(await program.run(feeds), evaluate(graph, feeds), 0);
    assert.deepEqual([...(evaluate(graph, feeds).table ?? [])], [3, 4, 0, 0, 0, 0, 1, 2]);
    await program.dispose();
  });
});

describe('gradients', () => {
  for (const { name, shapes, build, range = [-2, 2] } of cases) {
    it(`of ${name} equal finite differences, and both executors agree`, async () => {
      for (let repetition = 0; repetition < 4; repetition++) {
        const rng = random(repetition, name);
        const graph = new Graph();
        const inputs = shapes(rng).map((shape, i) => graph.input(`x${i}`, shape));
        const y = build(graph, inputs, rng);
        // a random projection, so that every element has its own upstream gradient
        const projection = graph.constant(
          Float32Array.from({ length: size(y.shape) }, () => rng.normal()),
          y.shape,
        );
        const loss = graph.output('loss', graph.sum(graph.mul(y, projection)));
        graph.output('y', y);
        gradients(graph, loss, inputs).forEach((node, i) => {
          graph.output(`g${i}`, node);
        });
        const feeds = Object.fromEntries(
          inputs.map((node, i) => [
            `x${i}`,
            Float32Array.from({ length: size(node.shape) }, () => range[0] + (range[1] - range[0]) * rng.uniform()),
          ]),
        );
        const expected = evaluate(graph, feeds);
        for (const [input, values] of Object.entries(feeds)) {
          const analytic = expected[input.replace('x', 'g')];
          values.forEach((value, i) => {
            const lossAt = (x: number) =>
              evaluate(graph, { ...feeds, [input]: Float64Array.from(values).with(i, x) }).loss?.[0] ?? NaN;
            const h = 1e-5;
            const numeric = (lossAt(value + h) - lossAt(value - h)) / (2 * h);
            assert.ok(
              Math.abs(numeric - (analytic?.[i] ?? NaN)) < 1e-6 * (1 + Math.abs(numeric)),
              `${input}[${i}]: ${analytic?.[i]} is not ${numeric}`,
            );
          });
        }
        const program = await compile(graph);
        assertClose(await program.run(feeds), expected, 1e-5);
        await program.dispose();
      }
    });
  }
});

function assertClose(
  actual: Record<string, ArrayLike<number>>,
  expected: Record<string, Float64Array>,
  tolerance: number,
) {
  for (const [name, values] of Object.entries(expected)) {
    values.forEach((value, i) => {
      const got = actual[name]?.[i] ?? NaN;
      assert.ok(Math.abs(got - value) <= tolerance * (1 + Math.abs(value)), `${name}[${i}]: ${got} is not ${value}`);
    });
  }
}
