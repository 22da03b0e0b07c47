// How fast this machine multiplies matrices now, with so many threads: what every estimate of time is counted in.

import { Graph } from './graph.ts';
import { compile } from './onnxruntime.ts';

const [ROWS, INNER, COLUMNS] = [512, 1024, 1024];

/**
 * Floating-point operations a second, on the average of some time: a shared processor changes its speed by a factor of
 * three from one tenth of a second to the next.
 */
export async function matrixSpeed(threads: number, seconds = 1.5): Promise<number> {
  const graph = new Graph();
  const [a, b] = [graph.input('a', [ROWS, INNER]), graph.input('b', [INNER, COLUMNS])];
  graph.output('product', graph.matmul(a, b));
  const program = await compile(graph, { threads });
  const feeds = { a: new Float32Array(ROWS * INNER).fill(0.5), b: new Float32Array(INNER * COLUMNS).fill(0.5) };
  const into = { product: new Float32Array(ROWS * COLUMNS) };
  await program.run(feeds, into); // memory is asked for the first time
  const began = performance.now();
  let products = 0;
  let passed = 0;
  for (; passed < seconds; passed = (performance.now() - began) / 1000) {
    await program.run(feeds, into);
    products++;
  }
  await program.dispose();
  return (products * 2 * ROWS * INNER * COLUMNS) / passed;
}
