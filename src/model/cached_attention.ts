// Attention for generation, with keys and values kept between steps. Rows are arranged in tiles: a tile is up to
// `width` responses to one prompt, which read that prompt's keys and values in place. All sizes but the model's
// are free, so that one program serves every length and batch.
// Sizes: U tiles of W rows, prompts of Tp tokens, S places for earlier response tokens; K, R, d as in attention.ts.

import { Graph, type Node } from '../tensor/graph.ts';
import { type Positions, turn } from './attention.ts';
import type { DecoderConfig } from './config.ts';
import { type Attend, blocks, decoderNodes, embed, logits, weightInputs } from './decoder.ts';
import { type AdapterShape, adapterUse } from './lora.ts';

/** The inputs and outputs that hold a layer's keys and values. */
export const cacheNames = (layer: number) => ({
  promptKey: `prompt_key.${layer}`,
  promptValue: `prompt_value.${layer}`,
  pastKey: `past_key.${layer}`,
  pastValue: `past_value.${layer}`,
  key: `key.${layer}`,
  value: `value.${layer}`,
});

/**
 * Prompts at once. Inputs: weights, `tokens` int32 [prompts, length], `positions` alike, `cosine` and `sine`
 * [table, d/2], `mask` [length, length] (causal). Outputs: `key.l`, `value.l` [prompts, K, length, d].
 */
export function prefillGraph(config: DecoderConfig, adapters?: AdapterShape): Graph {
  const graph = new Graph();
  const [prompts, length] = [graph.freeDimension('prompts'), graph.freeDimension('length')];
  const nodes = decoderNodes(graph, weightInputs(graph, config, adapters), adapters && adapterUse(adapters));
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

/**
 * One token for every row. Inputs: weights, `tokens` int32 [tiles, width], `positions` alike, `cosine`, `sine`,
 * `prompt_key.l` and `prompt_value.l` [tiles, K, prompt, d], `prompt_mask` [tiles, 1, 1, prompt], `past_key.l` and
 * `past_value.l` [tiles, width, K, past, d], `past_mask` [past]; masks are 0 where seen and HIDDEN elsewhere.
 * Outputs: `logits` [tiles, width, V]; `key.l`, `value.l` [tiles, width, K, 1, d], to be put into the past.
 */
export function decodeGraph(config: DecoderConfig, adapters?: AdapterShape): Graph {
  const graph = new Graph();
  const [tiles, width] = [graph.freeDimension('tiles'), graph.freeDimension('width')];
  const [prompt, past] = [graph.freeDimension('prompt'), graph.freeDimension('past')];
  const nodes = decoderNodes(graph, weightInputs(graph, config, adapters), adapters && adapterUse(adapters));
  const tokens = graph.input('tokens', [tiles, width], 'int32');
  const at = positionInputs(graph, config, [tiles, width]);
  const promptMask = graph.input('prompt_mask', [tiles, 1, 1, prompt]);
  const pastMask = graph.input('past_mask', [past]);
  const { heads, keyValueHeads: K, headSize: d } = config;
  const R = heads / K;
  // tile order [U, K, W·R, n] <-> row order [U, W, K, R, n]
  const toTiles = (x: Node, n: number) => graph.reshape(graph.transpose(x, [0, 2, 1, 3, 4]), [tiles, K, width * R, n]);
  const toRows = (x: Node, n: number) => graph.transpose(graph.reshape(x, [tiles, K, width, R, n]), [0, 2, 1, 3, 4]);
  const attend: Attend = (layer, q, k, v) => {
    const names = cacheNames(layer);
    const promptKey = graph.input(names.promptKey, [tiles, K, prompt, d]);
    const promptValue = graph.input(names.promptValue, [tiles, K, prompt, d]);
    const pastKey = graph.input(names.pastKey, [tiles, width, K, past, d]);
    const pastValue = graph.input(names.pastValue, [tiles, width, K, past, d]);
    const query = graph.reshape(turn(graph, at, q, heads, d), [tiles, width, K, R, d]);
    const key = graph.reshape(turn(graph, at, k, K, d), [tiles, width, K, 1, d]);
    const value = graph.reshape(v, [tiles, width, K, 1, d]);
    graph.output(names.key, key);
    graph.output(names.value, value);
    // one softmax over three parts, each shifted by the largest score m of all: Σ e^(s-m) v / Σ e^(s-m)
    const products = { transposeB: true, scale: 1 / Math.sqrt(d) };
    const ofPrompt = graph.add(graph.matmul(toTiles(query, d), promptKey, products), promptMask); // [U, K, W·R, Tp]
    const ofPast = graph.add(graph.matmul(query, pastKey, products), pastMask); // [U, W, K, R, S]
    const ofSelf = graph.matmul(query, key, products); // [U, W, K, R, 1]
    const top = (x: Node) => graph.maximum(x, [-1], true);
    const m = graph.max(graph.max(toRows(top(ofPrompt), 1), top(ofPast)), ofSelf); // [U, W, K, R, 1]
    const promptShare = graph.exp(graph.sub(ofPrompt, toTiles(m, 1)));
    const pastShare = graph.exp(graph.sub(ofPast, m));
    const selfShare = graph.exp(graph.sub(ofSelf, m));
    const total = (x: Node) => graph.sum(x, [-1], true);
    const sum = graph.add(graph.add(toRows(total(promptShare), 1), total(pastShare)), selfShare);
    const mixed = graph.add(
      graph.add(toRows(graph.matmul(promptShare, promptValue), d), graph.matmul(pastShare, pastValue)),
      graph.mul(selfShare, value),
    );
    return graph.reshape(graph.div(mixed, sum), [tiles, width, heads * d]);
  };
  const hidden = blocks(graph, config, nodes, embed(graph, nodes, tokens), attend);
  graph.output('logits', logits(graph, config, nodes, hidden));
  return graph;
}

function positionInputs(graph: Graph, config: DecoderConfig, shape: readonly number[]): Positions {
  const table = graph.freeDimension('table');
  return {
    positions: graph.input('positions', shape, 'int32'),
    cosine: graph.input('cosine', [table, config.headSize / 2]),
    sine: graph.input('sine', [table, config.headSize / 2]),
  };
}
