// How tokens' losses become one number: the weight w_i of every token of response i, such that Σ_i w_i |o_i| = 1.
//
//   token     w_i = 1 / Σ_j |o_j|        every token of the batch counts the same   (verl `token-mean`, TRL `bnpo`)
//   sequence  w_i = 1 / (N |o_i|)        every response counts the same             (GRPO's paper, TRL `grpo`)
//
// MeRF's experiments ran verl's token mean.

export type Aggregation = 'token' | 'sequence';

/** Weights for responses of these lengths (tokens, at least 1 each). */
export function responseWeights(lengths: readonly number[], aggregation: Aggregation): number[] {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return lengths.map((length) => (aggregation === 'token' ? 1 / tokens : 1 / (lengths.length * length)));
}
