// The policy's loss on a batch of responses, as graph nodes. For token t of response i with advantage A_it and
// reference policy π_ref:
//
//   l_it = −min( ρ A , clip(ρ, 1 − ε_low, 1 + ε_high) A ) + β k3 − c H     k3 = π_ref/π − log(π_ref/π) − 1  ≥ 0
//   loss = Σ_i w_i Σ_t mask_it l_it                                        w_i by aggregation.ts
//
//   ρ of a token     π(o_t) / π_old(o_t)                                   PPO (arXiv 1707.06347, eq. 7), GRPO
//   geometric        (Π_t π(o_t)/π_old(o_t))^(1/|o|), of the response      GSPO (arXiv 2507.18071, eq. 7)
//   of a response    Π_t π(o_t)/π_old(o_t)                                 RLOO (arXiv 2402.14740)
//
// k3 estimates KL(π || π_ref) (Schulman 2020), used so in GRPO; H is the entropy of the token's distribution. On-policy
// (one update per batch, π_old = π) ρ is 1 and clipping never acts. Left out: dual clip.

import type { LossFunction } from '../model/trainer.ts';
import type { Objective } from '../spec/specification.ts';

export interface PolicyLossOptions {
  ratio: Objective['ratio'];
  /** ε below and above 1; equal in GRPO, different in DAPO's "clip higher". */
  clip: number;
  clipHigh: number;
  /** β; 0: no reference policy is asked. */
  kl: number;
  /** c; 0: none. */
  entropyBonus: number;
  /** True: k3 is multiplied by ρ, whose gradient flows (TRL's `use_bias_correction_kl`). GRPO's own form is false. */
  biasCorrectedKl?: boolean;
}

/** Names of what the loss reads beside the log-probabilities. */
export const LOSS_INPUTS = {
  /** log π_old and log π_ref of each token, and A_it. */
  perToken: ['old', 'reference', 'advantage'],
  /** w_i, and 1/|o_i|. */
  perResponse: ['weight', 'inverse_length'],
} as const;

/** Metrics are sums weighted by w_i, so that micro-batches add up. */
export function policyLoss(options: PolicyLossOptions): LossFunction {
  const { ratio: whose, clip, clipHigh, kl, entropyBonus, biasCorrectedKl = false } = options;
  return (graph, { logProbabilities, entropy, mask, given }) => {
    const advantage = given('advantage'); // [N, T]
    const weighted = graph.mul(mask, given('weight')); // [N, T]
    const total = (perToken: Parameters<typeof graph.sum>[0]) => graph.sum(graph.mul(perToken, weighted));

    const perToken = graph.sub(logProbabilities, given('old')); // log ρ, [N, T]
    const sum = () => graph.sum(graph.mul(perToken, mask), [-1], true); // [N, 1]
    const zeros = () => graph.mul(mask, 0);
    const logRatio =
      whose === 'token'
        ? perToken
        : graph.add(zeros(), whose === 'geometric' ? graph.mul(sum(), given('inverse_length')) : sum());
    const ratio = graph.exp(logRatio); // [N, T]
    const clipped = graph.clamp(ratio, 1 - clip, 1 + clipHigh);
    let loss = graph.neg(graph.min(graph.mul(ratio, advantage), graph.mul(clipped, advantage)));

    const difference = graph.sub(given('reference'), logProbabilities); // log(π_ref / π)
    const k3 = graph.sub(graph.sub(graph.exp(difference), difference), 1);
    if (kl !== 0) loss = graph.add(loss, graph.mul(biasCorrectedKl ? graph.mul(k3, ratio) : k3, kl));
    if (entropyBonus !== 0) loss = graph.sub(loss, graph.mul(entropy, entropyBonus));

    // clipping acts where it lowers the objective: ρ < 1 − ε with A < 0, ρ > 1 + ε with A > 0
    const low = graph.and(graph.less(ratio, 1 - clip), graph.less(advantage, 0));
    const high = graph.and(graph.greater(ratio, 1 + clipHigh), graph.greater(advantage, 0));
    return {
      loss: total(loss),
      metrics: {
        clip_low: total(graph.cast(low, 'float32')),
        clip_high: total(graph.cast(high, 'float32')),
        kl: total(k3),
        entropy: total(entropy),
        ratio: total(ratio),
      },
    };
  };
}
