// What one step reports, by TRL's names where it has one. Shares are 0 to 1, lengths in tokens, times in seconds,
// entropies and log-probabilities in nats.

import { accuracy } from '../reward/accuracy.ts';
import type { Specification } from '../spec/specification.ts';
import { weightAt } from '../spec/weight.ts';
import { spread } from './advantages.ts';
import { isValid } from './judge.ts';
import type { Rollout, Timings } from './policy.ts';
import { agreementMetrics } from './sampler_agreement.ts';
import type { UpdateMetrics } from './update_metrics.ts';
import { responseSigns } from './watches/response_signs.ts';

export interface StepTimes extends Timings {
  update: number;
  step: number;
}

export function stepMetrics(
  spec: Pick<Specification, 'rules'>,
  written: readonly (readonly Rollout[])[],
  update: UpdateMetrics,
  times: StepTimes,
  run: { step: number; learningRate: number; tokensBefore: number },
): Record<string, number> {
  const all = written.flat();
  // what a verifier or judge could not answer for says nothing of rewards
  const groups = written.map((group) => group.filter(isValid));
  const totals = groups.flat().map(({ score }) => score.total);
  const lengths = all.map(({ tokens }) => tokens.length);
  const ended = all.filter(({ finishReason }) => finishReason === 'stop').map(({ tokens }) => tokens.length);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const prompts = written.reduce((sum, group) => sum + distinctPromptTokens(group), 0);
  const deviations = groups.map((group) => spread(group.map(({ score }) => score.total)).deviation);
  return finite({
    // nothing is known where nothing is valid: not 0
    ...(totals.length > 0 && {
      reward: spread(totals).mean,
      reward_std: spread(deviations).mean,
      accuracy: accuracy(spec, totals, run.step),
    }),
    frac_reward_zero_std: share(deviations, (deviation) => deviation === 0),
    ...(totals.length > 0 && ruleMetrics(spec, groups)),
    ...invalidMetrics(all),
    ...scheduledWeights(spec, run.step),
    loss: update.loss,
    kl: update.kl,
    entropy: update.entropy,
    'clip_ratio/low_mean': update.clipLow,
    'clip_ratio/low_min': update.clipLowMin,
    'clip_ratio/high_mean': update.clipHigh,
    'clip_ratio/high_max': update.clipHighMax,
    'clip_ratio/region_mean': update.clipLow + update.clipHigh,
    ratio: update.ratio,
    ...agreementMetrics(update.agreement),
    updates: update.updates,
    grad_norm: update.gradientNorm,
    learning_rate: run.learningRate,
    'completions/mean_length': spread(lengths).mean,
    'completions/min_length': Math.min(...lengths),
    'completions/max_length': Math.max(...lengths),
    'completions/mean_terminated_length': spread(ended).mean,
    'completions/min_terminated_length': Math.min(...ended),
    'completions/max_terminated_length': Math.max(...ended),
    'completions/clipped_ratio': share(all, ({ finishReason }) => finishReason === 'length'),
    ...responseSigns(all),
    num_tokens: run.tokensBefore + prompts + tokens,
    step_time: times.step,
    'time/generation': times.generation,
    'time/reward': times.reward,
    'time/update': times.update,
  });
}

/** The share of responses that a verifier or judge could not answer for, and of each cause; {} where there is none. */
function invalidMetrics(rollouts: readonly Rollout[]): Record<string, number> {
  const causes = rollouts.flatMap(({ score }) => score.invalid?.cause ?? []);
  if (causes.length === 0) return {};
  const shares = [...new Set(causes)].map((cause) => [
    `invalid/${cause}`,
    share(rollouts, ({ score }) => score.invalid?.cause === cause),
  ]);
  return { invalid: causes.length / rollouts.length, ...Object.fromEntries(shares) };
}

/** Tokens of the prompts that a group read, each of them once. */
function distinctPromptTokens(group: readonly Rollout[]): number {
  const prompts = new Map(group.map(({ promptText, promptTokens }) => [promptText, promptTokens.length]));
  return [...prompts.values()].reduce((sum, length) => sum + length, 0);
}

/** JSON has no NaN: what is not a number is left out. */
function finite(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}

/** Of each rule: mean and deviation of its score, how often each case fired, its share of the reward's variance. */
function ruleMetrics(
  spec: Pick<Specification, 'rules'>,
  groups: readonly (readonly Rollout[])[],
): Record<string, number> {
  const rollouts = groups.flat();
  const shares = varianceShares(spec, groups);
  return Object.fromEntries(
    spec.rules.flatMap(({ name, cases }) => {
      const { mean, deviation } = spread(rollouts.map((rollout) => rollout.score.rules[name]?.score ?? 0));
      return [
        [`rewards/${name}/mean`, mean],
        [`rewards/${name}/std`, deviation],
        [`share/${name}`, shares.get(name) ?? 0],
        ...cases.map((_, i) => [
          `cases/${name}/${i}`,
          share(rollouts, (rollout) => rollout.score.rules[name]?.case === i),
        ]),
      ];
    }),
  );
}

/** Weights that change over the steps; the others stand in the specification. */
function scheduledWeights({ rules }: Pick<Specification, 'rules'>, step: number): Record<string, number> {
  const scheduled = rules.filter(({ weight }) => typeof weight !== 'number');
  return Object.fromEntries(scheduled.map(({ name, weight }) => [`weights/${name}`, weightAt(weight, step)]));
}

/**
 * Each rule's share of the variance inside the groups, which is all that advantages are made of:
 * Σ_groups var(weight · score of the rule), divided by the sum over rules; 0 where nothing varies.
 */
export function varianceShares(
  spec: Pick<Specification, 'rules'>,
  groups: readonly (readonly Pick<Rollout, 'score'>[])[],
): Map<string, number> {
  const variances = spec.rules.map(({ name }) =>
    groups.reduce((sum, group) => {
      const scores = group.map(({ score }) => (score.rules[name]?.score ?? 0) * (score.rules[name]?.weight ?? 1));
      return sum + spread(scores).deviation ** 2;
    }, 0),
  );
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  return new Map(spec.rules.map(({ name }, i) => [name, total === 0 ? 0 : (variances[i] ?? 0) / total]));
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}
