// log π and entropy of tokens without the logits of a whole vocabulary in memory: in parts of the vocabulary, each with its
// logits s = h·Wᵀ/τ only while it is summed, and computed again for its gradient. With m_c the largest of part c,
//   z_c = Σ e^(s-m_c)     t_c = Σ (s-m_c)·e^(s-m_c)     M = max m_c     Z = Σ_c e^(m_c-M)·z_c
//   log π(y) = s_y - M - log Z     H = log Z - (Σ_c e^(m_c-M)·(t_c + (m_c-M)·z_c)) / Z
// The shifts cancel out, so no gradient flows through them. Small vocabularies are computed whole.

import { VOCABULARY_PART } from '../spec/memory_estimate.ts';
import type { Graph, Node } from '../tensor/graph.ts';
import { dimension } from '../tensor/shape.ts';

export interface RowScores {
  /** log π(target), [N, 1] */
  readonly logProbability: Node;
  /** -Σ π log π, [N, 1] */
  readonly entropy: Node;
}

export interface RowsToScore {
  /** h [N, d] */
  readonly hidden: Node;
  /** W [V, d], of any type */
  readonly head: Node;
  /** y: int32 [N] */
  readonly targets: Node;
  /** τ: a scalar; left out: 1. */
  readonly temperature?: Node | undefined;
}

/** `part`: rows of W at once. */
export function vocabularyScores(graph: Graph, rows: RowsToScore, part = VOCABULARY_PART): RowScores {
  const size = dimension(rows.head.shape, 0);
  return size <= part ? whole(graph, rows) : inParts(graph, rows, size, part);
}

function whole(graph: Graph, { hidden, head, targets, temperature }: RowsToScore): RowScores {
  const logits = graph.matmul(hidden, graph.widened(head, [hidden]), { transposeB: true });
  const all = graph.logSoftmax(temperature === undefined ? logits : graph.div(logits, temperature)); // [N, V]
  const column = graph.reshape(targets, [dimension(targets.shape, 0), 1]);
  const entropy = graph.neg(graph.sum(graph.mul(graph.exp(all), all), [-1], true));
  return { logProbability: graph.takeAlong(all, column), entropy };
}

function inParts(
  graph: Graph,
  { hidden, head, targets, temperature }: RowsToScore,
  size: number,
  part: number,
): RowScores {
  const scaled = temperature === undefined ? hidden : graph.div(hidden, temperature); // h/τ
  // one part after the other: a later one would hold its logits while it waits for the largest of all
  let done: readonly Node[] = [];
  const parts = Array.from({ length: Math.ceil(size / part) }, (_, c) => {
    const [start, end] = [c * part, Math.min((c + 1) * part, size)];
    const [m, z, t] = graph.recomputed([graph.after(scaled, done), head], ([h, w]) => {
      if (h === undefined || w === undefined) throw new RangeError('a part has its inputs');
      const s = graph.matmul(h, graph.widened(graph.slice(w, 0, start, end), [h]), { transposeB: true }); // [N, part]
      const top = graph.stopGradient(graph.maximum(s, [-1], true));
      const shifted = graph.sub(s, top);
      const e = graph.exp(shifted);
      return [top, graph.sum(e, [-1], true), graph.sum(graph.mul(e, shifted), [-1], true)];
    });
    if (m === undefined || z === undefined || t === undefined) throw new RangeError('a part has its sums');
    done = [z, t];
    return { m, z, t };
  });
  const sum = (terms: readonly Node[]) => terms.reduce((total, term) => graph.add(total, term));
  const M = parts.map(({ m }) => m).reduce((top, m) => graph.max(top, m));
  const shares = parts.map(({ m, z, t }) => {
    const lower = graph.stopGradient(graph.sub(m, M)); // m_c - M
    const weight = graph.exp(lower);
    return { z: graph.mul(weight, z), t: graph.mul(weight, graph.add(t, graph.mul(lower, z))) };
  });
  const Z = sum(shares.map(({ z }) => z));
  const log = graph.log(Z);
  const row = graph.cast(graph.gatherRows(head, targets), 'float32');
  const score = graph.sum(graph.mul(scaled, row), [-1], true); // s_y
  return {
    logProbability: graph.sub(graph.sub(score, graph.stopGradient(M)), log),
    entropy: graph.sub(log, graph.div(sum(shares.map(({ t }) => t)), Z)),
  };
}
