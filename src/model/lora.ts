// LoRA (Hu et al. 2021, arXiv 2106.09685): a linear map W stays as it is, and a product of two narrow matrices is added
//   y = x·Wᵀ + s · (drop(x)·Aᵀ)·Bᵀ     A [r, in], B [out, r], s = α/r (or α/√r, "rank-stabilised")
// A begins as PEFT begins it, uniform within ±1/√in, and B as zeros: the adapted model begins as the model itself.
// Left out: adapters of embeddings and of the head, DoRA, other ranks for some layers.

import { MerfError } from '../spec/error.ts';
import { LORA_MODULES, type LoraModule } from '../spec/lora.ts';
import { random } from '../spec/random.ts';
import type { Graph, Node, TensorData } from '../tensor/graph.ts';
import { dimension, type Shape, size } from '../tensor/shape.ts';
import type { DecoderConfig } from './config.ts';
import { floats, type StoredWeights, weightFeeds } from './stored.ts';
import { layerName, parameterShapes, type Weights } from './weights.ts';

/** Where in a layer each adaptable map is. */
export const MAP_OF: Readonly<Record<LoraModule, string>> = {
  q_proj: 'self_attn.q_proj',
  k_proj: 'self_attn.k_proj',
  v_proj: 'self_attn.v_proj',
  o_proj: 'self_attn.o_proj',
  gate_proj: 'mlp.gate_proj',
  up_proj: 'mlp.up_proj',
  down_proj: 'mlp.down_proj',
};

/** What each of them reads: maps that read one input drop the same of it. */
const READS: Readonly<Record<LoraModule, string>> = {
  q_proj: 'attention',
  k_proj: 'attention',
  v_proj: 'attention',
  o_proj: 'mixed',
  gate_proj: 'feed-forward',
  up_proj: 'feed-forward',
  down_proj: 'gated',
};

export interface AdapterShape {
  readonly rank: number;
  readonly alpha: number;
  /** Which maps of every layer. */
  readonly modules: readonly LoraModule[];
  /** α/√r in place of α/r. */
  readonly rankStabilised: boolean;
}

/** Adapters of a decoder; the decoder itself is not changed by training them. */
export interface Adapters extends AdapterShape {
  /** Part of the inputs of A that is dropped while training. */
  readonly dropout: number;
  /** `model.layers.0.self_attn.q_proj.lora_A.weight`, … */
  readonly weights: Weights;
}

export function readModules(names: readonly string[]): LoraModule[] {
  return names.map((name) => {
    const found = LORA_MODULES.find((module) => module === name);
    if (found !== undefined) return found;
    throw new MerfError(`No adapter can be put on "${name}".`, `Use some of: ${LORA_MODULES.join(', ')}.`);
  });
}

const matrices = (map: string) => ({ a: `${map}.lora_A.weight`, b: `${map}.lora_B.weight` });

/** Every matrix of the adapters, with its shape. */
export function adapterShapes(config: DecoderConfig, { rank, modules }: AdapterShape): Map<string, Shape> {
  const shapes = parameterShapes(config);
  const result = new Map<string, Shape>();
  for (let layer = 0; layer < config.layers; layer++) {
    for (const module of modules) {
      const map = layerName(layer, MAP_OF[module]);
      const shape = shapes.get(`${map}.weight`) ?? [];
      const { a, b } = matrices(map);
      result.set(a, [rank, dimension(shape, 1)]);
      result.set(b, [dimension(shape, 0), rank]);
    }
  }
  return result;
}

/** New adapters; the same seed gives the same. */
export function createAdapters(
  config: DecoderConfig,
  { dropout, ...shape }: AdapterShape & Pick<Adapters, 'dropout'>,
  seed: number,
): Adapters {
  const weights: Weights = new Map();
  for (const [name, lengths] of adapterShapes(config, shape)) {
    const data = new Float32Array(size(lengths));
    if (name.endsWith('.lora_A.weight')) {
      const rng = random(seed, name);
      const bound = 1 / Math.sqrt(dimension(lengths, 1));
      for (let i = 0; i < data.length; i++) data[i] = (2 * rng.uniform() - 1) * bound;
    }
    weights.set(name, { shape: lengths, data });
  }
  return { ...shape, dropout, weights };
}

export function adapterScale({ rank, alpha, rankStabilised }: AdapterShape): number {
  return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
}

/** How adapters enter a graph. */
export interface AdapterUse {
  /** y + s · (drop(x)·Aᵀ)·Bᵀ for the map of that name; y alone where it has no adapter. */
  add(graph: Graph, nodes: ReadonlyMap<string, Node>, map: string, x: Node, y: Node): Node;
  /** The same for other tokens, with masks of their own. */
  another(): AdapterUse;
}

/** `dropout`: while training, with an int32 scalar that is another in every micro-batch. */
export function adapterUse(shape: AdapterShape, dropout?: { readonly rate: number; readonly seed: Node }): AdapterUse {
  const salts = new Map<string, number>();
  let passes = 0;
  /** By what is read, so that a layer that is computed again drops the same. */
  const dropped = (graph: Graph, x: Node, pass: number, map: string): Node => {
    if (dropout === undefined || dropout.rate === 0) return x;
    const place = map.lastIndexOf('.') + 1;
    const module = LORA_MODULES.find((name) => name === map.slice(place));
    const key = `${pass} ${/\d+/.exec(map)?.[0]} ${module === undefined ? map : READS[module]}`;
    const salt = salts.get(key) ?? salts.size;
    salts.set(key, salt);
    return graph.mul(x, graph.keepMask(x, dropout.seed, dropout.rate, salt));
  };
  const use = (pass: number): AdapterUse => ({
    another: () => use(++passes),
    add: (graph, nodes, map, x, y) => {
      const { a, b } = matrices(map);
      const [A, B] = [nodes.get(a), nodes.get(b)];
      if (A === undefined || B === undefined) return y;
      const narrow = graph.matmul(dropped(graph, x, pass, map), A, { transposeB: true });
      return graph.add(y, graph.matmul(narrow, B, { transposeB: true, scale: adapterScale(shape) }));
    },
  });
  return use(0);
}

/** Weights and adapters by name, where they are now: the inputs of a program. */
export function modelFeeds(model: {
  readonly weights: StoredWeights;
  readonly adapters?: Adapters | null | undefined;
}): Record<string, TensorData> {
  return { ...weightFeeds(model.weights), ...(model.adapters ? weightFeeds(model.adapters.weights) : {}) };
}

/** W + s·B·A for every adapted map; the other parameters are those of the decoder, not copies. */
export function mergeAdapters(weights: StoredWeights, adapters: Adapters): StoredWeights {
  const scale = adapterScale(adapters);
  const merged = new Map(weights);
  for (const [name, A] of adapters.weights) {
    if (!name.endsWith('.lora_A.weight')) continue;
    const map = name.slice(0, -'.lora_A.weight'.length);
    const [B, W] = [adapters.weights.get(matrices(map).b), weights.get(`${map}.weight`)];
    if (B === undefined || W === undefined) throw new RangeError(`${map} has no map or no second matrix`);
    const [out, inner] = [dimension(W.shape, 0), dimension(W.shape, 1)];
    const [from, data] = [floats(W), new Float32Array(W.data.length)];
    const row = new Float64Array(inner);
    for (let o = 0; o < out; o++) {
      row.fill(0);
      for (let r = 0; r < adapters.rank; r++) {
        const factor = scale * (B.data[o * adapters.rank + r] ?? 0);
        if (factor !== 0)
          for (let i = 0; i < inner; i++) row[i] = (row[i] ?? 0) + factor * (A.data[r * inner + i] ?? 0);
      }
      for (let i = 0; i < inner; i++) data[o * inner + i] = (from[o * inner + i] ?? 0) + (row[i] ?? 0);
    }
    merged.set(`${map}.weight`, { shape: W.shape, data });
  }
  return merged;
}
