// Attention for generation, with keys and values kept between steps. Rows are arranged in tiles: a tile is up to
// `width` responses to one prompt, which read that prompt's keys and values in place. All sizes but the model's
// are free, so that one program serves every length and batch.
// Sizes: U tiles of W rows, prompts of Tp tokens, S places for earlier response tokens, N of this run; K, R, d as in
// attention.ts.

import { Graph, type Node } from '../tensor/graph.ts';
import type { Repetition } from '../tensor/repetition.ts';
import { dimension } from '../tensor/shape.ts';
import { type Positions, turn } from './attention.ts';
import type { DecoderConfig } from './config.ts';
import { type Attend, blocks, decoderNodes, embed, logits, weightInputs } from './decoder.ts';
import { drawn } from './drawing.ts';
import { type AdapterShape, adapterUse } from './lora.ts';
import type { ElementTypes } from './stored.ts';

/** The inputs and outputs that hold a layer's keys and values. */
export const cacheNames = (layer: number) => ({
  promptKey: `prompt_key.${layer}`,
  promptValue: `prompt_value.${layer}`,
  pastKey: `past_key.${layer}`,
  pastValue: `past_value.${layer}`,
  recentKey: `recent_key.${layer}`,
  recentValue: `recent_value.${layer}`,
  key: `key.${layer}`,
  value: `value.${layer}`,
});

/**
 * Prompts at once. Inputs: weights, `tokens` int32 [prompts, length], `positions` alike, `cosine` and `sine`
 * [table, d/2], `mask` [length, length] (causal). Outputs: `key.l`, `value.l` [prompts, K, length, d].
 */
export function prefillGraph(config: DecoderConfig, adapters?: AdapterShape, types?: ElementTypes): Graph {
  const graph = new Graph();
  const [prompts, length] = [graph.freeDimension('prompts'), graph.freeDimension('length')];
  const nodes = decoderNodes(graph, weightInputs(graph, config, adapters, types), adapters && adapterUse(adapters));
  const tokens = graph.input('tokens', [prompts, length], 'int32');
  const at = positionInputs(graph, config, [prompts, length]);
  const mask = graph.input('mask', [length, length]);
  const { heads, keyValueHeads: K, headSize: d } = config;
  const attend: Attend = (layer, q, k, v) => {
    const query = graph.transpose(turn(graph, at, q, heads, d), [0, 2, 1, 3]); // [P, K·R, T, d]
    const key = graph.transpose(turn(graph, at, k, K, d), [0, 2, 1, 3]); // [P, K, T, d]
    const value = graph.transpose(graph.reshape(v, [prompts, length, K, d]), [0, 2, 1, 3]);
    graph.output(cacheNames(layer).key, key);
    graph.output(cacheNames(layer).value, value);
    const folded = graph.reshape(query, [prompts, K, heads / K, length, d]);
    const one = (x: Node) => graph.reshape(x, [prompts, K, 1, length, d]);
    const scores = graph.matmul(folded, one(key), { transposeB: true, scale: 1 / Math.sqrt(d) });
    const mixed = graph.matmul(graph.softmax(graph.add(scores, mask)), one(value)); // [P, K, R, T, d]
    return graph.reshape(graph.transpose(mixed, [0, 3, 1, 2, 4]), [prompts, length, heads * d]);
  };
  blocks(graph, config, nodes, embed(graph, nodes, tokens), attend);
  return graph;
}

export interface DecodeOptions {
  readonly adapters?: AdapterShape | undefined;
  readonly types?: ElementTypes | undefined;
  /** How many of the vocabulary's first tokens may be drawn. Default: all. */
  readonly usable?: number;
  /** Where the next token is drawn: inside the graph, from the whole distribution, or outside it, any other way. */
  readonly draw: 'inside' | 'outside';
}

/**
 * One token for every row; several in a run when repeated. Inputs: weights, `tokens` int32 [tiles·width], `positions`
 * int32 [tiles·K, width] (a row's, for each of its heads), `cosine`, `sine`, `temperature`; `prompt_key.l` and
 * `prompt_value.l` [tiles, K, prompt, d], `prompt_mask` [tiles, 1, 1, 1, prompt]; `past_key.l` and `past_value.l`
 * [tiles, K, width, past, d], `past_mask` [tiles, 1, width, 1, past]; `recent_key.l` and `recent_value.l`
 * [tiles, K, width, recent, d], of the run's turns so far; `turns`. Masks are 0 where seen, HIDDEN elsewhere. To draw
 * inside also `uniforms` [turns, tiles·width], `turn`, and `numbers` int32 [tiles·width] (drawing.ts).
 * Outputs of a run: `entropies` [turns, tiles·width]; drawn inside, `tokens` and `log_probabilities` of the same shape, else
 * `probabilities` [turns, tiles·width, V]; `key.l` and `value.l` [tiles, K, width, turns, d], to be put into the past.
 * (ONNX Runtime's binding copies every output, also one that is written in place, so the past itself is none.)
 */
export function decodeGraph(
  config: DecoderConfig,
  { adapters, types, usable = config.vocabularySize, draw }: DecodeOptions,
): { readonly graph: Graph; readonly repetition: Repetition } {
  const graph = new Graph();
  const [tiles, width] = [graph.freeDimension('tiles'), graph.freeDimension('width')];
  const [prompt, past, recent] = [
    graph.freeDimension('prompt'),
    graph.freeDimension('past'),
    graph.freeDimension('recent'),
  ];
  const { heads, keyValueHeads: K, headSize: d } = config;
  const [R, rows] = [heads / K, tiles * width];
  const parameters = weightInputs(graph, config, adapters, types);
  const nodes = decoderNodes(graph, parameters, adapters && adapterUse(adapters), { fewRows: true });
  const tokens = graph.input('tokens', [rows], 'int32');
  const at = positionInputs(graph, config, [tiles * K, width]);
  const promptMask = graph.input('prompt_mask', [tiles, 1, 1, 1, prompt]);
  const pastMask = graph.input('past_mask', [tiles, 1, width, 1, past]);
  graph.input('turns', [], 'int32');
  const carried = new Map([['positions', 'next_positions']]);
  graph.output('next_positions', graph.add(at.positions, graph.constant(Int32Array.of(1), [])));
  const products = { transposeB: true, scale: 1 / Math.sqrt(d) };
  // row order [U·W, K·n] -> tile order [U·K, W, n]
  const toTiles = (x: Node, n: number) =>
    graph.reshape(graph.transpose(graph.reshape(x, [tiles, width, K, n]), [0, 2, 1, 3]), [tiles * K, width, n]);
  /** What the turns so far gave, with this one's behind it. */
  const behind = (recentName: string, name: string, x: Node) => {
    const before = graph.input(recentName, [tiles, K, width, recent, d]);
    carried.set(recentName, name);
    return graph.output(name, graph.concat([before, graph.reshape(x, [tiles, K, width, 1, d])], -2));
  };
  const attend: Attend = (layer, q, k, v) => {
    const names = cacheNames(layer);
    const promptKey = graph.input(names.promptKey, [tiles, K, prompt, d]);
    const promptValue = graph.input(names.promptValue, [tiles, K, prompt, d]);
    const pastKey = graph.input(names.pastKey, [tiles, K, width, past, d]);
    const pastValue = graph.input(names.pastValue, [tiles, K, width, past, d]);
    const query = turn(graph, at, toTiles(q, R * d), R, d); // [U·K, W, R, d]
    const key = behind(names.recentKey, names.key, turn(graph, at, toTiles(k, d), 1, d)); // [U, K, W, N, d]
    const value = behind(names.recentValue, names.value, toTiles(v, d));
    const perTile = graph.reshape(query, [tiles, K, width * R, d]);
    const perRow = graph.reshape(query, [tiles, K, width, R, d]);
    const toPrompt = graph.matmul(perTile, promptKey, products); // [U, K, W·R, Tp]
    const ofPrompt = graph.add(graph.reshape(toPrompt, [tiles, K, width, R, prompt]), promptMask);
    const ofPast = graph.add(graph.matmul(perRow, pastKey, products), pastMask); // [U, K, W, R, S]
    const ofRecent = graph.matmul(perRow, key, products); // [U, K, W, R, N]
    const shares = graph.softmax(graph.concat([ofPrompt, ofPast, ofRecent], -1));
    const [promptShares, others] = cut(graph, shares, prompt);
    const [pastShares, recentShares] = cut(graph, others, past);
    const mixed = graph.add(
      graph.add(
        graph.reshape(graph.matmul(graph.reshape(promptShares, toPrompt.shape), promptValue), perRow.shape),
        graph.matmul(pastShares, pastValue),
      ),
      graph.matmul(recentShares, value),
    );
    return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3, 4]), [rows, heads * d]);
  };
  const hidden = blocks(graph, config, nodes, embed(graph, nodes, tokens), attend);
  const scaled = graph.div(logits(graph, config, nodes, hidden), graph.input('temperature', []));
  const all = graph.logSoftmax(scaled);
  const probabilities = graph.exp(all);
  graph.output('entropies', graph.neg(graph.sum(graph.mul(probabilities, all), [-1])));
  if (draw === 'outside') {
    graph.output('probabilities', probabilities);
    return { graph, repetition: { turns: 'turns', carried, collected: new Set(['probabilities', 'entropies']) } };
  }
  const turnNumber = graph.input('turn', [], 'int32');
  const uniforms = graph.gatherRows(graph.input('uniforms', [graph.freeDimension('turns'), rows]), turnNumber);
  const next = drawn(graph, probabilities, usable, { uniforms, numbers: graph.input('numbers', [rows], 'int32') });
  graph.output('next_turn', graph.add(turnNumber, graph.constant(Int32Array.of(1), [])));
  graph.output('tokens', next);
  graph.output('log_probabilities', graph.reshape(graph.takeAlong(all, graph.reshape(next, [rows, 1])), [rows]));
  carried.set('turn', 'next_turn').set('tokens', 'tokens');
  const collected = new Set(['tokens', 'log_probabilities', 'entropies']);
  return { graph, repetition: { turns: 'turns', carried, collected } };
}

/** The first numbers of the last axis, and the others. */
function cut(graph: Graph, x: Node, at: number): readonly [Node, Node] {
  return [graph.slice(x, -1, 0, at), graph.slice(x, -1, at, dimension(x.shape, -1))];
}

function positionInputs(graph: Graph, config: DecoderConfig, shape: readonly number[]): Positions {
  const table = graph.freeDimension('table');
  return {
    positions: graph.input('positions', shape, 'int32'),
    cosine: graph.input('cosine', [table, config.headSize / 2]),
    sine: graph.input('sine', [table, config.headSize / 2]),
  };
}
