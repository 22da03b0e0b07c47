// Group-relative advantages (GRPO; DeepSeekMath, arXiv 2402.03300, section 4.1.2): how much better a response is than
// the others to the same prompt, in standard deviations.
//
//   A_i = (r_i − mean(r)) / (std(r) + ε)      std unbiased (n − 1), ε = 1e-4 as in TRL's `scale_rewards="group"`
//
// A group whose rewards are all equal teaches nothing: its advantages are 0. A group of one has none either.

const EPSILON = 1e-4;

export function groupAdvantages(rewards: readonly number[]): number[] {
  const { mean, deviation } = spread(rewards);
  if (deviation === 0) return rewards.map(() => 0);
  return rewards.map((reward) => (reward - mean) / (deviation + EPSILON));
}

/** Mean and unbiased standard deviation; a deviation within rounding of the values is 0. */
export function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  if (values.length < 2) return { mean, deviation: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  const scale = Math.max(...values.map(Math.abs));
  return { mean, deviation: deviation <= scale * 1e-12 ? 0 : deviation };
}
