// The policy's loss on a batch of responses, as graph nodes. For token t of response i with ratio
// ρ = π(t) / π_old(t), advantage A_i and reference policy π_ref:
//
//   l_it = −min( ρ A_i , clip(ρ, 1 − ε, 1 + ε) A_i ) + β k3        k3 = π_ref/π − log(π_ref/π) − 1  ≥ 0
//   loss = Σ_i w_i Σ_t mask_it l_it                                w_i by aggregation.ts
//
// Clipped objective: PPO (arXiv 1707.06347, eq. 7); k3 estimate of KL(π || π_ref): Schulman 2020, used so in GRPO.
// On-policy (one update per batch, π_old = π) ρ is 1 and clipping never acts. Left out: dual clip, entropy bonus.

import type { LossFunction } from '../model/trainer.ts';

export interface PolicyLossOptions {
  /** ε below and above 1; equal in GRPO, different in DAPO's "clip higher". */
  clipLow: number;
  clipHigh: number;
  /** β; 0: no reference policy is asked. */
  kl: number;
  /** True: k3 is multiplied by ρ, whose gradient flows (TRL's `use_bias_correction_kl`). GRPO's own form is false. */
  biasCorrectedKl?: boolean;
}

/** Names of what the loss reads beside the log-probabilities. */
export const LOSS_INPUTS = {
  /** log π_old and log π_ref of each token. */
  perToken: ['old', 'reference'],
  /** A_i and w_i. */
  perResponse: ['advantage', 'weight'],
} as const;

/** Metrics are sums weighted by w_i, so that micro-batches add up: `clip_ratio`, `kl`, `entropy`. */
export function policyLoss({ clipLow, clipHigh, kl, biasCorrectedKl = false }: PolicyLossOptions): LossFunction {
  return (graph, { logProbabilities, entropy, mask, given }) => {
    const [advantage, weight] = [given('advantage'), given('weight')]; // [N, 1]
    const weighted = graph.mul(mask, weight); // [N, T]
    const total = (perToken: Parameters<typeof graph.sum>[0]) => graph.sum(graph.mul(perToken, weighted));

    const ratio = graph.exp(graph.sub(logProbabilities, given('old'))); // [N, T]
    const clipped = graph.clamp(ratio, 1 - clipLow, 1 + clipHigh);
    const objective = graph.min(graph.mul(ratio, advantage), graph.mul(clipped, advantage));

    const difference = graph.sub(given('reference'), logProbabilities); // log(π_ref / π)
    const k3 = graph.sub(graph.sub(graph.exp(difference), difference), 1);
    const penalty = biasCorrectedKl ? graph.mul(k3, ratio) : k3;
    const perToken = kl === 0 ? graph.neg(objective) : graph.sub(graph.mul(penalty, kl), objective);

    // clipping acts where it lowers the objective: ρ < 1 − ε with A < 0, ρ > 1 + ε with A > 0
    const low = graph.and(graph.less(ratio, 1 - clipLow), graph.less(advantage, 0));
    const high = graph.and(graph.greater(ratio, 1 + clipHigh), graph.greater(advantage, 0));
    const acts = graph.cast(graph.or(low, high), 'float32');
    return {
      loss: total(perToken),
      metrics: { clip_ratio: total(acts), kl: total(k3), entropy: total(entropy) },
    };
  };
}
