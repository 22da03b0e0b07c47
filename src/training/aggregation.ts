// How tokens' losses become one number: the weight w_i of every token of response i of N.
//
//   token     w_i = 1 / Σ_j |o_j|     every token of the batch counts the same    (verl `token-mean`, TRL `dapo`, `bnpo`)
//   response  w_i = 1 / (N |o_i|)     every response counts the same              (GRPO's paper; verl
//                                     `seq-mean-token-mean`, TRL `grpo`)
//   limit     w_i = 1 / (N L)         L: the most tokens of a response            (Dr. GRPO; TRL `dr_grpo`; verl's
//                                     `seq-mean-token-sum-norm` is N times as large)
//
// A response that is left out (masked) has length 0: it has no tokens, but is one of the N. MeRF's experiments ran
// verl's token mean.

import type { Objective } from '../spec/specification.ts';

export type Aggregation = Objective['aggregation'];

/** Weights for responses of these lengths (tokens; 0: left out), of which the longest may have `limit`. */
export function responseWeights(lengths: readonly number[], aggregation: Aggregation, limit: number): number[] {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const divisor = {
    token: () => tokens,
    response: (length: number) => lengths.length * length,
    limit: () => lengths.length * limit,
  }[aggregation];
  return lengths.map((length) => (length === 0 ? 0 : 1 / divisor(length)));
}
