// Where a response stands, and which file of rollouts is nearest to a wanted one. Pure.

import { type RolloutSet, sameSet } from '../../run/view.ts';
import type { ResponsePlace } from '../messages.ts';

export function samePlace(a: ResponsePlace | null, b: ResponsePlace | null): boolean {
  return a === null || b === null ? a === b : a.index === b.index && sameSet(a.set, b.set);
}

/** The set of the same kind whose step is nearest; null: there is none of that kind. */
export function nearest(sets: readonly RolloutSet[], wanted: RolloutSet): RolloutSet | null {
  const same = sets.filter((set) => set.kind === wanted.kind);
  return same.reduce<RolloutSet | null>(
    (best, set) => (!best || Math.abs(set.step - wanted.step) < Math.abs(best.step - wanted.step) ? set : best),
    null,
  );
}
