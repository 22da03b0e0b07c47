// How fast this machine multiplies matrices now, with so many threads: what every estimate of time is counted in.

import { Graph } from './graph.ts';
import { compile } from './onnxruntime.ts';

const [ROWS, INNER, COLUMNS] = [512, 1024, 1024];

/**
 * Floating-point operations a second, of the faster quarter of some time's products: a shared processor changes its speed by
 * a factor of three from one tenth of a second to the next.
 */
export async function matrixSpeed(threads: number, seconds = 1.5): Promise<number> {
  const graph = new Graph();
  const [a, b] = [graph.input('a', [ROWS, INNER]), graph.input('b', [INNER, COLUMNS])];
  graph.output('product', graph.matmul(a, b));
  const program = await compile(graph, { threads });
  const feeds = { a: new Float32Array(ROWS * INNER).fill(0.5), b: new Float32Array(INNER * COLUMNS).fill(0.5) };
  const into = { product: new Float32Array(ROWS * COLUMNS) };
  await program.run(feeds, into); // memory is asked for the first time
  const times: number[] = [];
  for (let passed = 0; passed < seconds; ) {
    const began = performance.now();
    await program.run(feeds, into);
    const took = (performance.now() - began) / 1000;
    times.push(took);
    passed += took;
  }
  await program.dispose();
  const time = times.sort((a, b) => a - b)[times.length >> 2] ?? Number.POSITIVE_INFINITY;
  return (2 * ROWS * INNER * COLUMNS) / time;
}
