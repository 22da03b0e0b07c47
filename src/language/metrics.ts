// Short names of metrics in `watch`, and what they are called in a run's metrics.jsonl (TRL's names where it has one).
// A rule's name is a metric too: the mean of its score.

export interface MetricDeclaration {
  name: string;
  metric: string;
  doc: string;
  /** Lies between 0 and 1, so that a percentage makes sense. */
  isShare: boolean;
}

export const METRICS: readonly MetricDeclaration[] = [
  { name: 'reward', metric: 'reward', doc: 'Mean total of the responses.', isShare: false },
  { name: 'reward_std', metric: 'reward_std', doc: 'Mean standard deviation of a group.', isShare: false },
  {
    name: 'zero_std',
    metric: 'frac_reward_zero_std',
    doc: 'Share of groups whose responses all score the same, and so teach nothing.',
    isShare: true,
  },
  { name: 'accuracy', metric: 'accuracy', doc: 'Share of responses with the highest possible total.', isShare: true },
  { name: 'kl', metric: 'kl', doc: 'Mean KL divergence from the starting model, per token.', isShare: false },
  { name: 'entropy', metric: 'entropy', doc: 'Mean entropy of the next-token distribution.', isShare: false },
  { name: 'clipped', metric: 'clip_ratio/region_mean', doc: 'Share of tokens whose ratio was clipped.', isShare: true },
  { name: 'length', metric: 'completions/mean_length', doc: 'Mean tokens of a response.', isShare: false },
  {
    name: 'truncated',
    metric: 'completions/clipped_ratio',
    doc: 'Share of responses cut at `max_response`.',
    isShare: true,
  },
  {
    name: 'invalid',
    metric: 'invalid',
    doc: 'Share of responses that a verifier or a judge could not answer for; they are left out of their groups.',
    isShare: true,
  },
  { name: 'loss', metric: 'loss', doc: 'The loss of the step.', isShare: false },
  { name: 'grad_norm', metric: 'grad_norm', doc: 'Norm of the gradient before clipping.', isShare: false },
];

export function metricOfRule(rule: string): string {
  return `rewards/${rule}/mean`;
}
