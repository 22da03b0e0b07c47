// When a run writes checkpoints and which of them it keeps, as its plan says or as it is when the plan says nothing:
// every evaluation (or 20 steps), the last two, and the best by accuracy on held-out rows where there are evaluations.

import type { CheckpointPlan, TrainPlan } from './specification.ts';

/** Steps between checkpoints when neither they nor evaluations are planned. */
const STANDARD_EVERY = 20;
const STANDARD_LAST = 2;

export interface CheckpointRules {
  every: number;
  /** How many of the last are kept, 1 or more. */
  last: number;
  /** The best by this is kept; null: none is. */
  best: 'accuracy' | 'reward' | null;
  /** Those of every so many steps are kept; null: none is for that. */
  milestones: number | null;
}

export function checkpointRules({ checkpoint, evaluate }: Pick<TrainPlan, 'checkpoint' | 'evaluate'>): CheckpointRules {
  const { every, last, best, milestones }: CheckpointPlan = checkpoint ?? {};
  return {
    every: every ?? evaluate?.everySteps ?? milestones ?? STANDARD_EVERY,
    last: last ?? STANDARD_LAST,
    best: best ?? (evaluate === null ? null : 'accuracy'),
    milestones: milestones ?? null,
  };
}

/** Which checkpoints stay, of those of these steps (in their order); `best`: the step of the best one, null: none yet. */
export function keptSteps(steps: readonly number[], rules: CheckpointRules, best: number | null): Set<number> {
  const { last, milestones } = rules;
  return new Set([
    ...steps.slice(-last),
    ...steps.filter((step) => step === best || (milestones !== null && step > 0 && step % milestones === 0)),
  ]);
}
