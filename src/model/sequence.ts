// Two differentiable views of a batch of tokens as graphs: `sequence`, plain right-padded rows for supervised
// training, and `sharedPromptResponses`, the responses of groups to their prompts for reinforcement learning.
// Both give the log-probability of each target token and the entropy of the distribution it was drawn from.
// Rows are padded only inside attention: everything else runs on the tokens that are there, listed by `places`.
// Sizes may be free dimensions: one program then serves batches of any shape. Blocks may be computed again for their
// gradients (gradient checkpointing), so that only their inputs are kept.

import type { Graph, Node } from '../tensor/graph.ts';
import { dimension, type Shape } from '../tensor/shape.ts';
import { causal, causalMask, HIDDEN, type KeysAndValues, type SharedPromptSizes, sharedPrompt } from './attention.ts';
import type { DecoderConfig } from './config.ts';
import { type Around, type Attend, blocks, type DecoderNodes, embed, finalNorm, head, logits } from './decoder.ts';
import { rotaryTables } from './rotary.ts';
import { vocabularyScores } from './vocabulary.ts';

export interface TokenScores {
  /** log π(target), in the shape of the targets */
  readonly logProbabilities: Node;
  /** -Σ π log π over the vocabulary, in the shape of the targets */
  readonly entropy: Node;
}

export interface SequenceInputs {
  /** int32 [B·T]: rows padded at the right; padding is not seen by the tokens before it. */
  readonly tokens: Node;
  /** int32 [B·T] */
  readonly targets: Node;
  /** int32 [N], distinct: which of the B·T places are computed; the others score 0. */
  readonly places: Node;
  /** int32 [B, T]: 0, 1, 2, … */
  readonly positions: Node;
  readonly cosine: Node;
  readonly sine: Node;
  /** [T, T] */
  readonly mask: Node;
}

export interface SequenceSizes {
  readonly batch: number;
  readonly length: number;
  /** N: tokens that are computed. */
  readonly kept: number;
}

export function sequenceInputs(
  graph: Graph,
  config: DecoderConfig,
  { batch, length, kept }: SequenceSizes,
): SequenceInputs {
  return {
    tokens: graph.input('tokens', [batch * length], 'int32'),
    targets: graph.input('targets', [batch * length], 'int32'),
    places: graph.input('places', [kept], 'int32'),
    positions: graph.input('positions', [batch, length], 'int32'),
    cosine: graph.input('cosine', [length, config.headSize / 2]),
    sine: graph.input('sine', [length, config.headSize / 2]),
    mask: graph.input('causal_mask', [length, length]),
  };
}

/** The inputs of a batch that follow from the rows' lengths. */
export function sequenceFeeds(config: DecoderConfig, lengths: readonly number[], length: number) {
  return {
    places: placesOf(lengths, length),
    positions: Int32Array.from({ length: lengths.length * length }, (_, i) => i % length),
    ...rotaryTables(config, length),
    causal_mask: causalMask(length),
  };
}

/** What is kept for the gradients. */
export interface Kept {
  /** Of each block its input alone; the rest is computed again. Default: all. */
  readonly recompute?: boolean | undefined;
}

/** Scores in the shape [B, T]. */
export function sequence(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  inputs: SequenceInputs,
  { recompute = false }: Kept = {},
): TokenScores {
  const attend = causal(graph, config, inputs, inputs.mask);
  const hidden = run(graph, config, nodes, inputs, attend, wholeBlock(graph, recompute));
  return score(graph, config, nodes, { ...inputs, hidden }, inputs.positions.shape);
}

/** Logits [N, V] of the tokens at `places`. */
export function sequenceLogits(graph: Graph, config: DecoderConfig, nodes: DecoderNodes, inputs: SequenceInputs): Node {
  const attend = causal(graph, config, inputs, inputs.mask);
  const hidden = run(graph, config, nodes, inputs, attend, wholeBlock(graph, false));
  return logits(graph, config, nodes, hidden);
}

export interface SharedPromptInputs {
  /** int32 [P·Tp]: each prompt without its last token, padded at the right. */
  readonly prompts: Node;
  /** int32 [N]: which of them are there. */
  readonly promptPlaces: Node;
  /** int32 [P, Tp]: 0, 1, 2, … */
  readonly promptPositions: Node;
  /** [P, 1, 1, 1, 1, Tp]: 0 on the prompt's tokens, HIDDEN on padding. */
  readonly promptMask: Node;
  /** [Tp, Tp] */
  readonly promptCausalMask: Node;
  /** int32 [P·G·Tr]: the prompt's last token, then the response without its last token. */
  readonly tokens: Node;
  /** int32 [P·G·Tr]: the response. */
  readonly targets: Node;
  /** int32 [N]: which of them are there. */
  readonly places: Node;
  /** int32 [P, G, Tr]: (tokens of the prompt) - 1 + 0, 1, 2, … */
  readonly positions: Node;
  /** [Tr, Tr] */
  readonly causalMask: Node;
  /** [table, d/2] */
  readonly cosine: Node;
  readonly sine: Node;
  /** float32 []: logits are divided by it. */
  readonly temperature: Node;
}

/** Sizes of a batch of groups, with what its arrays need beside. */
export interface BatchSizes extends SharedPromptSizes {
  /** Prompt tokens and response tokens that are there. */
  readonly promptKept: number;
  readonly kept: number;
  /** Positions in the rotary tables. */
  readonly table: number;
}

export function sharedPromptInputs(graph: Graph, config: DecoderConfig, sizes: BatchSizes): SharedPromptInputs {
  const { prompts: P, promptLength: Tp, group: G, responseLength: Tr } = sizes;
  return {
    prompts: graph.input('prompts', [P * Tp], 'int32'),
    promptPlaces: graph.input('prompt_places', [sizes.promptKept], 'int32'),
    promptPositions: graph.input('prompt_positions', [P, Tp], 'int32'),
    promptMask: graph.input('prompt_mask', [P, 1, 1, 1, 1, Tp]),
    promptCausalMask: graph.input('prompt_causal_mask', [Tp, Tp]),
    tokens: graph.input('tokens', [P * G * Tr], 'int32'),
    targets: graph.input('targets', [P * G * Tr], 'int32'),
    places: graph.input('places', [sizes.kept], 'int32'),
    positions: graph.input('positions', [P, G, Tr], 'int32'),
    causalMask: graph.input('causal_mask', [Tr, Tr]),
    cosine: graph.input('cosine', [sizes.table, config.headSize / 2]),
    sine: graph.input('sine', [sizes.table, config.headSize / 2]),
    temperature: graph.input('temperature', []),
  };
}

/**
 * The inputs that follow from the sizes: `promptLengths` [P] counts tokens in `prompts` (the last one is not there),
 * `responseLengths` [P·G] those of each response.
 */
export function sharedPromptFeeds(
  config: DecoderConfig,
  sizes: SharedPromptSizes,
  promptLengths: readonly number[],
  responseLengths: readonly number[],
) {
  const { prompts: P, promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const lengthOf = (prompt: number) => promptLengths[Math.floor(prompt)] ?? 0;
  return {
    prompt_places: placesOf(promptLengths, Tp),
    prompt_positions: Int32Array.from({ length: P * Tp }, (_, i) => i % Tp),
    prompt_mask: Float32Array.from({ length: P * Tp }, (_, i) => (i % Tp < lengthOf(i / Tp) ? 0 : HIDDEN)),
    prompt_causal_mask: causalMask(Tp),
    places: placesOf(responseLengths, Tr),
    positions: Int32Array.from({ length: P * G * Tr }, (_, i) => lengthOf(i / (G * Tr)) + (i % Tr)),
    causal_mask: causalMask(Tr),
    ...rotaryTables(config, Tp + Tr),
  };
}

/** Scores of response tokens, [P·G, Tr]; each prompt is computed once for its group, and is differentiated through. */
export function sharedPromptResponses(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  sizes: SharedPromptSizes,
  inputs: SharedPromptInputs,
  { recompute = false }: Kept = {},
): TokenScores {
  const { prompts: P, group: G, responseLength: Tr } = sizes;
  const prompt = promptKeys(graph, config, nodes, inputs, recompute);
  const at = { ...inputs, positions: graph.reshape(inputs.positions, [P * G, Tr]) };
  const attend = sharedPrompt(graph, config, sizes, at, prompt, inputs.promptMask, inputs.causalMask);
  const hidden = run(graph, config, nodes.another(), inputs, attend, wholeBlock(graph, recompute));
  return score(graph, config, nodes, { ...inputs, hidden }, at.positions.shape);
}

/** The prompts' pass: each layer's keys and values, for the responses. */
function promptKeys(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  inputs: SharedPromptInputs,
  recompute: boolean,
): (layer: number) => KeysAndValues {
  const kept = new Map<number, KeysAndValues>();
  let newest: Node[] = [];
  const at = { ...inputs, positions: inputs.promptPositions };
  const attend = causal(graph, config, at, inputs.promptCausalMask, (_, { key, value }) => {
    newest = [key, value];
  });
  const around: Around = (layer, x, body) => {
    const build = ([input = x]: readonly Node[]) => [body(input), ...newest];
    const [y = x, key = x, value = x] = recompute ? graph.recomputed([x], build) : build([x]);
    kept.set(layer, { key, value });
    return y;
  };
  run(graph, config, nodes, { tokens: inputs.prompts, places: inputs.promptPlaces }, attend, around);
  return (layer) => {
    const keysAndValues = kept.get(layer);
    if (keysAndValues === undefined) throw new RangeError(`layer ${layer} has no keys`);
    return keysAndValues;
  };
}

/** A block as it is, or as a region of which only the input is kept. */
function wholeBlock(graph: Graph, recompute: boolean): Around {
  if (!recompute) return (_, x, body) => body(x);
  return (_, x, body) => {
    const [y = x] = graph.recomputed([x], ([input = x]) => [body(input)]);
    return y;
  };
}

interface Tokens {
  /** int32 [rows]: padded */
  readonly tokens: Node;
  /** int32 [N] */
  readonly places: Node;
}

/** All blocks on the tokens at `places`, [N, d]; attention alone sees the padded rows. */
function run(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  { tokens, places }: Tokens,
  attend: Attend,
  around: Around,
): Node {
  const rows = dimension(tokens.shape, 0);
  const padded = (x: Node) => graph.scatterRows(x, places, rows, { distinct: true });
  const x = embed(graph, nodes, elementsAt(graph, tokens, places));
  const attendPadded: Attend = (layer, q, k, v) =>
    graph.gatherRows(attend(layer, padded(q), padded(k), padded(v)), places, { distinct: true });
  return blocks(graph, config, nodes, x, attendPadded, around);
}

/** Hidden states [N, d] of the tokens at `places`; scores of all places in a shape, 0 where there is no token. */
function score(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  rows: { readonly hidden: Node; readonly targets: Node; readonly places: Node; readonly temperature?: Node },
  shape: Shape,
): TokenScores {
  const { hidden, targets, places, temperature } = rows;
  const { logProbability, entropy } = vocabularyScores(graph, {
    hidden: finalNorm(graph, config, nodes, hidden),
    head: head(config, nodes),
    targets: elementsAt(graph, targets, places),
    temperature,
  });
  const count = dimension(targets.shape, 0);
  const inPlace = (x: Node) => graph.reshape(graph.scatterRows(x, places, count, { distinct: true }), shape);
  return { logProbabilities: inPlace(logProbability), entropy: inPlace(entropy) };
}

/** Elements of a list at indices. */
function elementsAt(graph: Graph, list: Node, indices: Node): Node {
  const column = graph.reshape(list, [dimension(list.shape, 0), 1]);
  return graph.reshape(graph.gatherRows(column, indices), indices.shape);
}

/** The places of row-major [rows, T] that hold the first `lengths[row]` of a row; at least one, so none is empty. */
function placesOf(lengths: readonly number[], T: number): Int32Array {
  const places = lengths.flatMap((length, row) => Array.from({ length }, (_, i) => row * T + i));
  return Int32Array.from(places.length > 0 ? places : [0]);
}
