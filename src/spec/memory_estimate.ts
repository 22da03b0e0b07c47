// How much memory the process of a run needs at its fullest, before anything is loaded: what is held all the time, what
// writing responses takes and what learning from them takes. The three are added up: each program of the engine keeps the
// scratch memory that it once needed for its next run. Computed is in float32; weights that no update changes are kept as
// their file has them. An update may keep the input of every block alone and compute the inside of one block again at a
// time; logits are made for some tokens at a time. Left out: verifiers, which are processes of their own.
//
// `merf plan` and the checker ask this one function.

import type { ModelShape } from './facts.ts';
import { LORA_MODULES, type LoraModule } from './lora.ts';
import { objectiveOf } from './objective.ts';
import type { LoraPlan, TrainPlan } from './specification.ts';

const FLOAT = 4;

/**
 * Node.js with this program, ONNX Runtime's library, a tokenizer, the run's rows, and memory that V8 has not collected yet (measured: docs/performance.md).
 */
const PROCESS = 160 * 2 ** 20;

/** A token of a step's responses with its log-probabilities, entropy and advantage, and its part of the step's lines. */
const ROLLOUT_TOKEN = 64;

/** Rows that are written at the same time where the plan does not say. */
export const ROWS_AT_ONCE = 128;

/** Attention scores of prompts that are read together: 16 MB. */
export const PREFILL_SCORES = 2 ** 22;

/** Padded response tokens that are scored together without an update. */
export const SCORED_TOKENS = 2048;

/** A step's logits with their logarithms and probabilities, and copies of the latter that are not collected yet. */
const LOGITS_KEPT = 6;

/** Entries of a vocabulary whose logits are there at the same time. */
export const VOCABULARY_PART = 8192;

export interface MemoryPart {
  name:
    | 'process'
    | 'rollouts'
    | 'weights'
    | 'reference'
    | 'gradients'
    | 'optimizer'
    | 'cache'
    | 'logits'
    | 'prefill'
    | 'scores'
    | 'activations'
    | 'widened';
  bytes: number;
}

export interface MemoryEstimate {
  /** All the time. */
  held: MemoryPart[];
  /** While responses are written. */
  generation: MemoryPart[];
  /** While they are learned from. */
  update: MemoryPart[];
  /** Bytes at the fullest moment. */
  peak: number;
}

/**
 * @param promptTokens of the longest prompt, or a bound from below where it is not known: then the estimate is one too.
 * @param memory of the device, of which an update keeps what it can; left out: the least that is needed.
 */
export function estimateMemory(model: ModelShape, plan: TrainPlan, promptTokens: number, memory = 0): MemoryEstimate {
  const held = heldParts(model, plan);
  const generation = generationParts(model, plan, promptTokens);
  const update = updateParts(model, plan, promptTokens, sum(held), memory);
  return { held, generation, update, peak: sum(held) + sum(generation) + sum(update) };
}

function sum(parts: readonly MemoryPart[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}

/** Bytes of a weight that is only read. */
export function storageOf(model: ModelShape, plan: Pick<TrainPlan, 'lora'>): number {
  const { storage = FLOAT } = model;
  return plan.lora?.base === 'bfloat16' ? Math.min(2, storage) : storage;
}

/** Rows that are written at the same time. */
export function rowsAtOnce({ responsesAtOnce = ROWS_AT_ONCE }: Pick<TrainPlan, 'responsesAtOnce'>): number {
  return responsesAtOnce;
}

/** W weights, of which T are trained: W, 2T of Adam, T gradients; W of the reference. */
function heldParts(model: ModelShape, plan: TrainPlan): MemoryPart[] {
  const trained = plan.lora ? adapterParameters(model, plan.lora) : model.parameters;
  // Adapters leave the weights alone: without them they are the reference.
  const hasCopy = objectiveOf(plan).kl > 0 && !plan.lora;
  const storage = storageOf(model, plan);
  return [
    { name: 'process', bytes: PROCESS },
    { name: 'weights', bytes: plan.lora ? storage * model.parameters + FLOAT * trained : FLOAT * trained },
    { name: 'reference', bytes: hasCopy ? storage * model.parameters : 0 },
    { name: 'gradients', bytes: FLOAT * trained },
    { name: 'optimizer', bytes: 2 * FLOAT * trained },
  ];
}

/**
 * Keys and values of each prompt and of every response, each twice: when rows change their places the arrays before are
 * kept to be written over. The logits of each response's newest token, what is computed from them, and results that wait
 * to be collected. Prompts as they are read.
 */
function generationParts(model: ModelShape, plan: TrainPlan, promptTokens: number): MemoryPart[] {
  // an evaluation fills the batch, each row with a prompt of its own
  const most = rowsAtOnce(plan);
  const rows = plan.evaluate ? most : Math.min(most, plan.prompts * plan.group);
  const prompts = plan.evaluate ? rows : Math.min(rows, plan.prompts);
  const perToken = 2 * model.layers * model.keyValueHeads * model.headSize;
  const scores = model.heads * promptTokens ** 2;
  const together = Math.max(1, Math.min(prompts, Math.floor(PREFILL_SCORES / scores)));
  const { inside } = ofOneBlock(model, { prompts: together, promptLength: promptTokens, group: 0, responseLength: 0 });
  return [
    { name: 'rollouts', bytes: ROLLOUT_TOKEN * plan.prompts * plan.group * plan.maxResponse },
    { name: 'cache', bytes: 2 * FLOAT * perToken * (prompts * promptTokens + rows * plan.maxResponse) },
    { name: 'logits', bytes: LOGITS_KEPT * FLOAT * rows * model.vocabulary },
    { name: 'prefill', bytes: FLOAT * (inside + 3 * together * scores) },
    { name: 'widened', bytes: 2 * widenedBytes(model, plan) },
  ];
}

/** Two maps as float32 while they are read by adapters beside them, where they are kept in less. */
function widenedBytes(model: ModelShape, plan: TrainPlan): number {
  if (plan.lora === null || storageOf(model, plan) === FLOAT) return 0;
  const { hidden, intermediate, vocabulary } = model;
  return 2 * FLOAT * hidden * Math.max(intermediate, Math.min(vocabulary, VOCABULARY_PART));
}

/** A micro-batch: whole groups, or a part of one whose responses are long. */
function updateParts(
  model: ModelShape,
  plan: TrainPlan,
  promptTokens: number,
  held: number,
  memory: number,
): MemoryPart[] {
  const { prompts, group, maxResponse, lora } = plan;
  const rows = Math.max(1, Math.floor(plan.optimizer.microBatchTokens / maxResponse));
  const whole = Math.max(1, Math.min(prompts, Math.floor(rows / group)));
  const batch = {
    prompts: whole,
    group: Math.min(group, rows),
    promptLength: promptTokens,
    responseLength: maxResponse,
  };
  const kept = keptBytes(model, batch);
  const responses = whole * batch.group * maxResponse;
  const part = Math.min(model.vocabulary, VOCABULARY_PART);
  const table = model.vocabulary * model.hidden;
  // the reference looks at more tokens at once than an update does, and keeps nothing for gradients
  const looked = Math.max(1, Math.min(prompts, Math.floor(SCORED_TOKENS / maxResponse / group)));
  const scored = { ...batch, prompts: looked, group: Math.min(group, Math.ceil(SCORED_TOKENS / maxResponse)) };
  const { inside, attention } = ofOneBlock(model, scored);
  const scoring = inside + attention + 3 * looked * scored.group * maxResponse * part;
  return [
    { name: 'scores', bytes: objectiveOf(plan).kl > 0 ? FLOAT * scoring : 0 },
    { name: 'widened', bytes: widenedBytes(model, plan) },
    { name: 'activations', bytes: kept > activationBudget(memory, held) ? recomputedBytes(model, batch) : kept },
    { name: 'logits', bytes: 4 * FLOAT * responses * part },
    // the largest parameter's, on their way
    { name: 'gradients', bytes: lora ? 0 : FLOAT * 5 * table },
  ];
}

/** The sizes of a micro-batch. */
export interface BatchShape {
  prompts: number;
  promptLength: number;
  /** Responses to each prompt. */
  group: number;
  responseLength: number;
}

/** What a micro-batch may keep for its gradients: half of what is left beside what is held all the time. */
export function activationBudget(memory: number, held: number): number {
  return Math.max(0, memory - held) / 2;
}

/** Bytes a micro-batch keeps for its gradients where no block is computed again. */
export function keptBytes(model: ModelShape, batch: BatchShape): number {
  const { inside, attention } = ofOneBlock(model, batch);
  return FLOAT * model.layers * (1.3 * inside + 2.5 * attention);
}

/** The same where all are: each block's input, and the inside of one, where each value has a gradient beside it. */
function recomputedBytes(model: ModelShape, batch: BatchShape): number {
  const { tokens, inside, attention } = ofOneBlock(model, batch);
  return FLOAT * (tokens * model.layers * model.hidden + 2 * (inside + attention));
}

/** Numbers that one block computes on a micro-batch: for its tokens, and for pairs of them. */
function ofOneBlock(model: ModelShape, { prompts, promptLength, group, responseLength }: BatchShape) {
  const { hidden, heads, keyValueHeads, headSize, intermediate } = model;
  const responses = prompts * group * responseLength;
  const tokens = responses + prompts * promptLength;
  const width = 4 * hidden + 2 * heads * headSize + 2 * keyValueHeads * headSize + 3 * intermediate;
  const attention = heads * (responses * (promptLength + responseLength) + prompts * promptLength ** 2);
  return { tokens, inside: tokens * width, attention };
}

/** Σ rank · (in + out) over the linear maps that have an adapter. */
export function adapterParameters(model: ModelShape, { rank, modules }: LoraPlan): number {
  const { hidden, intermediate } = model;
  const queries = model.heads * model.headSize;
  const keys = model.keyValueHeads * model.headSize;
  const widths: Record<LoraModule, number> = {
    q_proj: hidden + queries,
    k_proj: hidden + keys,
    v_proj: hidden + keys,
    o_proj: queries + hidden,
    gate_proj: hidden + intermediate,
    up_proj: hidden + intermediate,
    down_proj: intermediate + hidden,
  };
  const width = LORA_MODULES.filter((name) => modules.includes(name)).reduce((total, name) => total + widths[name], 0);
  return model.layers * rank * width;
}

/** `5.8 GiB`, `310 MiB`. */
export function showBytes(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  if (gibibytes >= 100) return `${Math.round(gibibytes)} GiB`;
  return gibibytes >= 1 ? `${gibibytes.toFixed(1)} GiB` : `${Math.max(1, Math.round(bytes / 2 ** 20))} MiB`;
}
