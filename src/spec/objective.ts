// What an algorithm computes, setting by setting. Each has its own standards; whatever a plan writes stands in their
// place, so that any two can be mixed. docs/objectives.md has the equations, their sources and the names in TRL and verl.

import type { Algorithm, Objective, TrainPlan } from './specification.ts';

/** What an algorithm is when the plan says no more. `overlongPart`: of the most tokens of a response. */
type Preset = Omit<Objective, 'overlong'> & { overlongPart: number };

const GRPO: Preset = {
  advantage: 'group',
  ratio: 'token',
  aggregation: 'token',
  clip: 0.2,
  clipHigh: 0.2,
  kl: 0.001,
  klIn: 'loss',
  updates: 1,
  miniBatches: 1,
  entropyBonus: 0,
  truncated: 'keep',
  zeroVariance: 'keep',
  overlongPart: 0,
};

export const PRESETS: Readonly<Record<Algorithm, Preset>> = {
  grpo: GRPO,
  dr_grpo: { ...GRPO, advantage: 'centered', aggregation: 'limit', kl: 0 },
  dapo: { ...GRPO, clipHigh: 0.28, kl: 0, zeroVariance: 'resample', overlongPart: 0.2 },
  gspo: { ...GRPO, ratio: 'geometric', aggregation: 'response', clip: 3e-4, clipHigh: 4e-4, kl: 0, miniBatches: 4 },
  rloo: { ...GRPO, advantage: 'leave_one_out', ratio: 'response', aggregation: 'response', kl: 0.05, klIn: 'reward' },
  reinforce_plus_plus: { ...GRPO, advantage: 'whitened', klIn: 'reward' },
};

/** The objective with nothing left open. Above 1 the ratio is clipped as below it where only `clip` is written. */
export function objectiveOf({
  algorithm,
  objective,
  maxResponse,
}: Pick<TrainPlan, 'algorithm' | 'objective' | 'maxResponse'>): Objective {
  const { overlongPart, ...preset } = PRESETS[algorithm];
  const clipHigh = objective.clipHigh ?? objective.clip ?? preset.clipHigh;
  return { ...preset, overlong: Math.round(overlongPart * maxResponse), ...objective, clipHigh };
}
