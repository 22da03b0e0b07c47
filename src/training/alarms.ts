// Built-in watches: signs of trouble that people look for in any run of this kind, with the thresholds they use
// (microsoft/post-training-toolkit, rldoctor's detectors, prime-rl's notes). An alarm says where to look and shows the
// responses it is about; it never stops a run. Once per onset: again only after its condition has failed since.
// `alarms off` in `train` turns them off. Left out: what needs held-out evaluations (gap, plateau).

import type { MetricsLine } from '../run/format.ts';
import { numberText, shareText } from '../run/number_text.ts';
import type { Specification } from '../spec/specification.ts';
import { spread } from './advantages.ts';
import type { Rollout } from './policy.ts';
import { repetition } from './response_signs.ts';

type Values = MetricsLine['values'];

export interface Alarm {
  name: string;
  /** The condition, as a watch would be written. */
  condition: string;
  forSteps: number;
  /** Looked at only after this step. */
  afterStep: number;
  /** What is measured at a step, and whether it is a sign; `start`: the run's first steps. */
  look: (values: Values, start: readonly Values[]) => { value: number; isSign: boolean } | null;
  /** Where to look. */
  says: (value: number) => string;
  /** How much a response shows it; those above 0 are the evidence, the highest first. */
  shows: (rollout: Rollout) => number;
}

/** Steps that count as the run's start. */
const START = 5;
const EVIDENCE = 5;

const above = (name: string, threshold: number) => (values: Values) => {
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

const GENERAL: readonly Alarm[] = [
  {
    name: 'truncated',
    condition: 'truncated > 15% for 5 steps',
    ...{ forSteps: 5, afterStep: 0 },
    look: above('completions/clipped_ratio', 0.15),
    says: (value) =>
      `${shareText(value)} of the responses are cut at the limit: look whether they need more room or never end.`,
    shows: ({ finishReason, tokens }) => (finishReason === 'length' ? tokens.length : 0),
  },
  {
    name: 'zero_variance',
    condition: 'zero_std > 75% for 5 steps',
    ...{ forSteps: 5, afterStep: 0 },
    look: above('frac_reward_zero_std', 0.75),
    says: (value) =>
      `${shareText(value)} of the groups have one reward for all and teach nothing: look whether the task is too easy or too hard.`,
    shows: nothing,
  },
  {
    name: 'entropy_collapse',
    condition: 'entropy < 50% of its start for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: relative('entropy', (ratio) => ratio < 0.5),
    says: (value) =>
      `The entropy is ${shareText(value)} of what it was: look whether the responses have become alike before they became good.`,
    shows: ({ entropies }) => 1 / (1e-6 + meanOf(entropies)),
  },
  {
    name: 'kl',
    condition: 'kl > 0.5 for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('kl', 0.5),
    says: (value) =>
      `The policy is ${numberText(value)} nats a token from the model it began with: look whether the text is still sound.`,
    shows: nothing,
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
    shows: ({ tokens }) => tokens.length,
  },
  {
    name: 'shorter',
    condition: 'length < 50% of its start for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: relative('completions/mean_length', (ratio) => ratio < 0.5),
    says: (value) =>
      `Responses are ${numberText(value)} times as long as at the start: look whether the reasoning is gone.`,
    shows: ({ tokens }) => 1 / (1 + tokens.length),
  },
  {
    name: 'length_reward',
    condition: 'correlation of length and reward > 0.6 for 5 steps',
    ...{ forSteps: 5, afterStep: 10 },
    look: above('completions/reward_correlation', 0.6),
    says: (value) =>
      `Longer responses earn more (correlation ${numberText(value)}): look whether the length or the content is paid.`,
    shows: ({ tokens, score }) => (score.total > 0 ? tokens.length : 0),
  },
  {
    name: 'empty',
    condition: 'empty responses > 10% for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('completions/empty_ratio', 0.1),
    says: (value) => `${shareText(value)} of the responses are empty: look whether saying nothing is punished enough.`,
    shows: ({ response }) => (response.trim() === '' ? 1 : 0),
  },
  {
    name: 'repetition',
    condition: 'repetitive responses > 20% for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: above('completions/repetitive_ratio', 0.2),
    says: (value) =>
      `${shareText(value)} of the responses repeat themselves: look whether the policy is falling apart.`,
    shows: ({ tokens }) => repetition(tokens),
  },
  {
    name: 'no_update',
    condition: 'no update for 3 steps',
    ...{ forSteps: 3, afterStep: 0 },
    look: ({ updates }) => (updates === undefined ? null : { value: updates, isSign: updates === 0 }),
    says: () => 'No response had an advantage, so nothing was learnt: look at the rewards of the groups.',
    shows: nothing,
  },
];

/** The general ones, and for each of several rules one that it is nearly all that is learnt. */
export function alarmsOf({ rules }: Pick<Specification, 'rules'>): Alarm[] {
  const scored = rules.filter(({ isMetric }) => !isMetric);
  const dominating = scored.map(
    ({ name }): Alarm => ({
      name: `share_${name}`,
      condition: `share(${name}) > 90% for 10 steps`,
      ...{ forSteps: 10, afterStep: 20 },
      look: above(`share/${name}`, 0.9),
      says: (value) =>
        `${shareText(value)} of the rewards' differences come from ${name}: look whether the other rules still count.`,
      shows: ({ score }) => Math.abs(score.rules[name]?.score ?? 0),
    }),
  );
  return [...GENERAL, ...(scored.length > 1 ? dominating : [])];
}

export class AlarmBell {
  private readonly alarms: readonly Alarm[];
  private readonly start: Values[] = [];
  private readonly held: number[];

  constructor(alarms: readonly Alarm[]) {
    this.alarms = alarms;
    this.held = alarms.map(() => 0);
  }

  /** Takes the next step's metrics and returns the alarms that begin on it. */
  step({ step, values }: MetricsLine): { alarm: Alarm; value: number }[] {
    const rung = this.alarms.flatMap((alarm, i) => {
      const found = step > alarm.afterStep ? alarm.look(values, this.start) : null;
      this.held[i] = found?.isSign ? (this.held[i] ?? 0) + 1 : 0;
      return found !== null && this.held[i] === alarm.forSteps ? [{ alarm, value: found.value }] : [];
    });
    if (this.start.length < START) this.start.push(values);
    return rung;
  }
}

/** The responses that show it best. */
export function evidence({ shows }: Pick<Alarm, 'shows'>, rollouts: readonly Rollout[]): Rollout[] {
  return rollouts
    .map((rollout) => ({ rollout, strength: shows(rollout) }))
    .filter(({ strength }) => strength > 0)
    .sort((a, b) => b.strength - a.strength)
    .slice(0, EVIDENCE)
    .map(({ rollout }) => rollout);
}
