// Two differentiable views of a batch of tokens as graphs: `sequence`, plain right-padded rows for supervised
// pre-training, and `sharedPromptResponses`, the responses of groups to their prompts for reinforcement learning.
// Both give the log-probability of each target token and the entropy of the distribution it was drawn from.

import type { Graph, Node } from '../tensor/graph.ts';
import { dimension } from '../tensor/shape.ts';
import { causal, HIDDEN, type KeysAndValues, rotaryAt, type SharedPromptSizes, sharedPrompt } from './attention.ts';
import type { DecoderConfig } from './config.ts';
import { blocks, embed, logits, type WeightOf } from './decoder.ts';

export interface TokenScores {
  /** log π(target), in the shape of the targets */
  readonly logProbabilities: Node;
  /** -Σ π log π over the vocabulary, in the shape of the targets */
  readonly entropy: Node;
}

/** tokens, targets int32 [B, T]; padding at the right is not seen by the tokens before it. */
export function sequence(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightOf,
  tokens: Node,
  targets: Node,
): TokenScores {
  const sizes = [dimension(tokens.shape, 0), dimension(tokens.shape, 1)] as const;
  const hidden = sequenceHidden(graph, config, weight, tokens, sizes);
  return score(graph, logits(graph, config, weight, hidden), targets);
}

/** Logits [B·T, V] of plain rows. */
export function sequenceLogits(graph: Graph, config: DecoderConfig, weight: WeightOf, tokens: Node): Node {
  const sizes = [dimension(tokens.shape, 0), dimension(tokens.shape, 1)] as const;
  return logits(graph, config, weight, sequenceHidden(graph, config, weight, tokens, sizes));
}

function sequenceHidden(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightOf,
  tokens: Node,
  [batch, length]: readonly [number, number],
): Node {
  const rotate = rotaryAt(graph, config, positionsFromZero(graph, batch, length), length);
  const x = embed(graph, weight, graph.reshape(tokens, [batch * length]));
  return blocks(graph, config, weight, x, causal(graph, config, [batch, length], rotate));
}

export interface SharedPromptInputs {
  /** int32 [P, Tp]: each prompt without its last token, padded at the right. */
  readonly prompts: Node;
  /** int32 [P]: tokens of each prompt in `prompts`. */
  readonly promptLengths: Node;
  /** int32 [P·G, Tr]: the prompt's last token, then the response without its last token. */
  readonly tokens: Node;
  /** int32 [P·G, Tr]: the response. */
  readonly targets: Node;
  /** float32 []: logits are divided by it. */
  readonly temperature: Node;
}

/** Scores of response tokens; each prompt is computed once for its group, and is differentiated through. */
export function sharedPromptResponses(
  graph: Graph,
  config: DecoderConfig,
  weight: WeightOf,
  sizes: SharedPromptSizes,
  inputs: SharedPromptInputs,
): TokenScores {
  const { prompts: P, promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const kept: KeysAndValues[] = [];
  const atPrompt = rotaryAt(graph, config, positionsFromZero(graph, P, Tp), Tp);
  const keep = (layer: number, keysAndValues: KeysAndValues) => {
    kept[layer] = keysAndValues;
  };
  blocks(
    graph,
    config,
    weight,
    embed(graph, weight, graph.reshape(inputs.prompts, [P * Tp])),
    causal(graph, config, [P, Tp], atPrompt, keep),
  );
  const prompt = (layer: number): KeysAndValues => {
    const keysAndValues = kept[layer];
    if (keysAndValues === undefined) throw new RangeError(`layer ${layer} has no keys`);
    return keysAndValues;
  };
  // response token j stands at position (prompt length) + j
  const start = graph.reshape(graph.expand(graph.reshape(inputs.promptLengths, [P, 1]), [P, G]), [P * G, 1]);
  const rotate = rotaryAt(graph, config, graph.add(start, positionsFromZero(graph, 1, Tr)), Tp + Tr);
  const inPrompt = graph.less(positionsFromZero(graph, 1, Tp), graph.reshape(inputs.promptLengths, [P, 1]));
  const promptMask = graph.reshape(graph.where(inPrompt, 0, HIDDEN), [P, 1, 1, 1, 1, Tp]);
  const hidden = blocks(
    graph,
    config,
    weight,
    embed(graph, weight, graph.reshape(inputs.tokens, [P * G * Tr])),
    sharedPrompt(graph, config, sizes, rotate, prompt, promptMask),
  );
  const scaled = graph.div(logits(graph, config, weight, hidden), inputs.temperature);
  return score(graph, scaled, inputs.targets);
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

function positionsFromZero(graph: Graph, rows: number, length: number): Node {
  return graph.constant(
    Int32Array.from({ length: rows * length }, (_, i) => i % length),
    [rows, length],
  );
}
