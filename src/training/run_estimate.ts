// What a run of a plan will take: memory, tokens and time, before anything is loaded. Responses are counted as long as the
// plan lets them be, so tokens and time are bounds from above. Memory is spec/memory_estimate.ts's, time time_estimate.ts's.

import type { ModelShape } from '../spec/facts.ts';
import {
  activationBudget,
  estimateMemory,
  keptBytes,
  type MemoryEstimate,
  showBytes,
} from '../spec/memory_estimate.ts';
import type { TrainPlan } from '../spec/specification.ts';
import { type Remedy, remedies } from './memory_remedies.ts';
import { estimateTime, type TimeEstimate, type TimeFacts } from './time_estimate.ts';

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
  seconds: TimeEstimate;
  /** Changes of the plan that make it fit, each enough by itself; empty: it fits, or none does. */
  remedies: Remedy[];
}

export interface RunFacts extends Omit<TimeFacts, 'recomputes'> {
  /** Bytes of the device. */
  memory: number;
  /** Of those, what is free now; null: not known. */
  free: number | null;
}

export function estimateRun(plan: TrainPlan, facts: RunFacts): RunEstimate {
  const { model, promptTokens, memory: bytes, free } = facts;
  const memory = estimateMemory(model, plan, promptTokens, bytes);
  const least = estimateMemory(model, plan, promptTokens);
  const isAgain = recomputes(plan, facts, least);
  const stepTokens = plan.prompts * (promptTokens + plan.group * plan.maxResponse);
  const fits = least.peak <= bytes;
  return {
    memory: fits ? memory : least,
    least: least.peak,
    fits,
    isFree: least.peak <= (free ?? bytes),
    recomputes: isAgain,
    tokens: { step: stepTokens, run: stepTokens * plan.steps },
    seconds: estimateTime(plan, { ...facts, recomputes: isAgain }),
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
