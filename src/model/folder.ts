// A model folder in Hugging Face layout, opened and saved: config.json, *.safetensors (one file, or shards with an
// index), generation_config.json, tokenizer.json, tokenizer_config.json and a chat template. Everything that is missing
// or does not fit is said in one sentence. Left out: downloading (a hub id); adapters (adapter_folder.ts).

import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { size } from '../tensor/shape.ts';
import { type ChatTemplate, createChatTemplate } from './chat_template.ts';
import { type DecoderConfig, type DtypeName, formatConfig, parseConfig } from './config.ts';
import { type GenerationDefaults, parseGenerationConfig, STANDARD_GENERATION } from './generation_config.ts';
import type { Adapters } from './lora.ts';
import {
  listSafetensors,
  readRounded,
  readSafetensors,
  readStored,
  type StorageType,
  writeSafetensors,
} from './safetensors.ts';
import { hashWeights, type StoredParameter, type StoredWeights } from './stored.ts';
import { createTokenizer, namedTokens, type Tokenizer } from './tokenizer.ts';
import { parameterShapes, selectWeights, type Weights } from './weights.ts';

/** `Kept`: how the weights are in memory; only those that are float32 can be trained. */
export interface Model<Kept extends StoredWeights = StoredWeights> {
  readonly folder: string;
  readonly config: DecoderConfig;
  readonly tokenizer: Tokenizer;
  readonly chatTemplate: ChatTemplate;
  /** Shared by whoever trains and whoever generates. */
  readonly weights: Kept;
  /** Trained in place of the weights, and added to what these compute; null or left out: none. */
  readonly adapters?: Adapters | null;
  /** How its makers want it sampled. */
  readonly generation: GenerationDefaults;
  /** Tokens that end a response: those of generation_config.json, config.json and the tokenizer. */
  readonly endTokens: readonly number[];
  /** SHA-256 of the weights as opened, in hexadecimal. */
  readonly hash: string;
}

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const CONFIG = 'config.json';
const GENERATION = 'generation_config.json';
const TOKENIZER_CONFIG = 'tokenizer_config.json';
const TEMPLATE = 'chat_template.jinja';
/** Files beside weights and config.json that make a folder whole, for this engine and for others. */
const COMPANIONS = [
  'tokenizer.json',
  TOKENIZER_CONFIG,
  TEMPLATE,
  GENERATION,
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
];

/** The model with float32 weights. Throws MerfError when the folder, a file or a tensor is missing or wrong. */
export async function openModel(folder: string): Promise<Model<Weights>> {
  return open(folder, readSafetensors);
}

/**
 * The same with matrices as their file has them, or float32 ones rounded to bfloat16: for what trains none of them, in half
 * the memory.
 */
export async function openStoredModel(folder: string, kept: 'stored' | 'bfloat16' = 'stored'): Promise<Model> {
  return open(folder, kept === 'bfloat16' ? readRounded : readStored);
}

type Read<P> = (path: string, wanted: (name: string) => boolean) => Map<string, P>;

async function open<P extends StoredParameter>(folder: string, read: Read<P>): Promise<Model<Map<string, P>>> {
  if (!existsSync(folder)) {
    throw new MerfError(
      `There is no model folder at ${folder}.`,
      'Give a folder with config.json, model.safetensors and tokenizer.json, or use "bundled:tiny".',
    );
  }
  const configPath = join(folder, CONFIG);
  const config = parseConfig(readJson(configPath), configPath);
  const tokenizer = readTokenizer(folder);
  if (tokenizer.size > config.vocabularySize) {
    throw new MerfError(
      `The tokenizer in ${folder} has ${tokenizer.size} tokens and the model ${config.vocabularySize}.`,
      'Use the tokenizer that belongs to the model.',
    );
  }
  const generationPath = join(folder, GENERATION);
  const generation = existsSync(generationPath)
    ? parseGenerationConfig(readJson(generationPath), generationPath)
    : STANDARD_GENERATION;
  const shapes = parameterShapes(config);
  const weights = selectWeights(
    config,
    readWeights(folder, read, (name) => shapes.has(name)),
    folder,
  );
  return {
    folder,
    config,
    tokenizer,
    chatTemplate: readChatTemplate(folder),
    weights,
    generation,
    endTokens: [...new Set([...generation.endTokens, ...config.endTokens, ...tokenizer.endTokens])],
    hash: hashWeights(weights),
  };
}

/** Writes a model folder; `from` is the folder the model comes from, whose tokenizer and other files are kept. */
export function saveModel(
  folder: string,
  model: { readonly config: DecoderConfig; readonly weights: StoredWeights },
  { from, type = 'F32' }: { readonly from?: string; readonly type?: StorageType } = {},
): void {
  mkdirSync(folder, { recursive: true });
  const dtype = ({ F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const)[type];
  if (from !== undefined && from !== folder) {
    for (const name of COMPANIONS) {
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(folder, name));
    }
  }
  const config = originalConfig(from, model.config, dtype) ?? formatConfig(model.config, dtype);
  replaceFile(join(folder, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
  writeSafetensors(join(folder, WEIGHTS), model.weights, { type });
}

/** The config.json of the folder a model came from, with another element type; null: it describes another model. */
function originalConfig(folder: string | undefined, config: DecoderConfig, dtype: DtypeName): object | null {
  const path = folder === undefined ? undefined : join(folder, CONFIG);
  if (path === undefined || !existsSync(path)) return null;
  const json = readJson(path);
  if (!isDeepStrictEqual(parseConfig(json, path), config)) return null;
  const { torch_dtype: _, dtype: __, ...rest } = z.looseObject({}).parse(json);
  // the name that every version of Transformers reads
  return { ...rest, torch_dtype: dtype };
}

/** The element type most of a folder's weights are stored in. */
export function storageTypeOf(folder: string): StorageType {
  const counts = new Map<StorageType, number>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.safetensors'))) {
    for (const { type, shape } of listSafetensors(join(folder, name)).values()) {
      if (type === 'F32' || type === 'F16' || type === 'BF16') counts.set(type, (counts.get(type) ?? 0) + size(shape));
    }
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'F32';
}

function readWeights<P>(folder: string, read: Read<P>, wanted: (name: string) => boolean): Map<string, P> {
  const single = join(folder, WEIGHTS);
  if (existsSync(single)) return read(single, wanted);
  const indexPath = join(folder, INDEX);
  if (!existsSync(indexPath)) {
    throw new MerfError(`There is no ${WEIGHTS} in ${folder}.`, 'Download the model in safetensors format.');
  }
  const index = z.object({ weight_map: z.record(z.string(), z.string()) }).safeParse(readJson(indexPath));
  if (!index.success) throw new MerfError(`${indexPath} is not a shard index.`, 'Download the model again.');
  const shardOf = new Map(Object.entries(index.data.weight_map));
  const shards = [...new Set([...shardOf].flatMap(([name, shard]) => (wanted(name) ? [shard] : [])))].sort();
  return new Map(
    shards.flatMap((shard) => {
      const path = join(folder, shard);
      if (dirname(path) !== dirname(indexPath) || !existsSync(path)) {
        throw new MerfError(`The shard ${shard} is not in ${folder}.`, 'Download the model again.');
      }
      return [...read(path, (name) => wanted(name) && shardOf.get(name) === shard)];
    }),
  );
}

/** A folder's tokenizer, without the weights. */
export function readTokenizer(folder: string): Tokenizer {
  const path = join(folder, 'tokenizer.json');
  return createTokenizer(readJson(path), readTokenizerConfig(folder), path);
}

const Named = z.object({ name: z.string(), template: z.string() });
const WithTemplate = z.object({ chat_template: z.union([z.string(), z.array(Named)]) });

/** A folder's chat template, without the weights. */
export function readChatTemplate(folder: string): ChatTemplate {
  const settings = readTokenizerConfig(folder);
  const variables = namedTokens(settings);
  const path = join(folder, TEMPLATE);
  if (existsSync(path)) return createChatTemplate(readFileSync(path, 'utf8'), path, { variables });
  const found = WithTemplate.safeParse(settings);
  const given = found.success ? found.data.chat_template : undefined;
  const source =
    typeof given === 'object' ? (given.find(({ name }) => name === 'default') ?? given[0])?.template : given;
  return createChatTemplate(source, `The chat template in ${folder}`, { variables });
}

function readTokenizerConfig(folder: string): unknown {
  const path = join(folder, TOKENIZER_CONFIG);
  return existsSync(path) ? readJson(path) : {};
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new MerfError(`${path} cannot be read.`, 'Give a folder that holds a whole model.', { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MerfError(`${path} is not JSON.`, 'Download the model again.', { cause: error });
  }
}

function replaceFile(path: string, content: string): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, content);
  const file = openSync(temporary, 'r+');
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}
