// The built-in watches that hold for any rules: what is measured at a step, from which value on it is a sign, where to
// look then and which responses show it.

import { numberText, shareText } from '../run/number_text.ts';
import { spread } from './advantages.ts';
import type { Alarm, Values } from './alarm.ts';
import type { Shown } from './alarm_evidence.ts';
import { repetition } from './response_signs.ts';

/** Steps before the current one that an alarm may look at. */
export const BEFORE = 20;

export const above = (name: string, threshold: number) => (values: Values) => {
  const value = values[name];
  return value === undefined ? null : { value, isSign: value > threshold };
};

/** Compared with the mean of the first steps. */
const relative = (name: string, isSign: (ratio: number) => boolean) => (values: Values, start: readonly Values[]) => {
  const before = spread(start.flatMap((each) => each[name] ?? [])).mean;
  const value = values[name];
  if (value === undefined || before === 0) return null;
  return { value: value / before, isSign: isSign(value / before) };
};

const meanOf = (numbers: readonly number[]) => spread(numbers).mean;
const nothing = () => 0;

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

export const GENERAL_ALARMS: readonly Alarm[] = [
  {
    name: 'truncated',
    condition: 'truncated > 15% for 5 steps',
    ...{ forSteps: 5, afterStep: 0 },
    look: above('completions/clipped_ratio', 0.15),
    says: (value) =>
      `${shareText(value)} of the responses are cut at the limit: look whether they need more room or never end.`,
    shows: ({ rollout: { finishReason, tokens } }) => (finishReason === 'length' ? tokens.length : 0),
  },
  {
    name: 'zero_variance',
    condition: 'zero_std > 75% for 5 steps',
    ...{ forSteps: 5, afterStep: 0 },
    look: above('frac_reward_zero_std', 0.75),
    says: (value) =>
      `${shareText(value)} of the groups have one reward for all and teach nothing: look whether the task is too easy or too hard.`,
    shows: alike,
  },
  {
    name: 'entropy_collapse',
    condition: 'entropy < 50% of its start for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: relative('entropy', (ratio) => ratio < 0.5),
    says: (value) =>
      `The entropy is ${shareText(value)} of what it was: look whether the responses have become alike before they became good.`,
    shows: ({ rollout: { entropies } }) => 1 / (1e-6 + meanOf(entropies)),
  },
  {
    name: 'kl',
    condition: 'kl > 0.5 for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('kl', 0.5),
    says: (value) =>
      `The policy is ${numberText(value)} nats a token from the model it began with: look whether the text is still sound.`,
    shows: ({ rollout: { logProbabilities } }) => -meanOf(logProbabilities),
  },
  {
    name: 'clipping',
    condition: 'clipped > 25% for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('clip_ratio/region_mean', 0.25),
    says: (value) =>
      `Clipping holds back ${shareText(value)} of the tokens: look at the learning rate and at how many updates a step makes.`,
    shows: nothing,
  },
  {
    name: 'longer',
    condition: 'length > 150% of its start for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: relative('completions/mean_length', (ratio) => ratio > 1.5),
    says: (value) =>
      `Responses are ${numberText(value)} times as long as at the start: look whether the length earns reward by itself.`,
    shows: ({ rollout: { tokens } }) => tokens.length,
  },
  {
    name: 'shorter',
    condition: 'length < 50% of its start for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: relative('completions/mean_length', (ratio) => ratio < 0.5),
    says: (value) =>
      `Responses are ${numberText(value)} times as long as at the start: look whether the reasoning is gone.`,
    shows: ({ rollout: { tokens } }) => 1 / (1 + tokens.length),
  },
  {
    name: 'length_reward',
    condition: 'correlation of length and reward > 0.6 for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: above('completions/reward_correlation', 0.6),
    says: (value) =>
      `Longer responses earn more (correlation ${numberText(value)}): look whether the length or the content is paid.`,
    shows: ({ rollout: { tokens, score } }) => (score.total > 0 ? tokens.length : 0),
  },
  {
    name: 'empty',
    condition: 'empty responses > 10% for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('completions/empty_ratio', 0.1),
    says: (value) => `${shareText(value)} of the responses are empty: look whether saying nothing is punished enough.`,
    shows: ({ rollout: { response } }) => (response.trim() === '' ? 1 : 0),
  },
  {
    name: 'repetition',
    condition: 'repetitive responses > 20% for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('completions/repetitive_ratio', 0.2),
    says: (value) =>
      `${shareText(value)} of the responses repeat themselves: look whether the policy is falling apart.`,
    shows: ({ rollout: { tokens } }) => repetition(tokens),
  },
  {
    name: 'no_update',
    condition: 'no update for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: ({ updates }) => (updates === undefined ? null : { value: updates, isSign: updates === 0 }),
    says: () => 'No response had an advantage, so nothing was learnt: look at the rewards of the groups.',
    shows: alike,
  },
  {
    name: 'idle_steps',
    condition: 'no update in more than 40% of the last 20 steps',
    ...{ forSteps: 1, afterStep: 20 },
    look: ({ updates }, _, before) => {
      if (updates === undefined) return null;
      const recent = [...before.slice(1 - BEFORE).flatMap((each) => each.updates ?? []), updates];
      const idle = recent.filter((one) => one === 0).length / recent.length;
      return { value: idle, isSign: recent.length >= BEFORE && idle > 0.4 };
    },
    says: (value) =>
      `In ${shareText(value)} of the last 20 steps nothing was learnt: look whether the prompts are too easy or too hard for the model.`,
    shows: alike,
  },
  {
    name: 'flat_reward',
    condition: 'reward_std < 0.01 for 20 steps after 40 steps',
    ...{ forSteps: 20, afterStep: 40 },
    look: ({ reward_std: value }) => (value === undefined ? null : { value, isSign: value < 0.01 }),
    says: (value) =>
      `Rewards inside a group differ by ${numberText(value)} only: look whether the rules still tell responses apart.`,
    shows: alike,
  },
  {
    name: 'spread_spike',
    condition: 'reward_std > 250% of that of the 20 steps before',
    ...{ forSteps: 1, afterStep: 20 },
    look: ({ reward_std: value }, _, before) => {
      const usual = meanIn(before, 'reward_std');
      if (value === undefined || usual === null || usual === 0 || before.length < BEFORE) return null;
      return { value: value / usual, isSign: value / usual > 2.5 };
    },
    says: (value) =>
      `Rewards inside a group differ ${numberText(value)} times as much as in the steps before: look what the best and the worst responses do now.`,
    shows: ({ rollout, group }) => Math.abs(rollout.score.total - meanOf(group.map(({ score }) => score.total))),
  },
  {
    name: 'entropy_floor',
    condition: 'entropy < 0.1 for 5 steps after 10 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: ({ entropy: value }) => (value === undefined ? null : { value, isSign: value < 0.1 }),
    says: (value) =>
      `The entropy is ${numberText(value)} nats a token: look whether the responses to a prompt are all the same.`,
    shows: ({ rollout: { entropies } }) => 1 / (1e-6 + meanOf(entropies)),
  },
  {
    name: 'kl_strangled',
    condition: 'kl < 0.0001 in all steps, after 50 steps',
    ...{ forSteps: 50, afterStep: 50 },
    look: ({ kl: value }) => (value === undefined ? null : { value, isSign: value < 1e-4 }),
    says: (value) =>
      `After so many steps the policy is ${numberText(value)} nats a token from where it began: look whether the learning rate is too low or kl too strong.`,
    shows: nothing,
  },
  {
    name: 'one_sided_clipping',
    condition: 'clipping above 10% and three times as often on one side, for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: (values) => {
      const [low, high] = [values['clip_ratio/low_mean'], values['clip_ratio/high_mean']];
      if (low === undefined || high === undefined) return null;
      const [less, more] = low < high ? [low, high] : [high, low];
      return { value: more, isSign: low + high > 0.1 && more >= 3 * less };
    },
    says: (value) =>
      `Clipping holds back ${shareText(value)} of the tokens on one side: look whether clip and clip_high fit how far a step goes.`,
    shows: nothing,
  },
  {
    name: 'mismatch',
    condition: 'the ratio to the policy that wrote the responses < 0.5 for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: ({ ratio: value }) => (value === undefined ? null : { value, isSign: value < 0.5 }),
    says: (value) =>
      `The updated policy gives its own responses ${numberText(value)} of the probability they were written with: look at the learning rate and at how many updates a step makes.`,
    shows: nothing,
  },
];
