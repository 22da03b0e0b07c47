// A model folder in Hugging Face layout, opened and saved: config.json, *.safetensors (one file, or shards with an
// index), tokenizer.json, tokenizer_config.json and a chat template. Everything that is missing or does not fit is
// said in one sentence. Left out: downloading (a hub id), adapters.

import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { type ChatTemplate, createChatTemplate } from './chat_template.ts';
import { type DecoderConfig, formatConfig, parseConfig } from './config.ts';
import { readSafetensors, type StorageType, writeSafetensors } from './safetensors.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { type Parameter, selectWeights, type Weights } from './weights.ts';

export interface Model {
  readonly folder: string;
  readonly config: DecoderConfig;
  readonly tokenizer: Tokenizer;
  readonly chatTemplate: ChatTemplate;
  /** Shared by whoever trains and whoever generates. */
  readonly weights: Weights;
  /** Tokens that end a response: the configuration's and the tokenizer's. */
  readonly endTokens: readonly number[];
  /** SHA-256 of the weights as opened, in hexadecimal. */
  readonly hash: string;
}

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'];

/** Throws MerfError when the folder, a file or a tensor is missing or wrong. */
export async function openModel(folder: string): Promise<Model> {
  if (!existsSync(folder)) {
    throw new MerfError(
      `There is no model folder at ${folder}.`,
      'Give a folder with config.json, model.safetensors and tokenizer.json, or use "bundled:tiny".',
    );
  }
  const configPath = join(folder, 'config.json');
  const config = parseConfig(readJson(configPath), configPath);
  const tokenizerPath = join(folder, 'tokenizer.json');
  const tokenizerConfig = existsSync(join(folder, 'tokenizer_config.json'))
    ? readJson(join(folder, 'tokenizer_config.json'))
    : {};
  const tokenizer = createTokenizer(readJson(tokenizerPath), tokenizerConfig, tokenizerPath);
  if (tokenizer.size > config.vocabularySize) {
    throw new MerfError(
      `The tokenizer in ${folder} has ${tokenizer.size} tokens and the model ${config.vocabularySize}.`,
      'Use the tokenizer that belongs to the model.',
    );
  }
  const weights = selectWeights(config, readWeights(folder), folder);
  return {
    folder,
    config,
    tokenizer,
    chatTemplate: readChatTemplate(folder, tokenizerConfig),
    weights,
    endTokens: [...new Set([...config.endTokens, ...tokenizer.endTokens])],
    hash: hashWeights(weights),
  };
}

/** Writes a model folder; `tokenizerFrom` is the folder whose tokenizer files are copied. */
export function saveModel(
  folder: string,
  model: { readonly config: DecoderConfig; readonly weights: Weights },
  { tokenizerFrom, type = 'F32' }: { readonly tokenizerFrom?: string; readonly type?: StorageType } = {},
): void {
  mkdirSync(folder, { recursive: true });
  if (tokenizerFrom !== undefined && tokenizerFrom !== folder) {
    for (const name of TOKENIZER_FILES) {
      if (existsSync(join(tokenizerFrom, name))) copyFileSync(join(tokenizerFrom, name), join(folder, name));
    }
  }
  const dtype = ({ F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const)[type];
  replaceFile(join(folder, 'config.json'), `${JSON.stringify(formatConfig(model.config, dtype), null, 2)}\n`);
  writeSafetensors(join(folder, WEIGHTS), model.weights, { type });
}

/** SHA-256 over names, shapes and float32 values. */
export function hashWeights(weights: Weights): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of weights) {
    hash.update(`${name} ${shape.join(',')}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function readWeights(folder: string): Map<string, Parameter> {
  const single = join(folder, WEIGHTS);
  if (existsSync(single)) return readSafetensors(single);
  const indexPath = join(folder, INDEX);
  if (!existsSync(indexPath)) {
    throw new MerfError(`There is no ${WEIGHTS} in ${folder}.`, 'Download the model in safetensors format.');
  }
  const index = z.object({ weight_map: z.record(z.string(), z.string()) }).safeParse(readJson(indexPath));
  if (!index.success) throw new MerfError(`${indexPath} is not a shard index.`, 'Download the model again.');
  const shards = [...new Set(Object.values(index.data.weight_map))].sort();
  return new Map(
    shards.flatMap((shard) => {
      const path = join(folder, shard);
      if (dirname(path) !== dirname(indexPath) || !existsSync(path)) {
        throw new MerfError(`The shard ${shard} is not in ${folder}.`, 'Download the model again.');
      }
      return [...readSafetensors(path)];
    }),
  );
}

function readChatTemplate(folder: string, tokenizerConfig: unknown): ChatTemplate {
  const path = join(folder, 'chat_template.jinja');
  if (existsSync(path)) return createChatTemplate(readFileSync(path, 'utf8'), path);
  const inConfig = z.object({ chat_template: z.string() }).safeParse(tokenizerConfig);
  return createChatTemplate(
    inConfig.success ? inConfig.data.chat_template : undefined,
    `The chat template in ${folder}`,
  );
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
