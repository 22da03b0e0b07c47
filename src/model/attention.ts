// Grouped-query attention over whole sequences, in two forms: plain causal, and responses that share their
// prompt. The prompt's keys and values are computed once and read by its G responses in place: one softmax runs
// over two parts, scores against the prompt and against the response itself.
// Sizes: P prompts of Tp tokens, G responses of Tr tokens each; K key-value heads, R query heads to each, width d.

import type { Graph, Node } from '../tensor/graph.ts';
import { dimension } from '../tensor/shape.ts';
import type { DecoderConfig } from './config.ts';
import type { Attend } from './decoder.ts';

/** Added to scores that must not be seen; exp of it is exactly 0 in float32. */
export const HIDDEN = -1e9;

/** [T, T]: 0 where row t may see column u ≤ t, HIDDEN elsewhere. */
export function causalMask(length: number): Float32Array {
  return Float32Array.from({ length: length ** 2 }, (_, i) => (i % length <= Math.floor(i / length) ? 0 : HIDDEN));
}

/** Where the tokens of a batch stand, and the rotary tables that say how to turn their queries and keys. */
export interface Positions {
  /** int32 [B, T] */
  readonly positions: Node;
  /** [table, d/2] */
  readonly cosine: Node;
  /** [table, d/2] */
  readonly sine: Node;
}

/** [..., heads·d] of B·T tokens -> [B, T, heads, d], turned to their positions. */
export function turn(graph: Graph, at: Positions, x: Node, heads: number, d: number): Node {
  return graph.rotary(graph.reshape(x, [...at.positions.shape, heads, d]), at.positions, at.cosine, at.sine);
}

export interface KeysAndValues {
  /** [B, K, T, d], turned to their positions */
  readonly key: Node;
  /** [B, K, T, d] */
  readonly value: Node;
}

/**
 * Causal attention of rows [B·T, ...]; `mask` [T, T] is the causal mask. `keep` receives each layer's keys and
 * values.
 */
export function causal(
  graph: Graph,
  config: DecoderConfig,
  at: Positions,
  mask: Node,
  keep: (layer: number, keysAndValues: KeysAndValues) => void = () => {},
): Attend {
  const { heads, keyValueHeads: K, headSize: d } = config;
  const [B, T] = [dimension(at.positions.shape, 0), dimension(at.positions.shape, 1)];
  const R = heads / K;
  return (layer, q, k, v) => {
    const query = graph.transpose(turn(graph, at, q, heads, d), [0, 2, 1, 3]); // [B, K·R, T, d]
    const key = graph.transpose(turn(graph, at, k, K, d), [0, 2, 1, 3]); // [B, K, T, d]
    const value = graph.transpose(graph.reshape(v, [B, T, K, d]), [0, 2, 1, 3]);
    keep(layer, { key, value });
    const folded = graph.reshape(query, [B, K, R * T, d]);
    const scores = graph.matmul(folded, key, { transposeB: true, scale: 1 / Math.sqrt(d) }); // [B, K, R·T, T]
    const seen = graph.add(graph.reshape(scores, [B, K, R, T, T]), mask);
    const shares = graph.reshape(graph.softmax(seen), scores.shape);
    const mixed = graph.reshape(graph.matmul(shares, value), [B, heads, T, d]);
    return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [B * T, heads * d]);
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
 * `promptMask` [P, 1, 1, 1, 1, Tp] is 0 on the prompt's tokens and HIDDEN on its padding; `mask` [Tr, Tr] is causal.
 */
export function sharedPrompt(
  graph: Graph,
  config: DecoderConfig,
  sizes: SharedPromptSizes,
  at: Positions,
  prompt: (layer: number) => KeysAndValues,
  promptMask: Node,
  mask: Node,
): Attend {
  const { heads, keyValueHeads: K, headSize: d } = config;
  const { prompts: P, promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const R = heads / K;
  const products = { transposeB: true, scale: 1 / Math.sqrt(d) };
  return (layer, q, k, v) => {
    const query = graph.transpose(
      graph.reshape(turn(graph, at, q, heads, d), [P, G, Tr, K, R, d]),
      [0, 3, 1, 4, 2, 5], // [P, K, G, R, Tr, d]
    );
    const perKey = (x: Node) => graph.transpose(graph.reshape(x, [P, G, Tr, K, d]), [0, 3, 1, 2, 4]); // [P, K, G, Tr, d]
    const [key, value] = [perKey(turn(graph, at, k, K, d)), perKey(v)];
    const past = prompt(layer);
    const toPrompt = graph.matmul(graph.reshape(query, [P, K, G * R * Tr, d]), past.key, products);
    const toSelf = graph.matmul(graph.reshape(query, [P, K, G, R * Tr, d]), key, products);
    const ofPrompt = graph.add(graph.reshape(toPrompt, [P, K, G, R, Tr, Tp]), promptMask);
    const ofSelf = graph.add(graph.reshape(toSelf, [P, K, G, R, Tr, Tr]), mask);
    // Σ e^(s-m) v / Σ e^(s-m); the shift m cancels out, so no gradient flows through it
    const top = (x: Node) => graph.maximum(x, [-1], true);
    const m = graph.stopGradient(graph.max(top(ofPrompt), top(ofSelf)));
    const [promptShare, selfShare] = [graph.exp(graph.sub(ofPrompt, m)), graph.exp(graph.sub(ofSelf, m))];
    const sum = graph.add(graph.sum(promptShare, [-1], true), graph.sum(selfShare, [-1], true));
    const mixed = graph.add(
      graph.reshape(graph.matmul(graph.reshape(promptShare, toPrompt.shape), past.value), query.shape),
      graph.reshape(graph.matmul(graph.reshape(selfShare, toSelf.shape), value), query.shape),
    );
    const result = graph.transpose(graph.div(mixed, sum), [0, 2, 4, 1, 3, 5]); // [P, G, Tr, K, R, d]
    return graph.reshape(result, [P * G * Tr, heads * d]);
  };
}
