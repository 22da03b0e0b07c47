// How much better a response is than others: from the rewards r of a step's groups to advantages A, one for each token.
//
//   group          A_i = (r_i − mean_group r) / (std_group r + ε)   GRPO (DeepSeekMath, arXiv 2402.03300, 4.1.2)
//   centered       A_i = r_i − mean_group r                         Dr. GRPO (arXiv 2503.20783)
//   batch          A_i = (r_i − mean_group r) / (std_batch r + ε)   TRL `scale_rewards="batch"` (arXiv 2508.08221)
//   leave_one_out  A_i = r_i − mean_{j≠i} r_j                       RLOO (arXiv 2402.14740)
//   whitened       A_it = (R_it − mean R) / √(var R + 1e-8)         REINFORCE++ (arXiv 2501.03262), over all tokens of
//                  R_it = r_i + Σ_{s≥t} p_is                        the batch; p: rewards of single tokens (−β KL)
//
// std and var are unbiased (n − 1), ε = 1e-4 as in TRL. A group whose rewards are all equal teaches nothing: its
// advantages are 0 (whitened ones compare with the whole batch). A group of one has none either. Rewards of single
// tokens count with their sum in all but the last.

import type { Objective } from '../spec/specification.ts';

const EPSILON = 1e-4;
const VARIANCE_EPSILON = 1e-8;

/** A response as advantages see it. */
export interface Rewarded {
  reward: number;
  /** Tokens that are trained on. */
  length: number;
  /** Rewards of single tokens, `length` of them; left out: none. */
  perToken?: readonly number[];
}

/** For each group and response: the advantage of every token. */
export function advantagesOf(
  groups: readonly (readonly Rewarded[])[],
  kind: Objective['advantage'],
): (readonly number[])[][] {
  if (kind === 'whitened') return whitened(groups);
  const totals = groups.map((group) => group.map(total));
  const batch = spread(totals.flat()).deviation;
  return groups.map((group, g) => {
    const rewards = totals[g] ?? [];
    const ofResponse = kind === 'batch' ? centered(rewards).map((a) => a / (batch + EPSILON)) : OF_GROUP[kind](rewards);
    return group.map(({ length }, i) => new Array<number>(length).fill(ofResponse[i] ?? 0));
  });
}

const OF_GROUP = { group: groupAdvantages, centered, leave_one_out: leaveOneOut } as const;

export function groupAdvantages(rewards: readonly number[]): number[] {
  const { mean, deviation } = spread(rewards);
  if (deviation === 0) return rewards.map(() => 0);
  return rewards.map((reward) => (reward - mean) / (deviation + EPSILON));
}

function centered(rewards: readonly number[]): number[] {
  const { mean, deviation } = spread(rewards);
  return rewards.map((reward) => (deviation === 0 ? 0 : reward - mean));
}

/** r_i − (Σ r − r_i)/(n − 1) = n/(n − 1) · (r_i − mean) */
function leaveOneOut(rewards: readonly number[]): number[] {
  const scale = rewards.length / Math.max(1, rewards.length - 1);
  return centered(rewards).map((difference) => scale * difference);
}

function total({ reward, perToken = [] }: Rewarded): number {
  return perToken.reduce((sum, one) => sum + one, reward);
}

function whitened(groups: readonly (readonly Rewarded[])[]): number[][][] {
  const returns = groups.map((group) => group.map(returnsOf));
  const { mean, deviation } = spread(returns.flat(2));
  const scale = deviation === 0 ? 0 : 1 / Math.sqrt(deviation ** 2 + VARIANCE_EPSILON);
  return returns.map((group) => group.map((tokens) => tokens.map((value) => (value - mean) * scale)));
}

/** R_t = r + Σ_{s≥t} p_s: the reward stands at the last token. */
function returnsOf({ reward, length, perToken }: Rewarded): number[] {
  const returns = new Array<number>(length).fill(reward);
  let sum = reward;
  for (let t = length - 1; perToken !== undefined && t >= 0; t--) {
    sum += perToken[t] ?? 0;
    returns[t] = sum;
  }
  return returns;
}

/** Mean and unbiased standard deviation; a deviation within rounding of the values is 0. */
export function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  if (values.length < 2) return { mean, deviation: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: deviation <= scale * 1e-12 ? 0 : deviation };
}
