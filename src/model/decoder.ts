// The decoder of Llama, Qwen2 and Qwen3 as graph-building functions: pre-norm blocks of grouped-query attention with
// rotary positions and a SwiGLU; numerics follow Transformers' modeling_llama.py, modeling_qwen2.py, modeling_qwen3.py.
// How tokens attend (attention.ts) is passed in, so training, scoring and generation share every other line.

import { VOCABULARY_PART } from '../spec/memory_estimate.ts';
import type { Graph, Node } from '../tensor/graph.ts';
import { dimension } from '../tensor/shape.ts';
import { type DecoderConfig, TRAITS } from './config.ts';
import { type AdapterShape, type AdapterUse, adapterShapes } from './lora.ts';
import type { ElementTypes } from './stored.ts';
import { EMBEDDING, FINAL_NORM, HEAD, layerName, parameterShapes } from './weights.ts';

/** A decoder's parameters in a graph. */
export interface DecoderNodes {
  /** The node that holds a parameter. */
  weight(name: string): Node;
  /** x [..., in] · wᵀ */
  times(x: Node, w: Node): Node;
  /** x [..., in] · Wᵀ, W [out, in] being the map of that name with its adapter where it has one: [..., out]. */
  linear(x: Node, name: string): Node;
  /** (silu(x·Gᵀ) ⊙ x·Uᵀ)·Dᵀ of three maps, each with its adapter where it has one: [..., in] -> [..., in]. */
  gated(x: Node, gate: string, up: string, down: string): Node;
  /** The same for other tokens: what is dropped at random is drawn anew. */
  another(): DecoderNodes;
}

/** Queries [..., heads·d], keys and values [..., keyValueHeads·d] of one layer -> mixed values [..., heads·d]. */
export type Attend = (layer: number, query: Node, key: Node, value: Node) => Node;

/** How a layer's body is made part of the graph: as it is, or as a region that is computed again for its gradients. */
export type Around = (layer: number, x: Node, body: (x: Node) => Node) => Node;

/**
 * Every parameter of the decoder and its adapters as an input of the graph, named as in the weights file.
 * `types`: of those that are not float32.
 */
export function weightInputs(
  graph: Graph,
  config: DecoderConfig,
  adapters?: AdapterShape,
  types: ElementTypes = new Map(),
): Map<string, Node> {
  const shapes = [...parameterShapes(config), ...(adapters === undefined ? [] : adapterShapes(config, adapters))];
  return new Map(shapes.map(([name, shape]) => [name, graph.input(name, shape, types.get(name))]));
}

/**
 * Parameters by name, and how adapters among them are used. `fewRows`: x is [rows, in] with few rows, and a product
 * is taken as (W·xᵀ)ᵀ, since its right side is copied into panels: W's copy would cost as much as its product with 64.
 * What lies between two products stays as the first gives it, [width, rows], and is not turned.
 */
export function decoderNodes(
  graph: Graph,
  nodes: ReadonlyMap<string, Node>,
  adapters?: AdapterUse,
  { fewRows = false } = {},
): DecoderNodes {
  const weight = (name: string): Node => {
    const node = nodes.get(name);
    if (node === undefined) throw new RangeError(`the graph has no parameter ${name}`);
    return node;
  };
  const turned = (x: Node): Node => graph.transpose(x, [1, 0]);
  const times = (x: Node, w: Node): Node => {
    const W = graph.widened(w, [x]);
    return fewRows ? turned(graph.matmul(W, x, { transposeB: true })) : graph.matmul(x, W, { transposeB: true });
  };
  const linear = (x: Node, name: string): Node => {
    const y = times(x, weight(`${name}.weight`));
    return adapters === undefined ? y : adapters.add(graph, nodes, name, x, y);
  };
  const gated = (x: Node, gate: string, up: string, down: string): Node => {
    if (!fewRows || adapters !== undefined) {
      return linear(graph.mul(graph.silu(linear(x, gate)), linear(x, up)), down);
    }
    const matrix = (name: string, read: Node): Node => graph.widened(weight(`${name}.weight`), [read]);
    const inner = (name: string): Node => graph.matmul(matrix(name, x), x, { transposeB: true }); // [I, rows]
    const product = graph.mul(graph.silu(inner(gate)), inner(up));
    return turned(graph.matmul(matrix(down, product), product));
  };
  return {
    weight,
    times,
    linear,
    gated,
    another: () => decoderNodes(graph, nodes, adapters?.another(), { fewRows }),
  };
}

/** Token ids [...] -> hidden states [..., d]. */
export function embed(graph: Graph, nodes: DecoderNodes, tokens: Node): Node {
  return graph.cast(graph.gatherRows(nodes.weight(EMBEDDING), tokens), 'float32');
}

/** All blocks: hidden states [..., d] -> hidden states [..., d], before the final norm. */
export function blocks(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  hidden: Node,
  attend: Attend,
  around: Around = (_, x, body) => body(x),
): Node {
  const { attentionBias, rmsNormEpsilon: epsilon } = config;
  const { queryKeyNorm } = TRAITS[config.architecture];
  const body = (layer: number, x: Node): Node => {
    const w = (part: string) => nodes.weight(layerName(layer, part));
    const linear = (input: Node, part: string) => nodes.linear(input, layerName(layer, part));
    const project = (input: Node, part: string, biased: boolean) =>
      biased ? graph.add(linear(input, part), w(`${part}.bias`)) : linear(input, part);
    const normed = (heads: Node, part: string) =>
      queryKeyNorm ? headNorm(graph, heads, w(`${part}.weight`), epsilon) : heads;
    // x + O·attention(norm x)
    const a = graph.rmsNorm(x, w('input_layernorm.weight'), epsilon);
    const query = normed(project(a, 'self_attn.q_proj', attentionBias !== 'none'), 'self_attn.q_norm');
    const key = normed(project(a, 'self_attn.k_proj', attentionBias !== 'none'), 'self_attn.k_norm');
    const value = project(a, 'self_attn.v_proj', attentionBias !== 'none');
    const mixed = graph.add(x, project(attend(layer, query, key, value), 'self_attn.o_proj', attentionBias === 'qkvo'));
    // x + down(silu(gate · norm x) ⊙ up · norm x)
    const m = graph.rmsNorm(mixed, w('post_attention_layernorm.weight'), epsilon);
    const map = (part: string) => layerName(layer, `mlp.${part}_proj`);
    return graph.add(mixed, nodes.gated(m, map('gate'), map('up'), map('down')));
  };
  let x = hidden;
  for (let layer = 0; layer < config.layers; layer++) x = around(layer, x, (input) => body(layer, input));
  return x;
}

/** Final norm and head: hidden states [..., d] -> logits [..., V]; a head that must be widened is so in parts. */
export function logits(
  graph: Graph,
  config: DecoderConfig,
  nodes: DecoderNodes,
  hidden: Node,
  part = VOCABULARY_PART,
): Node {
  const [x, W] = [finalNorm(graph, config, nodes, hidden), head(config, nodes)];
  const size = dimension(W.shape, 0);
  if (W.dtype === 'float32' || size <= part) return nodes.times(x, W);
  const parts: Node[] = [];
  for (let start = 0; start < size; start += part) {
    const rows = graph.slice(graph.after(W, parts.slice(-1)), 0, start, Math.min(start + part, size));
    parts.push(nodes.times(x, rows));
  }
  return graph.concat(parts, -1);
}

/** Hidden states [..., d] as the head reads them. */
export function finalNorm(graph: Graph, config: DecoderConfig, nodes: DecoderNodes, hidden: Node): Node {
  return graph.rmsNorm(hidden, nodes.weight(FINAL_NORM), config.rmsNormEpsilon);
}

/** The map from hidden states to the vocabulary, [V, d]. */
export function head(config: DecoderConfig, nodes: DecoderNodes): Node {
  return nodes.weight(config.tiedEmbeddings ? EMBEDDING : HEAD);
}

/** The root-mean-square norm for each head of [..., heads·d] by itself; weight [d]. */
function headNorm(graph: Graph, x: Node, weight: Node, epsilon: number): Node {
  const d = dimension(weight.shape, 0);
  const heads = graph.reshape(x, [...x.shape.slice(0, -1), dimension(x.shape, -1) / d, d]);
  return graph.reshape(graph.rmsNorm(heads, weight, epsilon), x.shape);
}
