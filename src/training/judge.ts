// From a step's rollouts to what is taught: rewards in their last shape, and advantages.
//
//   r_i = total_i − overlong(|o_i|) [ − β Σ_t (log π(o_t) − log π_ref(o_t)) ]      the last where the KL is in the reward
//
//   overlong(n) = clamp((n − (L − B)) / B, 0, 1)      over the last B of L tokens; DAPO (arXiv 2503.14476, eq. 13)
//
// Samples that a verifier or judge could not answer for are left out of their group, as if they had not been written.
// Masked ones (cut at the limit, where the plan says so) count for their group's advantages and have no part in the loss.

import type { Objective } from '../spec/specification.ts';
import { advantagesOf, type Rewarded, spread } from './advantages.ts';
import type { Rollout } from './policy.ts';

/** A rollout with what is taught of it. */
export interface Judged {
  rollout: Rollout;
  /** After the overlong penalty; without the part of the KL. */
  reward: number;
  /** Of each token. */
  advantages: readonly number[];
  isMasked: boolean;
}

/** The responses to one row. */
export type JudgedGroup = readonly Judged[];

export function isValid({ score }: Pick<Rollout, 'score'>): boolean {
  return score.invalid === null;
}

/** The part of the reward that a response of this length loses. */
export function overlongPenalty(length: number, limit: number, buffer: number): number {
  if (buffer === 0) return 0;
  return Math.min(1, Math.max(0, (length - (limit - buffer)) / buffer));
}

/** Whether a group can teach: its rewards differ. */
export function varies(group: readonly Rollout[], objective: Objective, limit: number): boolean {
  const rewards = group.filter(isValid).map((rollout) => shapedReward(rollout, objective, limit));
  return spread(rewards).deviation > 0;
}

function shapedReward({ score, tokens }: Rollout, { overlong }: Objective, limit: number): number {
  return score.total - overlongPenalty(tokens.length, limit, overlong);
}

/** `known`: log-probabilities of a rollout's tokens; `limit`: the most tokens of a response. */
export function judge(
  groups: readonly (readonly Rollout[])[],
  objective: Objective,
  limit: number,
  known: (rollout: Rollout) => { old: ArrayLike<number>; reference: ArrayLike<number> | null },
): JudgedGroup[] {
  const valid = groups.map((group) => group.filter(isValid));
  const rewards = valid.map((group) => group.map((rollout) => shapedReward(rollout, objective, limit)));
  const rewarded = valid.map((group, g) =>
    group.map((rollout, i): Rewarded => {
      const [reward, length] = [rewards[g]?.[i] ?? 0, rollout.tokens.length];
      const { old, reference } = known(rollout);
      if (objective.klIn !== 'reward' || reference === null) return { reward, length };
      const perToken = Array.from(old, (own, t) => -objective.kl * (own - (reference[t] ?? own)));
      return { reward, length, perToken };
    }),
  );
  const advantages = advantagesOf(rewarded, objective.advantage);
  return valid.map((group, g) =>
    group.map((rollout, i) => ({
      rollout,
      reward: rewards[g]?.[i] ?? 0,
      advantages: advantages[g]?.[i] ?? [],
      isMasked: objective.truncated === 'mask' && rollout.finishReason === 'length',
    })),
  );
}

/** What a rollout's line says of its advantage: the mean over its tokens, which in most objectives are equal. */
export function meanAdvantage(advantages: readonly number[]): number {
  return advantages.every((one) => one === advantages[0]) ? (advantages[0] ?? 0) : spread(advantages).mean;
}
