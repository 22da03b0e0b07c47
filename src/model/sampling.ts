// Draws the next token from its distribution: all of it, its top k, its top p (nucleus, Holtzman et al. 2020), or the
// most likely one. The distribution is the whole vocabulary's at the temperature, whose log-probabilities are what a
// policy gradient needs. Nothing is allocated for a draw from all of it.

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

/** A token of a row of probabilities, which begins at `start`; the first `usable` may be drawn. */
export function draw(
  probabilities: Float32Array,
  start: number,
  usable: number,
  { topK = 0, topP = 1, greedy = false }: SamplingOptions,
  rng: Random,
): number {
  if (greedy) return mostLikely(probabilities, start, usable);
  if (topK > 0 || topP < 1) {
    const row = probabilities.subarray(start, start + usable);
    return drawTruncated(row, topK > 0 ? Math.min(topK, usable) : usable, topP, rng);
  }
  return drawFrom(probabilities, start, usable, rng.uniform());
}

function mostLikely(probabilities: Float32Array, start: number, usable: number): number {
  let best = 0;
  let top = -1;
  for (let i = 0; i < usable; i++) {
    const p = probabilities[start + i] ?? 0;
    if (p > top) [best, top] = [i, p];
  }
  return best;
}

/** Inverse transform: the first token whose cumulative probability exceeds u, of what the usable ones have. */
function drawFrom(probabilities: Float32Array, start: number, usable: number, u: number): number {
  let sum = 0;
  for (let i = 0; i < usable; i++) sum += probabilities[start + i] ?? 0;
  let rest = u * sum;
  for (let i = 0; i < usable; i++) {
    rest -= probabilities[start + i] ?? 0;
    if (rest < 0) return i;
  }
  return mostLikely(probabilities, start, usable);
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
