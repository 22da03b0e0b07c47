// Adapters on disk in PEFT's format: adapter_config.json and adapter_model.safetensors, whose tensors are named
// base_model.model.<map>.lora_A.weight. https://huggingface.co/docs/peft. What this engine cannot apply exactly
// (DoRA, other ranks for some layers, trained biases or embeddings) is refused.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { LORA_MODULES } from '../spec/lora.ts';
import { sameShape } from '../tensor/shape.ts';
import type { DecoderConfig } from './config.ts';
import { type Adapters, adapterShapes, MAP_OF } from './lora.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Weights } from './weights.ts';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';
const PREFIX = 'base_model.model.';

const pattern = z.record(z.string(), z.unknown()).nullish();
const AdapterConfig = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).max(1).default(0),
  bias: z.string().default('none'),
  use_dora: z.boolean().nullish(),
  use_rslora: z.boolean().nullish(),
  use_qalora: z.boolean().nullish(),
  alora_invocation_tokens: z.unknown().optional(),
  rank_pattern: pattern,
  alpha_pattern: pattern,
  modules_to_save: z.array(z.string()).nullish(),
});
type AdapterConfig = z.infer<typeof AdapterConfig>;

/** Whether the folder holds adapters and no model of its own. */
export function isAdapterFolder(folder: string): boolean {
  return existsSync(join(folder, CONFIG)) && !existsSync(join(folder, 'config.json'));
}

/** The model the adapters were trained on, as their folder names it; null: it does not say. */
export function baseOfAdapters(folder: string): string | null {
  return readConfig(folder).base_model_name_or_path ?? null;
}

/** Writes the adapters of a model; `base` is where PEFT finds that model. */
export function saveAdapters(folder: string, adapters: Adapters, base: string): void {
  mkdirSync(folder, { recursive: true });
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: adapters.rank,
    lora_alpha: adapters.alpha,
    lora_dropout: adapters.dropout,
    target_modules: adapters.modules,
    use_rslora: adapters.rankStabilised,
    use_dora: false,
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    inference_mode: true,
    modules_to_save: null,
    rank_pattern: {},
    alpha_pattern: {},
  };
  writeFileSync(join(folder, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
  const named = new Map([...adapters.weights].map(([name, parameter]) => [`${PREFIX}${name}`, parameter]));
  writeSafetensors(join(folder, WEIGHTS), named);
}

/** Reads the adapters for a model of that shape. @throws MerfError where they are not for it or cannot be applied. */
export function openAdapters(folder: string, config: DecoderConfig): Adapters {
  const settings = readConfig(folder);
  const refusal =
    (settings.peft_type !== 'LORA' && `they are of type ${settings.peft_type}, not LORA`) ||
    (settings.use_dora && 'they are of the kind DoRA') ||
    (settings.use_qalora && 'they are of the kind QALoRA') ||
    (settings.alora_invocation_tokens && 'they act only after certain tokens') ||
    (settings.bias !== 'none' && 'they train biases too') ||
    (isPattern(settings.rank_pattern) && 'their layers have different ranks') ||
    (isPattern(settings.alpha_pattern) && 'their layers have different alphas') ||
    ((settings.modules_to_save ?? []).length > 0 && `they hold whole layers (${settings.modules_to_save})`);
  if (refusal) throw new MerfError(`The adapters in ${folder} cannot be applied: ${refusal}.`, MERGE_REMEDY);
  const tensors = new Map(
    [...readSafetensors(join(folder, WEIGHTS))].map(([name, parameter]) => [name.replace(PREFIX, ''), parameter]),
  );
  const modules = LORA_MODULES.filter((module) =>
    [...tensors.keys()].some((name) => name.includes(`.${MAP_OF[module]}.lora_A.`)),
  );
  const shape = {
    rank: settings.r,
    alpha: settings.lora_alpha,
    rankStabilised: settings.use_rslora ?? false,
    modules,
  };
  const weights: Weights = new Map();
  for (const [name, wanted] of adapterShapes(config, shape)) {
    const parameter = tensors.get(name);
    if (parameter === undefined || !sameShape(parameter.shape, wanted)) {
      const found = parameter === undefined ? 'is missing' : `has shape [${parameter.shape.join(', ')}]`;
      throw new MerfError(
        `The adapters in ${folder} do not fit the model: "${name}" ${found}, and [${wanted.join(', ')}] is needed.`,
        'Name the model they were trained on.',
      );
    }
    weights.set(name, parameter);
    tensors.delete(name);
  }
  const [other] = tensors.keys();
  if (other !== undefined) {
    throw new MerfError(`The adapters in ${folder} cannot be applied: they adapt "${other}".`, MERGE_REMEDY);
  }
  return { ...shape, dropout: settings.lora_dropout, weights };
}

const MERGE_REMEDY = 'Merge them into their model with PEFT (merge_and_unload), and open the merged model.';

function isPattern(value: AdapterConfig['rank_pattern']): boolean {
  return Object.keys(value ?? {}).length > 0;
}

function readConfig(folder: string): AdapterConfig {
  const path = join(folder, CONFIG);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new MerfError(`${path} cannot be read as JSON.`, 'Copy the adapters again.', { cause: error });
  }
  const parsed = AdapterConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const what = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}`;
  throw new MerfError(`${path} is not a configuration of adapters (${what}).`, 'Copy the adapters again.');
}
