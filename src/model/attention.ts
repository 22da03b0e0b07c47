// Grouped-query attention over whole sequences, in two forms: plain causal, and responses that share their
// prompt. The prompt's keys and values are computed once and read by its G responses in place: scores against the
// prompt and against the response itself are joined before one softmax.
// Sizes: P prompts of Tp tokens, G responses of Tr tokens each; K key-value heads, R query heads to each, width d.

import type { Graph, Node } from '../tensor/graph.ts';
import type { DecoderConfig } from './config.ts';
import { type Attend, rotaryTables } from './decoder.ts';

/** Added to scores that must not be seen; exp of it is exactly 0 in float32. */
export const HIDDEN = -1e9;

/** Rotary positions for rows of a graph; `positions` int32 [B, T]. */
export function rotaryAt(graph: Graph, config: DecoderConfig, positions: Node, longest: number) {
  const { cosine, sine } = rotaryTables(config, longest);
  const tables = [longest, config.headSize / 2];
  const [cos, sin] = [graph.constant(cosine, tables), graph.constant(sine, tables)];
  /** [B·T, heads·d] -> [B, T, heads, d], turned. */
  return (x: Node, heads: number): Node =>
    graph.rotary(graph.reshape(x, [...positions.shape, heads, config.headSize]), positions, cos, sin);
}

type Rotate = ReturnType<typeof rotaryAt>;

/** A constant [rows, T]: 0 where row % T attends to a column no later than itself, HIDDEN elsewhere. */
function causalMask(graph: Graph, length: number): Node {
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length <= Math.floor(i / length) ? 0 : HIDDEN,
  );
  return graph.constant(mask, [length, length]);
}

export interface KeysAndValues {
  /** [B, K, T, d], turned to their positions */
  readonly key: Node;
  /** [B, K, T, d] */
  readonly value: Node;
}

/** Causal attention of [B·T, ...] rows; `keep` receives each layer's keys and values. */
export function causal(
  graph: Graph,
  config: DecoderConfig,
  [batch, length]: readonly [number, number],
  rotate: Rotate,
  keep: (layer: number, keysAndValues: KeysAndValues) => void = () => {},
): Attend {
  const { heads, keyValueHeads, headSize } = config;
  const repeat = heads / keyValueHeads;
  const mask = causalMask(graph, length);
  return (layer, q, k, v) => {
    const query = graph.transpose(rotate(q, heads), [0, 2, 1, 3]); // [B, K·R, T, d]
    const key = graph.transpose(rotate(k, keyValueHeads), [0, 2, 1, 3]); // [B, K, T, d]
    const value = graph.transpose(graph.reshape(v, [batch, length, keyValueHeads, headSize]), [0, 2, 1, 3]);
    keep(layer, { key, value });
    const folded = graph.reshape(query, [batch, keyValueHeads, repeat * length, headSize]);
    const scores = graph.matmul(folded, key, { transposeB: true, scale: 1 / Math.sqrt(headSize) }); // [B, K, R·T, T]
    const seen = graph.add(graph.reshape(scores, [batch, keyValueHeads, repeat, length, length]), mask);
    const shares = graph.reshape(graph.softmax(seen), scores.shape);
    const mixed = graph.reshape(graph.matmul(shares, value), [batch, heads, length, headSize]);
    return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [batch * length, heads * headSize]);
  };
}

export interface SharedPromptSizes {
  readonly prompts: number;
  readonly promptLength: number;
  /** G: responses per prompt. */
  readonly group: number;
  readonly responseLength: number;
}

/**
 * Attention of response rows [P·G·Tr, ...] to their prompt's keys and values and causally to themselves.
 * `promptMask` [P, 1, 1, 1, 1, Tp] is 0 on the prompt's tokens and HIDDEN on its padding.
 */
export function sharedPrompt(
  graph: Graph,
  config: DecoderConfig,
  sizes: SharedPromptSizes,
  rotate: Rotate,
  prompt: (layer: number) => KeysAndValues,
  promptMask: Node,
): Attend {
  const { heads, keyValueHeads: K, headSize: d } = config;
  const { prompts: P, promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const R = heads / K;
  const mask = causalMask(graph, Tr);
  const scale = 1 / Math.sqrt(d);
  return (layer, q, k, v) => {
    const query = graph.transpose(graph.reshape(rotate(q, heads), [P, G, Tr, K, R, d]), [0, 3, 1, 4, 2, 5]); // [P, K, G, R, Tr, d]
    const perKey = (x: Node) => graph.transpose(graph.reshape(x, [P, G, Tr, K, d]), [0, 3, 1, 2, 4]); // [P, K, G, Tr, d]
    const [key, value] = [perKey(rotate(k, K)), perKey(v)];
    const past = prompt(layer);
    const toPrompt = graph.matmul(graph.reshape(query, [P, K, G * R * Tr, d]), past.key, { transposeB: true, scale });
    const toSelf = graph.matmul(graph.reshape(query, [P, K, G, R * Tr, d]), key, { transposeB: true, scale });
    const scores = graph.concat(
      [
        graph.add(graph.reshape(toPrompt, [P, K, G, R, Tr, Tp]), promptMask),
        graph.add(graph.reshape(toSelf, [P, K, G, R, Tr, Tr]), mask),
      ],
      -1,
    );
    const shares = graph.softmax(scores); // [P, K, G, R, Tr, Tp + Tr]
    const ofPrompt = graph.reshape(graph.slice(shares, -1, 0, Tp), [P, K, G * R * Tr, Tp]);
    const ofSelf = graph.reshape(graph.slice(shares, -1, Tp, Tp + Tr), [P, K, G, R * Tr, Tr]);
    const mixed = graph.add(
      graph.reshape(graph.matmul(ofPrompt, past.value), [P, K, G, R, Tr, d]),
      graph.reshape(graph.matmul(ofSelf, value), [P, K, G, R, Tr, d]),
    );
    return graph.reshape(graph.transpose(mixed, [0, 2, 4, 1, 3, 5]), [P * G * Tr, heads * d]);
  };
}
