// Draws the next token from logits: temperature, top-k and top-p (nucleus, Holtzman et al. 2020), or the most
// likely one. The log-probability and the entropy are those of the whole distribution at the temperature, before
// top-k and top-p: what a policy gradient needs. Nothing is allocated per token.

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

export interface Drawn {
  token: number;
  /** log π(token) */
  logProbability: number;
  /** -Σ π log π, in nats */
  entropy: number;
}

/** A sampler for rows of `vocabulary` logits, of which the first `usable` may be drawn. */
export class Sampler {
  private readonly weights: Float64Array;
  private readonly vocabulary: number;
  private readonly usable: number;

  constructor(vocabulary: number, usable = vocabulary) {
    this.weights = new Float64Array(vocabulary);
    this.vocabulary = vocabulary;
    this.usable = usable;
  }

  /** Reads logits[start .. start + vocabulary) and writes `into`. */
  draw(logits: Float32Array, start: number, options: SamplingOptions, rng: Random, into: Drawn): void {
    const { vocabulary, usable, weights } = this;
    const { temperature = 1, topK = 0, topP = 1, greedy = false } = options;
    let top = -Infinity;
    for (let i = 0; i < vocabulary; i++) top = Math.max(top, logits[start + i] ?? 0);
    // wᵢ = exp((xᵢ - max)/T); log πᵢ = (xᵢ - max)/T - log Σw; entropy = log Σw - Σ w (x - max)/T / Σw
    let sum = 0;
    let moment = 0;
    for (let i = 0; i < vocabulary; i++) {
      const scaled = ((logits[start + i] ?? 0) - top) / temperature;
      const weight = Math.exp(scaled);
      weights[i] = weight;
      sum += weight;
      moment += weight * scaled;
    }
    const logSum = Math.log(sum);
    const token = greedy
      ? this.mostLikely(logits, start)
      : topK > 0 || topP < 1
        ? this.drawTruncated(topK > 0 ? Math.min(topK, usable) : usable, topP, rng)
        : this.drawFrom(usable === vocabulary ? sum : sumTo(weights, usable), rng);
    into.token = token;
    into.logProbability = ((logits[start + token] ?? 0) - top) / temperature - logSum;
    into.entropy = sum > 0 ? logSum - moment / sum : 0;
  }

  private mostLikely(logits: Float32Array, start: number): number {
    let best = 0;
    for (let i = 1; i < this.usable; i++) if ((logits[start + i] ?? 0) > (logits[start + best] ?? 0)) best = i;
    return best;
  }

  /** Inverse transform: the first token whose cumulative weight exceeds u·sum. */
  private drawFrom(sum: number, rng: Random): number {
    let rest = rng.uniform() * sum;
    let last = 0;
    for (let i = 0; i < this.usable; i++) {
      const weight = this.weights[i] ?? 0;
      if (weight > 0) last = i;
      rest -= weight;
      if (rest < 0) return i;
    }
    return last;
  }

  private drawTruncated(k: number, p: number, rng: Random): number {
    const { weights, usable } = this;
    const order = Array.from({ length: usable }, (_, i) => i)
      .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b)
      .slice(0, k);
    const limit = p * sumTo(weights, usable);
    let kept = 0;
    let count = 0;
    for (const i of order) {
      kept += weights[i] ?? 0;
      count++;
      if (kept >= limit) break;
    }
    let rest = rng.uniform() * kept;
    for (const i of order.slice(0, count)) {
      rest -= weights[i] ?? 0;
      if (rest < 0) return i;
    }
    return order[0] ?? 0;
  }
}

function sumTo(weights: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weights[i] ?? 0;
  return sum;
}
