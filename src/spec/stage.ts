// The plan of a stage: the arm's, with the stage's own settings in place of some. `stage: null` is the run itself.

import type { Arm, Specification, Stage, TrainPlan } from './specification.ts';

export function planOfStage(plan: TrainPlan, stage: Stage | null): TrainPlan {
  if (stage === null) return plan;
  const { objective, ...settings } = stage.settings;
  return { ...plan, ...settings, objective: { ...plan.objective, ...objective } };
}

/** The plan a run was trained with, read off its record; an arm or stage that is not there changes nothing. */
export function planOfRun(
  spec: { arms: readonly Arm[]; train: TrainPlan; stages?: readonly Stage[] },
  run: { arm: string; stage?: string | undefined },
): TrainPlan {
  const plan = spec.arms.find(({ name }) => name === run.arm)?.train ?? spec.train;
  return planOfStage(plan, spec.stages?.find(({ name }) => name === run.stage) ?? null);
}

/** What `merf train` does one after the other: every stage, then (null) the run itself. */
export function partsOf({ stages }: Pick<Specification, 'stages'>): (Stage | null)[] {
  return [...stages, null];
}
