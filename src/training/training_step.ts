// One step: rows → responses → scores → advantages → update, and the numbers that say how it went. Nothing is written
// here, and everything follows from the seed, the step's number and the weights.

import type { Arm, Specification } from '../spec/specification.ts';
import type { Rows } from '../task/registry.ts';
import { samplingSeed } from './data_order.ts';
import { isValid, judge, meanAdvantage } from './judge.ts';
import type { Learner } from './learner.ts';
import { motivationMetrics } from './motivation_metrics.ts';
import type { Policy, Rollout, RolloutProgress } from './policy.ts';
import { learningRateAt } from './schedule.ts';
import { stepMetrics } from './step_metrics.ts';
import { stepRollouts } from './step_rollouts.ts';

export interface StepGiven {
  spec: Specification;
  arm: Arm;
  seed: number;
  step: number;
  /** The last step. */
  steps: number;
  rows: Rows;
  tokensBefore: number;
  onProgress: (progress: RolloutProgress | UpdateProgress) => void;
}

export interface UpdateProgress {
  phase: 'update';
  /** Micro-batches. */
  done: number;
  of: number;
}

export interface StepTaken {
  rollouts: Rollout[];
  /** The row of each prompt number. */
  rows: number[];
  /** null where a rollout is left out of its group; 0 where it teaches nothing. */
  advantage: (rollout: Rollout) => number | null;
  values: Record<string, number>;
  /** Seconds of the whole step. */
  seconds: number;
}

export async function takeStep(policy: Policy, learner: Learner, given: StepGiven): Promise<StepTaken> {
  const { spec, arm, seed, step, steps, tokensBefore, onProgress } = given;
  const plan = arm.train;
  const began = performance.now();
  const written = await stepRollouts(policy, given);
  const rollouts = written.groups.flat();
  const updating = performance.now();
  const learningRate = learningRateAt(plan, step, steps);
  onProgress({ phase: 'update', done: 0, of: 0 });
  const known = await learner.know(written.taught.flat());
  const judged = judge(written.taught, learner.objective, plan.maxResponse, known);
  const update = await learner.update(judged, known, {
    learningRate,
    seed: samplingSeed(seed, `update ${step}`),
    onProgress: (done, of) => onProgress({ phase: 'update', done, of }),
  });
  const now = performance.now();
  const times = { ...written.seconds, update: (now - updating) / 1000, step: (now - began) / 1000 };
  const motivation = spec.motivations.find(({ name }) => name === arm.motivation);
  const values = {
    ...stepMetrics(spec, written.groups, update, times, { step, learningRate, tokensBefore }),
    ...motivationMetrics(motivation, rollouts, known),
  };
  const advantages = new Map(judged.flat().map((one) => [one.rollout, meanAdvantage(one.advantages)]));
  return {
    rollouts,
    rows: written.rows,
    advantage: (rollout) => (isValid(rollout) ? (advantages.get(rollout) ?? 0) : null),
    values,
    seconds: times.step,
  };
}

/** Why a step's rollouts teach nothing and a run should not go on: a verifier or judge answered for none of them. */
export function whyNothingCounts(rollouts: readonly Rollout[]): string | null {
  const invalid = rollouts.flatMap(({ score }) => score.invalid ?? []);
  const [first] = invalid;
  if (first === undefined || invalid.length < rollouts.length) return null;
  return `Every response of the step was invalid (${first.cause}): ${first.message}`;
}
