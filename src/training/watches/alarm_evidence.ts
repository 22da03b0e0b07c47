// Which responses show what an alarm is about.

import { inGroups, type Rollout } from '../policy.ts';

export interface Shown {
  rollout: Rollout;
  /** All responses to its row. */
  group: readonly Rollout[];
}

export const EVIDENCE = 5;

/** Those that show it best, the clearest first; `shows`: how much one does, above 0. */
export function evidence({ shows }: { shows: (shown: Shown) => number }, rollouts: readonly Rollout[]): Rollout[] {
  const groups = new Map(inGroups(rollouts).flatMap((group) => group.map((rollout) => [rollout, group] as const)));
  return rollouts
    .map((rollout) => ({ rollout, strength: shows({ rollout, group: groups.get(rollout) ?? [rollout] }) }))
    .filter(({ strength }) => strength > 0)
    .sort((a, b) => b.strength - a.strength)
    .slice(0, EVIDENCE)
    .map(({ rollout }) => rollout);
}
