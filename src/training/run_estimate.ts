// What a run of a plan will take: memory, tokens and time, before anything is loaded. Responses are counted as long as the plan lets them be, so tokens and time are bounds from above.
//   operations of a token   2P + 4·L·H·d·(tokens before it)     P parameters, L layers, H heads of width d
// forward; a backward pass is twice that, of adapters once. Sources: Kaplan et al. 2020 (arXiv 2001.08361), section 2.1.

import type { ModelShape } from '../spec/facts.ts';
import {
  activationBudget,
  estimateMemory,
  keptBytes,
  type MemoryEstimate,
  showBytes,
} from '../spec/memory_estimate.ts';
import { objectiveOf } from '../spec/objective.ts';
import type { TrainPlan } from '../spec/specification.ts';
import { type Remedy, remedies } from './memory_remedies.ts';

/** Part of the speed of large matrix products that writing responses and learning reach. */
const GENERATION_SHARE = 0.3;
const UPDATE_SHARE = 0.5;

export interface RunEstimate {
  memory: MemoryEstimate;
  /** Bytes with which it just runs. */
  least: number;
  /** Whether the device has that much. */
  fits: boolean;
  /** Whether so much is free now. */
  isFree: boolean;
  /** Whether blocks are computed again in the update because there is no room to keep them. */
  recomputes: boolean;
  /** At most. */
  tokens: { step: number; run: number };
  /** At most, of one seed. */
  seconds: { step: number; evaluation: number; run: number };
  /** Changes of the plan that make it fit, each enough by itself; empty: it fits, or none does. */
  remedies: Remedy[];
}

export interface RunFacts {
  model: ModelShape;
  /** Of the longest prompt. */
  promptTokens: number;
  /** Of all evaluations together. */
  evaluatedRows: number;
  /** Bytes of the device. */
  memory: number;
  /** Of those, what is free now; null: not known. */
  free: number | null;
  /** Floating-point operations a second in large matrix products. */
  speed: number;
}

export function estimateRun(plan: TrainPlan, facts: RunFacts): RunEstimate {
  const { model, promptTokens, memory: bytes, free, speed, evaluatedRows } = facts;
  const memory = estimateMemory(model, plan, promptTokens, bytes);
  const least = estimateMemory(model, plan, promptTokens);
  const rows = plan.prompts * plan.group;
  const of = (tokens: number, before: number): number =>
    tokens * (2 * model.parameters + 4 * model.layers * model.heads * model.headSize * before);
  const answer = of(plan.maxResponse, promptTokens + plan.maxResponse / 2);
  const prompt = of(promptTokens, promptTokens / 2);
  const isAgain = recomputes(plan, facts, least);
  const passes = 1 + (plan.lora ? 1 : 2) + (isAgain ? 1 : 0) + (objectiveOf(plan).kl > 0 ? 1 : 0);
  const writing = (count: number, prompts: number) => (prompts * prompt + count * answer) / (speed * GENERATION_SHARE);
  const learning = (passes * (plan.prompts * prompt + rows * answer)) / (speed * UPDATE_SHARE);
  const step = writing(rows, plan.prompts) + learning * objectiveOf(plan).updates;
  const evaluation = writing(evaluatedRows, evaluatedRows);
  const stepTokens = plan.prompts * promptTokens + rows * plan.maxResponse;
  const fits = least.peak <= bytes;
  return {
    memory: fits ? memory : least,
    least: least.peak,
    fits,
    isFree: least.peak <= (free ?? bytes),
    recomputes: isAgain,
    tokens: { step: stepTokens, run: stepTokens * plan.steps },
    seconds: { step, evaluation, run: step * plan.steps + evaluation },
    remedies: remedies(model, plan, promptTokens, Math.min(bytes, free ?? bytes)),
  };
}

/** As model/trainer.ts decides for a micro-batch of the longest responses. */
function recomputes(plan: TrainPlan, { model, promptTokens, memory }: RunFacts, { held }: MemoryEstimate): boolean {
  const rows = Math.max(1, Math.floor(plan.optimizer.microBatchTokens / plan.maxResponse));
  const group = Math.min(plan.group, rows);
  const batch = { prompts: 1, group, promptLength: promptTokens, responseLength: plan.maxResponse };
  const heldBytes = held.reduce((sum, part) => sum + part.bytes, 0);
  return keptBytes(model, batch) > activationBudget(memory, heldBytes);
}

/** Why a run cannot be begun here, and what to change; null: it may fit. */
export function refusal(model: ModelShape, plan: TrainPlan, bytes: number): { found: string; remedy: string } | null {
  // the prompts are not known yet: a bound from below
  const { peak } = estimateMemory(model, plan, 1);
  if (peak <= bytes) return null;
  const [first] = remedies(model, plan, 1, bytes);
  return {
    found: `The run needs at least ${showBytes(peak)} of memory, and this computer has ${showBytes(bytes)}.`,
    remedy: `${first === undefined ? 'Choose a smaller model' : `Write ${first.settings.join(', ')} in the plan`}, or go on all the same with --force.`,
  };
}
