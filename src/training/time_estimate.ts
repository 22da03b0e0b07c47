// What time a run takes, from the operations of its products and the speed of large products now. Everything is counted
// in operations of such a product, and divided by the speed once:
//
//   products     2P of a token, at the share of the speed that they reach
//   attention    4·L·H·d·(tokens before it), mostly moving of memory, so an operation of it costs several
//   a step of writing: one pass over L layers for all rows, with a fixed cost each
//   widening     of every sixteen-bit weight, once in a pass over the model
//
// P parameters, L layers, H heads of width d. A forward pass is one pass over the tokens, a backward pass two more, of
// adapters one; another where blocks are computed again, and one for the reference. The counts of operations are those of
// Kaplan et al. 2020 (arXiv 2001.08361), section 2.1; the constants were fitted to runs (docs/performance.md). Responses are
// as long as the plan lets them be. Left out: making the engine's programs, in a first step, and verifiers.

import type { ModelShape } from '../spec/facts.ts';
import { rowsAtOnce, storageOf } from '../spec/memory_estimate.ts';
import { objectiveOf } from '../spec/objective.ts';
import type { TrainPlan } from '../spec/specification.ts';

/** Part of the speed of large products that those of a model reach. */
const PRODUCT_SHARE = 0.7;
/** Operations of a large product in whose time one of attention is done. */
const ATTENTION_COST = 10;
/** Of a layer in a step of writing, whatever the rows. */
const LAYER_COST = 25e6;
/** Of a weight that is widened. */
const WIDENING_COST = 30;

/** Seconds; `run`: of all steps and evaluations of a seed. */
export interface TimeEstimate {
  generation: number;
  update: number;
  step: number;
  evaluation: number;
  run: number;
}

export interface TimeFacts {
  model: ModelShape;
  /** Of the longest prompt. */
  promptTokens: number;
  /** Of all evaluations together. */
  evaluatedRows: number;
  /** Floating-point operations a second in large matrix products. */
  speed: number;
  /** Whether an update computes its blocks again. */
  recomputes: boolean;
}

export function estimateTime(plan: TrainPlan, facts: TimeFacts): TimeEstimate {
  const { model, promptTokens, evaluatedRows, speed, recomputes } = facts;
  const { kl, updates } = objectiveOf(plan);
  const rows = plan.prompts * plan.group;
  const isHalf = storageOf(model, plan) < 4;
  const widening = isHalf ? WIDENING_COST * model.parameters : 0;
  const ofTokens = (tokens: number, before: number): number =>
    tokens *
    ((2 * model.parameters) / PRODUCT_SHARE +
      ATTENTION_COST * 4 * model.layers * model.heads * model.headSize * before);
  const answer = ofTokens(plan.maxResponse, promptTokens + plan.maxResponse / 2);
  const prompt = ofTokens(promptTokens, promptTokens / 2);
  const writing = (count: number, prompts: number): number => {
    const steps = Math.ceil(count / rowsAtOnce(plan)) * plan.maxResponse;
    const eachStep = LAYER_COST * model.layers + (plan.lora ? widening : 0);
    return (prompts * prompt + count * answer + steps * eachStep) / speed;
  };
  const microBatches = Math.ceil((rows * plan.maxResponse) / plan.optimizer.microBatchTokens);
  const pass = plan.prompts * prompt + rows * answer;
  const looking = kl > 0 ? pass + microBatches * widening : 0;
  const passes = 1 + (plan.lora ? 1 : 2) + (recomputes ? 1 : 0);
  const learning = passes * (pass + microBatches * (plan.lora ? widening : 0));
  const generation = writing(rows, plan.prompts);
  const update = (looking + updates * learning) / speed;
  const step = generation + update;
  const evaluation = writing(evaluatedRows, evaluatedRows);
  return { generation, update, step, evaluation, run: step * plan.steps + evaluation };
}
