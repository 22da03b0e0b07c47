// Draws the next token from its distribution: all of it, its top k, its top p (nucleus, Holtzman et al. 2020), or the
// most likely one. The distribution is the whole vocabulary's at the temperature, whose log-probabilities are what a
// policy gradient needs. A draw from all of it reads sums of parts of the row, then one part: of 151,936 probabilities
// some 1,300 numbers. Nothing is allocated for it.

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

/** Probabilities [rows, V], and the sums of their parts [rows, V / part]. */
export interface Distributions {
  readonly probabilities: Float32Array;
  readonly sums: Float32Array;
  readonly vocabulary: number;
}

/** How many probabilities stand together in a part: the greatest divisor of V up to a limit. */
export function partSize(vocabulary: number): number {
  let part = Math.min(MOST_IN_PART, vocabulary);
  while (vocabulary % part !== 0) part--;
  return part;
}

const MOST_IN_PART = 128;

/** A token of a row of distributions; the first `usable` may be drawn. */
export function draw(
  distributions: Distributions,
  row: number,
  usable: number,
  { topK = 0, topP = 1, greedy = false }: SamplingOptions,
  rng: Random,
): number {
  const { probabilities, vocabulary } = distributions;
  const start = row * vocabulary;
  if (greedy) return mostLikely(probabilities, start, usable);
  if (topK > 0 || topP < 1) {
    const all = probabilities.subarray(start, start + usable);
    return drawTruncated(all, topK > 0 ? Math.min(topK, usable) : usable, topP, rng);
  }
  return drawFrom(distributions, row, usable, rng.uniform());
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
function drawFrom({ probabilities, sums, vocabulary }: Distributions, row: number, usable: number, u: number): number {
  const part = partSize(vocabulary);
  const [start, firstPart] = [row * vocabulary, (row * vocabulary) / part];
  const whole = Math.floor(usable / part);
  let total = 0;
  for (let i = 0; i < whole; i++) total += sums[firstPart + i] ?? 0;
  for (let i = whole * part; i < usable; i++) total += probabilities[start + i] ?? 0;
  let rest = u * total;
  let before = 0;
  for (; before < whole && rest >= (sums[firstPart + before] ?? 0); before++) rest -= sums[firstPart + before] ?? 0;
  for (let i = before * part; i < usable; i++) {
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
