// Two differentiable views of a batch of tokens as graphs: `sequence`, plain right-padded rows for supervised
// training, and `sharedPromptResponses`, the responses of groups to their prompts for reinforcement learning.
// Both give the log-probability of each target token and the entropy of the distribution it was drawn from.
// Sizes may be free dimensions: one program then serves batches of any shape.

import type { Graph, Node } from '../tensor/graph.ts';
import { dimension, size } from '../tensor/shape.ts';
import { causal, causalMask, HIDDEN, type KeysAndValues, type SharedPromptSizes, sharedPrompt } from './attention.ts';
import type { DecoderConfig } from './config.ts';
import { blocks, embed, logits, rotaryTables, type WeightOf } from './decoder.ts';

export interface TokenScores {
  /** log π(target), in the shape of the targets */
  readonly logProbabilities: Node;
  /** -Σ π log π over the vocabulary, in the shape of the targets */
  readonly entropy: Node;
}

export interface SequenceInputs {
  /** int32 [B, T], padded at the right; padding is not seen by the tokens before it. */
  readonly tokens: Node;
  /** int32 [B, T] */
  readonly targets: Node;
  /** int32 [B, T]: 0, 1, 2, … */
  readonly positions: Node;
  readonly cosine: Node;
  readonly sine: Node;
  /** [T, T] */
  readonly mask: Node;
}

export function sequenceInputs(graph: Graph, config: DecoderConfig, batch: number, length: number): SequenceInputs {
  const shape = [batch, length];
  return {
    tokens: graph.input('tokens', shape, 'int32'),
    targets: graph.input('targets', shape, 'int32'),
    positions: graph.input('positions', shape, 'int32'),
    cosine: graph.input('cosine', [length, config.headSize / 2]),
    sine: graph.input('sine', [length, config.headSize / 2]),
    mask: graph.input('causal_mask', [length, length]),
  };
}

/** The inputs of a batch that follow from its shape. */
export function sequenceFeeds(config: DecoderConfig, batch: number, length: number) {
  return {
    positions: Int32Array.from({ length: batch * length }, (_, i) => i % length),
    ...rotaryTables(config, length),
    causal_mask: causalMask(length),
  };
}

export function sequence(graph: Graph, config: DecoderConfig, weight: WeightOf, inputs: SequenceInputs): TokenScores {
  return score(graph, sequenceLogits(graph, config, weight, inputs), inputs.targets);
}

/** Logits [B·T, V]. */
export function sequenceLogits(graph: Graph, config: DecoderConfig, weight: WeightOf, inputs: SequenceInputs): Node {
  const attend = causal(graph, config, inputs, inputs.mask);
  const hidden = blocks(graph, config, weight, embed(graph, weight, flat(graph, inputs.tokens)), attend);
  return logits(graph, config, weight, hidden);
}

export interface SharedPromptInputs {
  /** int32 [P, Tp]: each prompt without its last token, padded at the right. */
  readonly prompts: Node;
  /** int32 [P, Tp]: 0, 1, 2, … */
  readonly promptPositions: Node;
  /** [P, 1, 1, 1, 1, Tp]: 0 on the prompt's tokens, HIDDEN on padding. */
  readonly promptMask: Node;
  /** [Tp, Tp] */
  readonly promptCausalMask: Node;
  /** int32 [P, G, Tr]: the prompt's last token, then the response without its last token. */
  readonly tokens: Node;
  /** int32 [P·G, Tr]: the response. */
  readonly targets: Node;
  /** int32 [P·G, Tr]: (tokens of the prompt) - 1 + 0, 1, 2, … */
  readonly positions: Node;
  /** [Tr, Tr] */
  readonly causalMask: Node;
  /** [table, d/2] */
  readonly cosine: Node;
  readonly sine: Node;
  /** float32 []: logits are divided by it. */
  readonly temperature: Node;
}

export function sharedPromptInputs(
  graph: Graph,
  config: DecoderConfig,
  { prompts: P, promptLength: Tp, group: G, responseLength: Tr }: SharedPromptSizes,
  table: number,
): SharedPromptInputs {
  return {
    prompts: graph.input('prompts', [P, Tp], 'int32'),
    promptPositions: graph.input('prompt_positions', [P, Tp], 'int32'),
    promptMask: graph.input('prompt_mask', [P, 1, 1, 1, 1, Tp]),
    promptCausalMask: graph.input('prompt_causal_mask', [Tp, Tp]),
    tokens: graph.input('tokens', [P, G, Tr], 'int32'),
    targets: graph.input('targets', [P * G, Tr], 'int32'),
    positions: graph.input('positions', [P * G, Tr], 'int32'),
    causalMask: graph.input('causal_mask', [Tr, Tr]),
    cosine: graph.input('cosine', [table, config.headSize / 2]),
    sine: graph.input('sine', [table, config.headSize / 2]),
    temperature: graph.input('temperature', []),
  };
}

/** The inputs that follow from the sizes and the prompts' lengths (tokens in `prompts`, the last one not counted). */
export function sharedPromptFeeds(config: DecoderConfig, sizes: SharedPromptSizes, lengths: ArrayLike<number>) {
  const { prompts: P, promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const lengthOf = (prompt: number) => lengths[Math.floor(prompt)] ?? 0;
  return {
    prompt_positions: Int32Array.from({ length: P * Tp }, (_, i) => i % Tp),
    prompt_mask: Float32Array.from({ length: P * Tp }, (_, i) => (i % Tp < lengthOf(i / Tp) ? 0 : HIDDEN)),
    prompt_causal_mask: causalMask(Tp),
    positions: Int32Array.from({ length: P * G * Tr }, (_, i) => lengthOf(i / (G * Tr)) + (i % Tr)),
    causal_mask: causalMask(Tr),
    ...rotaryTables(config, Tp + Tr),
  };
}

/** Scores of response tokens; each prompt is computed once for its group, and is differentiated through. */
export function sharedPromptResponses(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightOf,
  sizes: SharedPromptSizes,
  inputs: SharedPromptInputs,
): TokenScores {
  const kept = new Map<number, KeysAndValues>();
  const atPrompt = { ...inputs, positions: inputs.promptPositions };
  const keep = (layer: number, keysAndValues: KeysAndValues) => kept.set(layer, keysAndValues);
  const prefix = causal(graph, config, atPrompt, inputs.promptCausalMask, keep);
  blocks(graph, config, weight, embed(graph, weight, flat(graph, inputs.prompts)), prefix);
  const prompt = (layer: number): KeysAndValues => {
    const keysAndValues = kept.get(layer);
    if (keysAndValues === undefined) throw new RangeError(`layer ${layer} has no keys`);
    return keysAndValues;
  };
  const attend = sharedPrompt(graph, config, sizes, inputs, prompt, inputs.promptMask, inputs.causalMask);
  const hidden = blocks(graph, config, weight, embed(graph, weight, flat(graph, inputs.tokens)), attend);
  return score(graph, graph.div(logits(graph, config, weight, hidden), inputs.temperature), inputs.targets);
}

/** logits [N, V], targets int32 of N elements. */
function score(graph: Graph, scores: Node, targets: Node): TokenScores {
  const all = graph.logSoftmax(scores);
  const taken = graph.takeAlong(all, graph.reshape(targets, [dimension(scores.shape, 0), 1]));
  const entropy = graph.neg(graph.sum(graph.mul(graph.exp(all), all), [-1]));
  return {
    logProbabilities: graph.reshape(taken, targets.shape),
    entropy: graph.reshape(entropy, targets.shape),
  };
}

function flat(graph: Graph, tokens: Node): Node {
  return graph.reshape(tokens, [size(tokens.shape)]);
}
