// generation_config.json: how a model's makers want it sampled, and which tokens end a response.
// https://huggingface.co/docs/transformers/main_classes/text_generation. Left out: beams, penalties, constraints.

import { z } from 'zod';
import { MerfError } from '../spec/error.ts';

export interface GenerationDefaults {
  readonly endTokens: readonly number[];
  /** False: the most likely token is taken. */
  readonly sample: boolean;
  readonly temperature: number;
  /** 0: all tokens. */
  readonly topK: number;
  /** 1: all tokens. */
  readonly topP: number;
}

/** Where there is no such file. */
export const STANDARD_GENERATION: GenerationDefaults = {
  endTokens: [],
  sample: false,
  temperature: 1,
  topK: 0,
  topP: 1,
};

const id = z.number().int().nonnegative();
const GenerationJson = z.looseObject({
  eos_token_id: z.union([id, z.array(id)]).nullish(),
  do_sample: z.boolean().nullish(),
  temperature: z.number().nonnegative().nullish(),
  top_k: z.number().int().nonnegative().nullish(),
  top_p: z.number().positive().max(1).nullish(),
});

export function parseGenerationConfig(json: unknown, where: string): GenerationDefaults {
  const parsed = GenerationJson.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const what = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}`;
    throw new MerfError(`${where} is not readable (${what}).`, 'Correct or remove it, or download the model again.');
  }
  const { eos_token_id, do_sample, temperature, top_k, top_p } = parsed.data;
  return {
    endTokens: [eos_token_id ?? []].flat(),
    sample: (do_sample ?? false) && temperature !== 0,
    temperature: temperature || 1,
    topK: top_k ?? 0,
    topP: top_p ?? 1,
  };
}
