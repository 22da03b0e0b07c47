// Where a comparison opens: at rollouts for which the sides read different prompts, as far as there are any. What two arms
// differ in is seen there; held-out rows answered without the motivation read the same in every arm. Pure.

import type { RolloutSet, Sample } from '../../run/view.ts';

/** The latest rollouts of every kind that all sides have, in the order in which they are tried; the last one stays. */
export function placesToBegin(lists: readonly (readonly RolloutSet[])[]): RolloutSet[] {
  const [first = []] = lists;
  const latest = (['motivation', 'train', 'none'] as const).flatMap((kind) => {
    const common = lists.every((sets) => sets.some((set) => set.kind === kind));
    const last = first.findLast((set) => set.kind === kind);
    return common && last ? [last] : [];
  });
  const heldOut = latest.find(({ kind }) => kind !== 'train');
  return heldOut && latest.length > 1 ? [...latest, heldOut] : latest;
}

/** No side answered, or all read the same. */
export function readsAlike(columns: readonly { samples: readonly Pick<Sample, 'prompt'>[] }[]): boolean {
  return new Set(columns.flatMap(({ samples }) => samples[0]?.prompt ?? [])).size < 2;
}
