// The rollouts of a training step: the step's rows, each answered by a group, whose samples read what of the motivation
// is shown to them at this step. Where the plan resamples (DAPO's dynamic sampling, arXiv 2503.14476, section 3.2),
// groups that cannot teach are answered by further prompts, three times at the most. Which rows these are depends on
// seed, step and attempt alone, so a resumed run needs no saved position.

import { shownRules } from '../motivation/visibility.ts';
import { objectiveOf } from '../spec/objective.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import type { Rows } from '../task/registry.ts';
import { rowsOfStep, samplingSeed } from './data_order.ts';
import { varies } from './judge.ts';
import {
  allRead,
  inGroups,
  type Policy,
  type Reading,
  type Rollout,
  type RolloutProgress,
  type Timings,
} from './policy.ts';

/** Times that other prompts are tried in a step. */
const RESAMPLED = 3;

export interface StepRollouts {
  /** All that were written, a row's together. */
  groups: Rollout[][];
  /** Those that are taught. */
  taught: Rollout[][];
  /** The row of each prompt number. */
  rows: number[];
  seconds: Timings;
}

export interface StepRequest {
  spec: Specification;
  arm: Arm;
  seed: number;
  step: number;
  steps: number;
  rows: Rows;
  onProgress: (progress: RolloutProgress) => void;
}

export async function stepRollouts(policy: Policy, request: StepRequest): Promise<StepRollouts> {
  const { arm, seed, step, rows, onProgress } = request;
  const { prompts, maxResponse, temperature } = arm.train;
  const objective = objectiveOf(arm.train);
  const found: StepRollouts = { groups: [], taught: [], rows: [], seconds: { generation: 0, reward: 0 } };
  const attempts = objective.zeroVariance === 'resample' ? 1 + RESAMPLED : 1;
  for (let attempt = 0; attempt < attempts && found.taught.length < prompts; attempt++) {
    const again = attempt === 0 ? '' : ` again ${attempt}`;
    const order = attempt === 0 ? seed : samplingSeed(seed, again);
    const indices = rowsOfStep(order, step, prompts, rows.length).slice(0, prompts - found.taught.length);
    const { rollouts, seconds } = await policy.respond({
      rows: indices.map((index) => rows.at(index) ?? {}),
      reading: readingAt(request),
      step,
      seed: samplingSeed(seed, `step ${step}${again}`),
      maxResponse,
      temperature,
      onProgress,
    });
    const before = found.rows.length;
    const groups = inGroups(rollouts.map((rollout) => ({ ...rollout, prompt: rollout.prompt + before })));
    found.groups.push(...groups);
    found.rows.push(...indices);
    found.taught.push(
      ...groups.filter((group) => objective.zeroVariance === 'keep' || varies(group, objective, maxResponse)),
    );
    found.seconds.generation += seconds.generation;
    found.seconds.reward += seconds.reward;
  }
  return found;
}

/** Who of a group reads what at a step. */
function readingAt({ spec, arm, step, steps }: StepRequest): Reading {
  const motivation = spec.motivations.find(({ name }) => name === arm.motivation);
  if (motivation === undefined) return allRead(spec, null, arm.train.group);
  return {
    motivation: motivation.name,
    shownRules: shownRules(motivation, { step, steps }, arm.train.group),
    update: motivation.visibility.update,
  };
}
