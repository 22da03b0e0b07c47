// The draw from whole distributions as a part of the graph, so that they stay inside the engine: inverse transform, first
// among the sums of parts of the vocabulary, then inside the part. With the cumulative sums C and u in [0, 1) given:
//   k = #{i : C_i ≤ u·C_last}     the first whose C exceeds u·C_last, which is never one of probability 0
// u has the 24 bits of a float32. Other ways to draw are in sampling.ts.

import type { Graph, Node } from '../tensor/graph.ts';
import { dimension } from '../tensor/shape.ts';

/** The greatest u: u·C is below C however it is rounded. */
const BELOW_ONE = 1 - 2 ** -23;

/**
 * Token ids, int32 [rows], of `probabilities` [rows, V], of which the first `usable` may be drawn; `uniforms` [rows], and
 * `numbers` 0, 1, 2, … int32 [rows].
 */
export function drawn(
  graph: Graph,
  probabilities: Node,
  usable: number,
  { uniforms, numbers }: { readonly uniforms: Node; readonly numbers: Node },
): Node {
  const [rows, vocabulary] = [dimension(probabilities.shape, 0), dimension(probabilities.shape, 1)];
  const part = partSize(vocabulary);
  const parts = vocabulary / part;
  const among = usable < vocabulary ? graph.mul(probabilities, firstOnes(graph, usable, vocabulary)) : probabilities;
  const inParts = graph.reshape(among, [rows, parts, part]);
  const sums = graph.cumulativeSum(graph.sum(inParts, [-1])); // [rows, parts]
  const u = graph.min(graph.reshape(uniforms, [rows, 1]), BELOW_ONE);
  const target = graph.mul(u, last(graph, sums));
  const isBefore = graph.not(graph.less(target, sums));
  const chosen = graph.sum(graph.cast(isBefore, 'int32'), [-1]); // [rows]
  const before = graph.maximum(graph.where(isBefore, sums, 0), [-1], true);
  const places = graph.add(graph.mul(numbers, graph.constant(Int32Array.of(parts), [])), chosen);
  const within = graph.cumulativeSum(graph.gatherRows(graph.reshape(among, [rows * parts, part]), places)); // [rows, part]
  // the part's own sum may be rounded otherwise than among the others
  const rest = graph.min(graph.sub(target, before), graph.mul(last(graph, within), BELOW_ONE));
  const inside = graph.sum(graph.cast(graph.not(graph.less(rest, within)), 'int32'), [-1]);
  return graph.add(graph.mul(chosen, graph.constant(Int32Array.of(part), [])), inside);
}

function last(graph: Graph, x: Node): Node {
  const length = dimension(x.shape, -1);
  return graph.slice(x, -1, length - 1, length);
}

/** [length]: 1 in the first places, 0 after. */
function firstOnes(graph: Graph, count: number, length: number): Node {
  return graph.constant(new Float32Array(length).fill(1, 0, count), [length]);
}

/** How many probabilities stand together in a part: the greatest divisor of V up to a limit. */
function partSize(vocabulary: number): number {
  let part = Math.min(MOST_IN_PART, vocabulary);
  while (vocabulary % part !== 0) part--;
  return part;
}

const MOST_IN_PART = 128;
