// The shape of a decoder: a Hugging Face config.json, read and checked. Qwen2's architecture (Qwen2, Qwen2.5).
// https://huggingface.co/docs/transformers/model_doc/qwen2. Left out: sliding windows, rotary scaling, quantisation.

import { z } from 'zod';
import { MerfError } from '../spec/error.ts';

export interface DecoderConfig {
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
  readonly rmsNormEpsilon: number;
  readonly ropeTheta: number;
  /** The output head is the embedding. */
  readonly tiedEmbeddings: boolean;
  /** Longest sequence, in tokens. */
  readonly maxPositions: number;
  /** Tokens that end a response, as config.json names them. */
  readonly endTokens: readonly number[];
}

export const SUPPORTED_ARCHITECTURES = ['Qwen2ForCausalLM'] as const;

const count = z.number().int().positive();
/** `type` is what `rope_type` was called before Transformers 4.43. */
const rope = z
  .object({
    rope_theta: z.number().positive().optional(),
    rope_type: z.string().optional(),
    type: z.string().optional(),
  })
  .nullish();

const Qwen2Config = z.object({
  architectures: z.array(z.string()).optional(),
  model_type: z.string().optional(),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.optional(),
  head_dim: count.nullish(),
  intermediate_size: count,
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().optional(),
  /** Transformers 5 keeps the rotary base here. */
  rope_parameters: rope,
  rope_scaling: rope,
  tie_word_embeddings: z.boolean().default(false),
  max_position_embeddings: count.default(32768),
  use_sliding_window: z.boolean().default(false),
  hidden_act: z.string().default('silu'),
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
});

/** Reads the content of a config.json. `where` names the file in errors. */
export function parseConfig(json: unknown, where = 'config.json'): DecoderConfig {
  const supported = `Choose a model of one of these architectures: ${SUPPORTED_ARCHITECTURES.join(', ')}.`;
  const architecture = architectureOf(json);
  if (!SUPPORTED_ARCHITECTURES.some((name) => name === architecture)) {
    throw new MerfError(`${where} describes a model of architecture ${architecture ?? 'unknown'}.`, supported);
  }
  const parsed = Qwen2Config.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const what = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}`;
    throw new MerfError(`${where} is not a readable model configuration (${what}).`, 'Download the model again.');
  }
  const config = parsed.data;
  const keyValueHeads = config.num_key_value_heads ?? config.num_attention_heads;
  const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  const { rope_parameters: rotary, rope_scaling: older } = config;
  const scaling = rotary?.rope_type ?? rotary?.type ?? older?.rope_type ?? older?.type ?? 'default';
  const problem =
    (config.num_attention_heads % keyValueHeads !== 0 && 'query heads are not a multiple of key-value heads') ||
    (headSize % 2 !== 0 && 'the head size is not an even number') ||
    (scaling !== 'default' && `rotary scaling "${scaling}" is not supported`) ||
    (config.use_sliding_window && 'sliding-window attention is not supported') ||
    (config.hidden_act !== 'silu' && `the activation "${config.hidden_act}" is not supported`);
  if (problem) throw new MerfError(`The model in ${where} cannot be run: ${problem}.`, supported);
  return {
    vocabularySize: config.vocab_size,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    keyValueHeads,
    headSize,
    intermediateSize: config.intermediate_size,
    rmsNormEpsilon: config.rms_norm_eps,
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10000,
    tiedEmbeddings: config.tie_word_embeddings,
    maxPositions: config.max_position_embeddings,
    endTokens: [config.eos_token_id ?? []].flat(),
  };
}

/** The config.json of a decoder, as Transformers reads it. */
export function formatConfig(config: DecoderConfig, dtype: 'float32' | 'bfloat16' | 'float16' = 'float32') {
  return {
    architectures: ['Qwen2ForCausalLM'],
    model_type: 'qwen2',
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    intermediate_size: config.intermediateSize,
    hidden_act: 'silu',
    rms_norm_eps: config.rmsNormEpsilon,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: config.tiedEmbeddings,
    max_position_embeddings: config.maxPositions,
    eos_token_id: config.endTokens.length === 1 ? config.endTokens[0] : config.endTokens,
    attention_dropout: 0,
    use_sliding_window: false,
    torch_dtype: dtype,
  };
}

function architectureOf(json: unknown): string | undefined {
  const named = z.object({ architectures: z.array(z.string()).min(1) }).safeParse(json);
  if (named.success) return named.data.architectures[0];
  const typed = z.object({ model_type: z.string() }).safeParse(json);
  return typed.success && typed.data.model_type === 'qwen2' ? 'Qwen2ForCausalLM' : undefined;
}
