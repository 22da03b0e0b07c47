// Draws the next token from a part of its distribution: its top k, its top p (nucleus, Holtzman et al. 2020), or the most
// likely one. The distribution is the whole vocabulary's at the temperature, whose log-probabilities are what a policy
// gradient needs. A draw from all of it is a part of the graph (drawing.ts).

import type { Random } from '../spec/random.ts';

export interface SamplingOptions {
  /** Default 1; must be above 0. */
  readonly temperature?: number;
  /** Keep only the k most likely tokens; 0 (default) keeps all. */
  readonly topK?: number;
  /** Keep the most likely tokens that together reach this probability; 1 (default) keeps all. */
  readonly topP?: number;
  /** Take the most likely token. */
  readonly greedy?: boolean;
}

/** Whether a token is drawn from all of its distribution. */
export function drawsFromAll({ topK = 0, topP = 1, greedy = false }: SamplingOptions): boolean {
  return !greedy && topK <= 0 && topP >= 1;
}

/** A token by the probabilities of those that may be drawn. */
export function draw(row: Float32Array, { topK = 0, topP = 1, greedy = false }: SamplingOptions, rng: Random): number {
  return greedy ? mostLikely(row) : drawTruncated(row, topK > 0 ? Math.min(topK, row.length) : row.length, topP, rng);
}

function mostLikely(row: Float32Array): number {
  let best = 0;
  row.forEach((p, i) => {
    if (p > (row[best] ?? 0)) best = i;
  });
  return best;
}

function drawTruncated(row: Float32Array, k: number, p: number, rng: Random): number {
  const order = Array.from(row, (_, i) => i)
    .sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b)
    .slice(0, k);
  const limit = p * row.reduce((sum, x) => sum + x, 0);
  let kept = 0;
  let count = 0;
  for (const i of order) {
    kept += row[i] ?? 0;
    count++;
    if (kept >= limit) break;
  }
  let rest = rng.uniform() * kept;
  for (const i of order.slice(0, count)) {
    rest -= row[i] ?? 0;
    if (rest < 0) return i;
  }
  return order[0] ?? 0;
}
