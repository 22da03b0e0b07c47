// The metrics whose charts stand first in the curves panel, which a large run is sent with at once. Pure.

import type { Specification } from '../../spec/specification.ts';

/** In the order of the charts; the rules' means come after the first two. */
export const FIRST_METRICS = ['reward', 'accuracy'] as const;
export const THEN_METRICS = [
  'kl',
  'entropy',
  'completions/mean_length',
  'completions/clipped_ratio',
  'reward_std',
  'frac_reward_zero_std',
  'grad_norm',
  'clip_ratio/region_mean',
] as const;

export type FirstMetric = (typeof FIRST_METRICS)[number] | (typeof THEN_METRICS)[number];

/** Those of them that a run has. */
export function firstMetrics({ rules }: Pick<Specification, 'rules'>, names: readonly string[]): string[] {
  const there = new Set(names);
  const means = rules.map(({ name }) => `rewards/${name}/mean`);
  return [...FIRST_METRICS, ...means, ...THEN_METRICS].filter((name) => there.has(name));
}
