// What a step says of its motivation: how much of it was read, what the readers earned and what the others did, and by
// how much it made the responses likelier (where the update is computed without it, both are known).

import type { Motivation } from '../spec/specification.ts';
import { spread } from './advantages.ts';
import { isValid } from './judge.ts';
import type { Known } from './learner.ts';
import type { Rollout } from './policy.ts';

export function motivationMetrics(
  motivation: Motivation | undefined,
  rollouts: readonly Rollout[],
  known: (rollout: Rollout) => Known,
): Record<string, number> {
  if (motivation === undefined) return {};
  const part = ({ shownRules }: Rollout): number =>
    shownRules === null ? 0 : motivation.rules.length === 0 ? 1 : shownRules.length / motivation.rules.length;
  const readers = rollouts.filter(({ shownRules }) => shownRules !== null);
  const others = rollouts.filter(({ shownRules }) => shownRules === null);
  const reward = (some: readonly Rollout[]) => spread(some.filter(isValid).map(({ score }) => score.total)).mean;
  const differences = rollouts
    .map((rollout) => ({ rollout, old: known(rollout).old }))
    .filter(({ rollout, old }) => old !== rollout.logProbabilities)
    .flatMap(({ rollout, old }) => rollout.logProbabilities.map((own, t) => own - (old[t] ?? own)));
  return {
    'motivation/share': spread(rollouts.map(part)).mean,
    'motivation/readers': rollouts.length === 0 ? 0 : readers.length / rollouts.length,
    ...(readers.length > 0 && others.length > 0
      ? { 'motivation/reward_readers': reward(readers), 'motivation/reward_others': reward(others) }
      : {}),
    ...(differences.length > 0 && { 'motivation/lift': spread(differences).mean }),
  };
}
