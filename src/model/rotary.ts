// Rotary positions (Su et al. 2021, arXiv 2104.09864) and the ways the field stretches them to longer contexts:
// dimension pair i of a head turns by position · ωᵢ, with ωᵢ = θ^(-2i/d) and a scaling of ω. The formulas are those of
// Transformers' modeling_rope_utils.py. Left out: "longrope", and heads of which only a part is turned.

import { z } from 'zod';
import type { DecoderConfig } from './config.ts';

/** `original`: the context the model was first trained with, in tokens. */
export type RopeScaling =
  /** ω / factor */
  | { readonly kind: 'linear'; readonly factor: number }
  /** Llama 3.1: slow turns are divided, fast ones kept, between them a ramp. */
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly original: number;
    }
  /** YaRN (Peng et al. 2023, arXiv 2309.00071); `magnitude` multiplies sine and cosine. */
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly original: number;
      readonly magnitude: number;
      /** Whether the ramp's ends are whole dimensions. */
      readonly truncate: boolean;
    }
  /** NTK by length: acts beyond the original context alone, which is where this engine's contexts end. */
  | { readonly kind: 'dynamic'; readonly factor: number };

export interface Rope {
  readonly theta: number;
  readonly scaling: RopeScaling | null;
}

const positive = z.number().positive();
/** `rope_parameters` (Transformers 5) or `rope_scaling`; `type` is what `rope_type` was called before 4.43. */
export const RopeParameters = z.looseObject({
  rope_theta: positive.optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
  factor: positive.nullish(),
  original_max_position_embeddings: positive.nullish(),
  low_freq_factor: positive.nullish(),
  high_freq_factor: positive.nullish(),
  beta_fast: positive.nullish(),
  beta_slow: positive.nullish(),
  attention_factor: positive.nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  truncate: z.boolean().nullish(),
  partial_rotary_factor: positive.nullish(),
});
export type RopeParameters = z.infer<typeof RopeParameters>;

const KINDS: ReadonlySet<string> = new Set(['linear', 'dynamic', 'llama3', 'yarn']);

/** The scaling that config.json asks for, or what is wrong with it as the end of a sentence. */
export function readScaling(given: RopeParameters | undefined, maxPositions: number): RopeScaling | null | string {
  const kind = given?.rope_type ?? given?.type ?? 'default';
  if (given === undefined || kind === 'default') return null;
  if (!KINDS.has(kind)) return `rotary scaling "${kind}" is not supported`;
  const original = given.original_max_position_embeddings ?? maxPositions;
  const factor = given.factor ?? (kind === 'yarn' ? maxPositions / original : undefined);
  if (factor === undefined) return `its rotary scaling "${kind}" has no factor`;
  switch (kind) {
    case 'linear':
    case 'dynamic':
      return { kind, factor };
    case 'llama3': {
      const [low, high] = [given.low_freq_factor ?? 1, given.high_freq_factor ?? 4];
      if (low >= high) return 'the low_freq_factor of its rotary scaling is not below the high_freq_factor';
      return { kind, factor, lowFrequencyFactor: low, highFrequencyFactor: high, original };
    }
    case 'yarn':
      return {
        kind,
        factor,
        betaFast: given.beta_fast ?? 32,
        betaSlow: given.beta_slow ?? 1,
        original,
        magnitude: given.attention_factor ?? magnitudeOf(factor, given.mscale, given.mscale_all_dim),
        truncate: given.truncate ?? true,
      };
    default:
      return `rotary scaling "${kind}" is not supported`;
  }
}

function magnitudeOf(factor: number, scale: number | null | undefined, all: number | null | undefined): number {
  const magnitude = (m: number) => (factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1);
  return scale && all ? magnitude(scale) / magnitude(all) : magnitude(1);
}

/** What config.json says of it, as Transformers before and after version 5 reads it. */
export function formatRope({ theta, scaling }: Rope) {
  return { rope_theta: theta, ...(scaling !== null && { rope_scaling: formatScaling(scaling) }) };
}

function formatScaling(scaling: RopeScaling): RopeParameters {
  const common = { rope_type: scaling.kind, factor: scaling.factor };
  switch (scaling.kind) {
    case 'llama3':
      return {
        ...common,
        low_freq_factor: scaling.lowFrequencyFactor,
        high_freq_factor: scaling.highFrequencyFactor,
        original_max_position_embeddings: scaling.original,
      };
    case 'yarn':
      return {
        ...common,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        attention_factor: scaling.magnitude,
        truncate: scaling.truncate,
        original_max_position_embeddings: scaling.original,
      };
    default:
      return common;
  }
}

/** ωᵢ for i < d/2 */
export function frequencies({ theta, scaling }: Rope, headSize: number): Float64Array {
  const half = headSize / 2;
  const plain = Float64Array.from({ length: half }, (_, i) => theta ** ((-2 * i) / headSize));
  switch (scaling?.kind) {
    case 'linear':
      return plain.map((frequency) => frequency / scaling.factor);
    case 'llama3': {
      const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, original } = scaling;
      return plain.map((frequency) => {
        // how often the pair turns within the original context, placed between low (0) and high (1)
        const turns = (original * frequency) / (2 * Math.PI);
        const kept = clamp01((turns - low) / (high - low));
        return (1 - kept) * (frequency / factor) + kept * frequency;
      });
    }
    case 'yarn': {
      const { factor, betaFast, betaSlow, original, truncate } = scaling;
      const pairOf = (turns: number) => (headSize * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
      const [first, last] = [pairOf(betaFast), pairOf(betaSlow)];
      const from = Math.max(truncate ? Math.floor(first) : first, 0);
      const end = Math.min(truncate ? Math.ceil(last) : last, headSize - 1);
      const width = end === from ? 0.001 : end - from;
      return plain.map((frequency, i) => {
        const stretched = clamp01((i - from) / width);
        return stretched * (frequency / factor) + (1 - stretched) * frequency;
      });
    }
    default:
      return plain;
  }
}

function clamp01(x: number): number {
  return Math.min(1, Math.max(0, x));
}

/** cos and sin of position · ωᵢ, each [positions, d/2]. */
export function rotaryTables(
  { rope, headSize }: Pick<DecoderConfig, 'rope' | 'headSize'>,
  positions: number,
): { cosine: Float32Array; sine: Float32Array } {
  const omega = frequencies(rope, headSize);
  const magnitude = rope.scaling?.kind === 'yarn' ? rope.scaling.magnitude : 1;
  const [cosine, sine] = [new Float32Array(positions * omega.length), new Float32Array(positions * omega.length)];
  for (let position = 0; position < positions; position++) {
    omega.forEach((frequency, i) => {
      const at = position * omega.length + i;
      cosine[at] = magnitude * Math.cos(position * frequency);
      sine[at] = magnitude * Math.sin(position * frequency);
    });
  }
  return { cosine, sine };
}
