// How fast this machine multiplies matrices now, with so many threads: what every estimate of time is counted in.

import { Graph } from './graph.ts';
import { compile } from './onnxruntime.ts';

const [ROWS, INNER, COLUMNS] = [512, 1024, 1024];

/** Floating-point operations a second; the best of some tries of about a tenth of a second together. */
export async function matrixSpeed(threads: number, tries = 6): Promise<number> {
  const graph = new Graph();
  const [a, b] = [graph.input('a', [ROWS, INNER]), graph.input('b', [INNER, COLUMNS])];
  graph.output('product', graph.matmul(a, b));
  const program = await compile(graph, { threads });
  const feeds = { a: new Float32Array(ROWS * INNER).fill(0.5), b: new Float32Array(INNER * COLUMNS).fill(0.5) };
  const into = { product: new Float32Array(ROWS * COLUMNS) };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const began = performance.now();
    await program.run(feeds, into);
    best = Math.min(best, (performance.now() - began) / 1000);
  }
  await program.dispose();
  return (2 * ROWS * INNER * COLUMNS) / best;
}
