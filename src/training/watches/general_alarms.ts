// The built-in watches that hold for any rules: what is measured at a step, from which value on it is a sign and from
// which a serious one, and which responses show it.

import { spread } from '../advantages.ts';
import { type Alarm, percent, type Values } from './alarm.ts';
import type { Shown } from './alarm_evidence.ts';
import { repetition } from './response_signs.ts';

/** Steps before the current one that an alarm may look at. */
export const BEFORE = 20;

export const metric = (name: string) => (values: Values) => values[name] ?? null;

/** Compared with the mean of the first steps. */
const relative = (name: string) => (values: Values, start: readonly Values[]) => {
  const before = spread(start.flatMap((each) => each[name] ?? [])).mean;
  const value = values[name];
  return value === undefined || before === 0 ? null : value / before;
};

const meanOf = (numbers: readonly number[]) => spread(numbers).mean;

/** Mean of a metric over some steps; null where none has it. */
function meanIn(lines: readonly Values[], name: string): number | null {
  const values = lines.flatMap((each) => each[name] ?? []);
  return values.length === 0 ? null : meanOf(values);
}

/** Responses of groups that have one reward for all. */
const alike = ({ group }: Shown): number => {
  const totals = group.map(({ score }) => score.total);
  return totals.every((total) => total === totals[0]) ? 1 : 0;
};

/** Over or under the mean of its group, in the group's deviations: the way the update takes the policy. */
function advantage({ rollout, group }: Shown): number {
  const { mean, deviation } = spread(group.map(({ score }) => score.total));
  return deviation === 0 ? 0 : (rollout.score.total - mean) / deviation;
}

/** How hard the update pulls: |A| times the surprise of the tokens (∇ log π of a token grows with 1 − π). */
const pull = (shown: Shown): number => Math.abs(advantage(shown)) * -meanOf(shown.rollout.logProbabilities);

/** The surest first; a response without tokens shows nothing. */
const surest = ({ rollout: { entropies } }: Shown): number =>
  entropies.length === 0 ? 0 : 1 / (1e-6 + meanOf(entropies));

const ANY_TIME = { afterStep: 0 } as const;
/** Where the first steps are what is compared with. */
const FROM_START = { forSteps: 5, afterStep: 10 } as const;

export const GENERAL_ALARMS: readonly Alarm[] = [
  {
    name: 'truncated',
    condition: (threshold) => `truncated > ${percent(threshold)} for 5 steps`,
    ...{ side: 'above', levels: { warn: 0.05, alarm: 0.15 }, forSteps: 5, ...ANY_TIME },
    measure: metric('completions/clipped_ratio'),
    shows: ({ rollout: { finishReason, tokens } }) => (finishReason === 'length' ? tokens.length : 0),
  },
  {
    name: 'zero_variance',
    condition: (threshold) => `zero_std > ${percent(threshold)} for 5 steps`,
    ...{ side: 'above', levels: { warn: 0.5, alarm: 0.75 }, forSteps: 5, ...ANY_TIME },
    measure: metric('frac_reward_zero_std'),
    shows: alike,
  },
  {
    name: 'entropy_collapse',
    condition: (threshold) => `entropy < ${percent(threshold)} of its start for 5 steps`,
    ...{ side: 'below', levels: { warn: 0.5, alarm: 0.1 }, ...FROM_START },
    measure: relative('entropy'),
    shows: surest,
  },
  {
    name: 'entropy_floor',
    condition: (threshold) => `entropy < ${threshold} for 5 steps after 10 steps`,
    ...{ side: 'below', levels: { warn: 0.1 }, ...FROM_START },
    measure: metric('entropy'),
    shows: surest,
  },
  {
    name: 'kl',
    condition: (threshold) => `kl > ${threshold} for 3 steps`,
    ...{ side: 'above', levels: { warn: 0.5, alarm: 2 }, forSteps: 3, ...ANY_TIME },
    measure: metric('kl'),
    shows: ({ rollout: { logProbabilities } }) => -meanOf(logProbabilities),
  },
  {
    name: 'kl_strangled',
    condition: (threshold) => `kl < ${threshold} for 50 steps after 50 steps`,
    ...{ side: 'below', levels: { warn: 1e-4 }, forSteps: 50, afterStep: 50 },
    measure: metric('kl'),
    // what the policy should have moved to by now
    shows: advantage,
  },
  {
    name: 'clipping',
    condition: (threshold) => `clipped > ${percent(threshold)} for 3 steps`,
    ...{ side: 'above', levels: { warn: 0.2, alarm: 0.4 }, forSteps: 3, ...ANY_TIME },
    measure: metric('clip_ratio/region_mean'),
    shows: pull,
  },
  {
    name: 'one_sided_clipping',
    condition: (threshold) => `clipped > ${percent(threshold)} and three times as often on one side, for 3 steps`,
    ...{ side: 'above', levels: { warn: 0.1 }, forSteps: 3, ...ANY_TIME },
    measure: (values) => {
      const [low, high] = [values['clip_ratio/low_mean'], values['clip_ratio/high_mean']];
      if (low === undefined || high === undefined) return null;
      return Math.max(low, high) >= 3 * Math.min(low, high) ? low + high : 0;
    },
    shows: pull,
  },
  {
    name: 'mismatch',
    condition: (threshold) => `the ratio to the policy that wrote the responses < ${threshold} for 3 steps`,
    ...{ side: 'below', levels: { warn: 0.5 }, forSteps: 3, ...ANY_TIME },
    measure: metric('ratio'),
    // those that were pushed away
    shows: (shown) => (advantage(shown) < 0 ? pull(shown) : 0),
  },
  {
    name: 'longer',
    condition: (threshold) => `length > ${percent(threshold)} of its start for 5 steps`,
    ...{ side: 'above', levels: { warn: 1.5 }, ...FROM_START },
    measure: relative('completions/mean_length'),
    shows: ({ rollout: { tokens } }) => tokens.length,
  },
  {
    name: 'shorter',
    condition: (threshold) => `length < ${percent(threshold)} of its start for 5 steps`,
    ...{ side: 'below', levels: { warn: 0.5 }, ...FROM_START },
    measure: relative('completions/mean_length'),
    shows: ({ rollout: { tokens } }) => 1 / (1 + tokens.length),
  },
  {
    name: 'length_reward',
    condition: (threshold) => `correlation of length and reward > ${threshold} for 5 steps`,
    ...{ side: 'above', levels: { warn: 0.6, alarm: 0.8 }, ...FROM_START },
    measure: metric('completions/reward_correlation'),
    shows: ({ rollout: { tokens, score } }) => (score.total > 0 ? tokens.length : 0),
  },
  {
    name: 'empty',
    condition: (threshold) => `empty responses > ${percent(threshold)} for 3 steps`,
    ...{ side: 'above', levels: { warn: 0.1 }, forSteps: 3, ...ANY_TIME },
    measure: metric('completions/empty_ratio'),
    shows: ({ rollout: { response } }) => (response.trim() === '' ? 1 : 0),
  },
  {
    name: 'repetition',
    condition: (threshold) => `repetitive responses > ${percent(threshold)} for 3 steps`,
    ...{ side: 'above', levels: { warn: 0.2 }, forSteps: 3, ...ANY_TIME },
    measure: metric('completions/repetitive_ratio'),
    shows: ({ rollout: { tokens } }) => repetition(tokens),
  },
  {
    name: 'no_update',
    condition: () => 'no update for 3 steps',
    ...{ side: 'below', levels: { warn: 1 }, forSteps: 3, ...ANY_TIME },
    measure: metric('updates'),
    shows: alike,
  },
  {
    name: 'idle_steps',
    condition: (threshold) => `no update in more than ${percent(threshold)} of the last 20 steps`,
    ...{ side: 'above', levels: { warn: 0.4, alarm: 0.7 }, forSteps: 1, afterStep: 20 },
    measure: ({ updates }, _, before) => {
      if (updates === undefined) return null;
      const recent = [...before.slice(1 - BEFORE).flatMap((each) => each.updates ?? []), updates];
      return recent.length < BEFORE ? null : recent.filter((one) => one === 0).length / recent.length;
    },
    shows: alike,
  },
  {
    name: 'flat_reward',
    condition: (threshold) => `reward_std < ${threshold} for 20 steps after 40 steps`,
    ...{ side: 'below', levels: { warn: 0.01 }, forSteps: 20, afterStep: 40 },
    measure: metric('reward_std'),
    shows: alike,
  },
  {
    name: 'spread_spike',
    condition: (threshold) => `reward_std > ${percent(threshold)} of that of the 20 steps before`,
    ...{ side: 'above', levels: { warn: 2.5 }, forSteps: 1, afterStep: 20 },
    measure: ({ reward_std: value }, _, before) => {
      const usual = meanIn(before, 'reward_std');
      if (value === undefined || usual === null || usual === 0 || before.length < BEFORE) return null;
      return value / usual;
    },
    shows: ({ rollout, group }) => Math.abs(rollout.score.total - meanOf(group.map(({ score }) => score.total))),
  },
];
