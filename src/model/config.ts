// The shape of a decoder: a Hugging Face config.json, read and checked. The architectures differ in little: biases of
// the attention's projections, norms of queries and keys. Sources: Transformers' modeling_qwen2.py, modeling_qwen3.py,
// modeling_llama.py. Left out: sliding windows, mixtures of experts, quantisation.

import { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { formatRope, type Rope, RopeParameters, readScaling } from './rotary.ts';

/** Which of an attention's projections have a bias. */
export type AttentionBias = 'none' | 'qkv' | 'qkvo';

export interface DecoderConfig {
  readonly architecture: Architecture;
  readonly vocabularySize: number;
  /** d: width of the residual stream. */
  readonly hiddenSize: number;
  readonly layers: number;
  /** Query heads; a multiple of `keyValueHeads`. */
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Width inside the SwiGLU block. */
  readonly intermediateSize: number;
  readonly attentionBias: AttentionBias;
  readonly rmsNormEpsilon: number;
  readonly rope: Rope;
  /** The output head is the embedding. */
  readonly tiedEmbeddings: boolean;
  /** Longest sequence, in tokens. */
  readonly maxPositions: number;
  /** Tokens that end a response, as config.json names them. */
  readonly endTokens: readonly number[];
}

export const SUPPORTED_ARCHITECTURES = ['Qwen2ForCausalLM', 'Qwen3ForCausalLM', 'LlamaForCausalLM'] as const;
export type Architecture = (typeof SUPPORTED_ARCHITECTURES)[number];

interface Traits {
  readonly modelType: string;
  /** Queries and keys are normalised head by head before they are turned (Qwen3). */
  readonly queryKeyNorm: boolean;
  /** What a config.json that leaves them out means. */
  readonly maxPositions: number;
  readonly headSize: number | null;
}

/** What an architecture is, beyond the numbers of its config.json. */
export const TRAITS: Readonly<Record<Architecture, Traits>> = {
  Qwen2ForCausalLM: { modelType: 'qwen2', queryKeyNorm: false, maxPositions: 32768, headSize: null },
  Qwen3ForCausalLM: { modelType: 'qwen3', queryKeyNorm: true, maxPositions: 32768, headSize: 128 },
  LlamaForCausalLM: { modelType: 'llama', queryKeyNorm: false, maxPositions: 2048, headSize: null },
};

const count = z.number().int().positive();
const ConfigJson = z.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().optional(),
  /** Transformers 5 keeps base and scaling here. */
  rope_parameters: RopeParameters.nullish(),
  rope_scaling: RopeParameters.nullish(),
  partial_rotary_factor: z.number().nullish(),
  tie_word_embeddings: z.boolean().default(false),
  max_position_embeddings: count.optional(),
  use_sliding_window: z.boolean().default(false),
  layer_types: z.array(z.string()).nullish(),
  hidden_act: z.string().default('silu'),
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
  quantization_config: z.unknown().optional(),
});

/** Reads the content of a config.json. `where` names the file in errors. */
export function parseConfig(json: unknown, where = 'config.json'): DecoderConfig {
  const supported = `Choose a model of one of these architectures: ${SUPPORTED_ARCHITECTURES.join(', ')}.`;
  const named = architectureOf(json);
  const architecture = SUPPORTED_ARCHITECTURES.find((name) => name === named);
  if (architecture === undefined) {
    throw new MerfError(`${where} describes a model of architecture ${named ?? 'unknown'}.`, supported);
  }
  const parsed = ConfigJson.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const what = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}`;
    throw new MerfError(`${where} is not a readable model configuration (${what}).`, 'Download the model again.');
  }
  const config = parsed.data;
  const traits = TRAITS[architecture];
  const keyValueHeads = config.num_key_value_heads ?? config.num_attention_heads;
  const headSize = config.head_dim ?? traits.headSize ?? config.hidden_size / config.num_attention_heads;
  const maxPositions = config.max_position_embeddings ?? traits.maxPositions;
  const rotary = config.rope_parameters ?? config.rope_scaling ?? undefined;
  const scaling = readScaling(rotary, maxPositions);
  const turned = rotary?.partial_rotary_factor ?? config.partial_rotary_factor ?? 1;
  const otherLayer = config.layer_types?.find((type) => type !== 'full_attention');
  const problem =
    (config.num_attention_heads % keyValueHeads !== 0 && 'query heads are not a multiple of key-value heads') ||
    (headSize % 2 !== 0 && 'the head size is not an even number') ||
    (typeof scaling === 'string' && scaling) ||
    (turned !== 1 && 'heads that are turned in part are not supported') ||
    (config.use_sliding_window && 'sliding-window attention is not supported') ||
    (otherLayer && `layers of the type "${otherLayer}" are not supported`) ||
    (isByLayer(rotary) && 'rotary positions that differ from layer to layer are not supported') ||
    (config.mlp_bias && 'biases in the feed-forward layers are not supported') ||
    (config.hidden_act !== 'silu' && `the activation "${config.hidden_act}" is not supported`) ||
    (config.quantization_config && 'its weights are quantised');
  if (problem || typeof scaling === 'string') {
    throw new MerfError(`The model in ${where} cannot be run: ${problem}.`, supported);
  }
  return {
    architecture,
    vocabularySize: config.vocab_size,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    keyValueHeads,
    headSize,
    intermediateSize: config.intermediate_size,
    attentionBias: architecture === 'Qwen2ForCausalLM' ? 'qkv' : config.attention_bias ? 'qkvo' : 'none',
    rmsNormEpsilon: config.rms_norm_eps,
    rope: { theta: rotary?.rope_theta ?? config.rope_theta ?? 10000, scaling },
    tiedEmbeddings: config.tie_word_embeddings,
    maxPositions,
    endTokens: [config.eos_token_id ?? []].flat(),
  };
}

/** Transformers 5 can say it once for each type of layer. */
function isByLayer(rotary: RopeParameters | undefined): boolean {
  return Object.values(rotary ?? {}).some(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
}

export type DtypeName = 'float32' | 'bfloat16' | 'float16';

/** The config.json of a decoder, as Transformers reads it. */
export function formatConfig(config: DecoderConfig, dtype: DtypeName = 'float32') {
  return {
    architectures: [config.architecture],
    model_type: TRAITS[config.architecture].modelType,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    intermediate_size: config.intermediateSize,
    hidden_act: 'silu',
    rms_norm_eps: config.rmsNormEpsilon,
    ...formatRope(config.rope),
    tie_word_embeddings: config.tiedEmbeddings,
    max_position_embeddings: config.maxPositions,
    eos_token_id: config.endTokens.length === 1 ? config.endTokens[0] : config.endTokens,
    attention_dropout: 0,
    ...(config.architecture === 'Qwen2ForCausalLM'
      ? { use_sliding_window: false }
      : { attention_bias: config.attentionBias !== 'none' }),
    torch_dtype: dtype,
  };
}

function architectureOf(json: unknown): string | undefined {
  const named = z.object({ architectures: z.array(z.string()).min(1) }).safeParse(json);
  if (named.success) return named.data.architectures[0];
  const typed = z.object({ model_type: z.string() }).safeParse(json);
  if (!typed.success) return undefined;
  const { model_type: type } = typed.data;
  return SUPPORTED_ARCHITECTURES.find((name) => TRAITS[name].modelType === type) ?? type;
}
