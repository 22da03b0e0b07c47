// A decoder's parameters by their Hugging Face names, in Hugging Face layout: a linear map is [out, in] and is read
// transposed by the matrix product (as fast as stored the other way; measured). The map is shared: training puts a
// new array into `data`, and whoever generates reads it at the next step without a copy.

import { MerfError } from '../spec/error.ts';
import type { ModelShape } from '../spec/facts.ts';
import { type Shape, sameShape, size } from '../tensor/shape.ts';
import { type DecoderConfig, TRAITS } from './config.ts';
import { allFinite, type StoredParameter } from './stored.ts';

export interface Parameter {
  readonly shape: Shape;
  /** Row-major; replaced by training. */
  data: Float32Array;
}

export type Weights = Map<string, Parameter>;

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const HEAD = 'lm_head.weight';

/** The full name of a layer's parameter: `layerName(3, 'mlp.up_proj.weight')`. */
export function layerName(layer: number, part: string): string {
  return `model.layers.${layer}.${part}`;
}

/** Every parameter the decoder has, with its shape. */
export function parameterShapes(config: DecoderConfig): Map<string, Shape> {
  const { hiddenSize: d, intermediateSize, headSize, vocabularySize } = config;
  const queries = config.heads * headSize;
  const keys = config.keyValueHeads * headSize;
  const bias = (part: string, width: number, has: boolean): [string, Shape][] =>
    has ? [[`${part}.bias`, [width]]] : [];
  const inputBias = config.attentionBias !== 'none';
  const headNorm = (part: string): [string, Shape][] =>
    TRAITS[config.architecture].queryKeyNorm ? [[`${part}.weight`, [headSize]]] : [];
  const layer: readonly (readonly [string, Shape])[] = [
    ['input_layernorm.weight', [d]],
    ['self_attn.q_proj.weight', [queries, d]],
    ...bias('self_attn.q_proj', queries, inputBias),
    ['self_attn.k_proj.weight', [keys, d]],
    ...bias('self_attn.k_proj', keys, inputBias),
    ['self_attn.v_proj.weight', [keys, d]],
    ...bias('self_attn.v_proj', keys, inputBias),
    ['self_attn.o_proj.weight', [d, queries]],
    ...bias('self_attn.o_proj', d, config.attentionBias === 'qkvo'),
    ...headNorm('self_attn.q_norm'),
    ...headNorm('self_attn.k_norm'),
    ['post_attention_layernorm.weight', [d]],
    ['mlp.gate_proj.weight', [intermediateSize, d]],
    ['mlp.up_proj.weight', [intermediateSize, d]],
    ['mlp.down_proj.weight', [d, intermediateSize]],
  ];
  const layers = Array.from({ length: config.layers }, (_, i) =>
    layer.map(([part, shape]) => [layerName(i, part), shape] as const),
  );
  return new Map<string, Shape>([
    [EMBEDDING, [vocabularySize, d]],
    ...layers.flat(),
    [FINAL_NORM, [d]],
    ...(config.tiedEmbeddings ? [] : [[HEAD, [vocabularySize, d]] as const]),
  ]);
}

export function parameterCount(config: DecoderConfig): number {
  return [...parameterShapes(config).values()].reduce((sum, shape) => sum + size(shape), 0);
}

/** What an estimate of memory needs to know (spec/memory_estimate.ts). */
export function modelShape(config: DecoderConfig): ModelShape {
  const { layers, heads, keyValueHeads, headSize } = config;
  return {
    parameters: parameterCount(config),
    layers,
    hidden: config.hiddenSize,
    intermediate: config.intermediateSize,
    heads,
    keyValueHeads,
    headSize,
    vocabulary: config.vocabularySize,
  };
}

/** The parameters the decoder needs, out of what a folder holds; refuses a missing one or another shape. */
export function selectWeights<P extends StoredParameter>(
  config: DecoderConfig,
  found: ReadonlyMap<string, P>,
  where: string,
): Map<string, P> {
  const remedy = 'Download the model again, or choose the folder that belongs to this config.json.';
  const weights = new Map<string, P>();
  for (const [name, shape] of parameterShapes(config)) {
    const parameter = found.get(name);
    if (parameter === undefined) throw new MerfError(`${where} has no tensor "${name}".`, remedy);
    if (!sameShape(parameter.shape, shape)) {
      const shapes = `[${parameter.shape.join(', ')}] where config.json asks for [${shape.join(', ')}]`;
      throw new MerfError(`The tensor "${name}" in ${where} has shape ${shapes}.`, remedy);
    }
    if (!allFinite(parameter)) {
      throw new MerfError(`The tensor "${name}" in ${where} holds values that are not finite numbers.`, remedy);
    }
    weights.set(name, parameter);
  }
  return weights;
}
