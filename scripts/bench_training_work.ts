// What both trainers of `npm run bench:training` work on: a random model in Hugging Face's layout whose tokenizer makes
// one token of each letter, prompts of a given length, and a .merf file with the rule that bench_training.py has too.
// In the model of a setting whose lengths vary, the end token has a constant chance at every place, so that most
// responses are short and a few reach the limit: the bias of the last layer's values puts one direction into the
// residual stream, and the end token's embedding lies in it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecoderConfig } from '../src/model/config.ts';
import { saveModel } from '../src/model/folder.ts';
import { initialise } from '../src/model/initialise.ts';
import { EMBEDDING, layerName, type Weights } from '../src/model/weights.ts';
import { random } from '../src/spec/random.ts';

export interface Setting {
  readonly name: string;
  readonly size: ModelSize;
  readonly prompts: number;
  readonly group: number;
  readonly promptTokens: number;
  /** The limit; where `ends` is null, every response is so long. */
  readonly newTokens: number;
  /** The chance that a response ends at a token. */
  readonly ends: number | null;
}

export type ModelSize = keyof typeof SIZES;

const common = {
  architecture: 'Qwen2ForCausalLM',
  attentionBias: 'qkv',
  rmsNormEpsilon: 1e-6,
  rope: { theta: 10_000, scaling: null },
  tiedEmbeddings: true,
  maxPositions: 2048,
  endTokens: [0],
} as const;

/** 0.85, 3.4 and 12 million parameters. */
export const SIZES = {
  tiny: {
    ...common,
    ...{ vocabularySize: 512, hiddenSize: 128, layers: 4, heads: 4, keyValueHeads: 2, headSize: 32 },
    intermediateSize: 384,
  },
  small: {
    ...common,
    ...{ vocabularySize: 1024, hiddenSize: 256, layers: 4, heads: 4, keyValueHeads: 2, headSize: 64 },
    intermediateSize: 768,
  },
  medium: {
    ...common,
    ...{ vocabularySize: 4096, hiddenSize: 384, layers: 6, heads: 6, keyValueHeads: 2, headSize: 64 },
    intermediateSize: 1152,
  },
} as const satisfies Record<string, DecoderConfig>;

export interface Work {
  readonly setting: Setting;
  /** The model's. */
  readonly folder: string;
  /** The .merf file. */
  readonly file: string;
  readonly prompts: readonly string[];
}

/** Writes a setting's model, its rows and its .merf file into a folder. */
export function writeWork(folder: string, setting: Setting): Work {
  const config: DecoderConfig = SIZES[setting.size];
  const model = join(folder, 'model');
  mkdirSync(model, { recursive: true });
  const weights = initialise(config, 1);
  if (setting.ends !== null) endAtTheRate(config, weights, setting.ends);
  saveModel(model, { config, weights });
  const json = (path: string, value: unknown): void => writeFileSync(join(model, path), JSON.stringify(value));
  json('tokenizer.json', tokenizerOf(config.vocabularySize));
  json('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast', eos_token: END, pad_token: PAD });
  writeFileSync(join(model, 'chat_template.jinja'), '{% for m in messages %}{{ m.content }}{% endfor %}');
  const rng = random(1, 'prompts');
  const letter = (): string => LETTERS[rng.below(LETTERS.length)] ?? '';
  const prompts = Array.from({ length: setting.prompts }, () =>
    Array.from({ length: setting.promptTokens }, letter).join(''),
  );
  const rows = prompts.map((prompt) => JSON.stringify({ prompt, split: 'train' }));
  writeFileSync(join(folder, 'rows.jsonl'), [...rows, JSON.stringify({ prompt: 'a', split: 'test' }), ''].join('\n'));
  const file = join(folder, 'bench.merf');
  writeFileSync(file, specification(setting));
  return { setting, folder: model, file, prompts };
}

function specification({ prompts, group, newTokens }: Setting): string {
  return `experiment bench
task jsonl("rows.jsonl", split: "split")
prompt { user "{prompt}" }
response {}
reward {
  rule letters "Letters" {
    +clamp(occurrences(response, "e") / max(1, length(response)), 0, 1) when true : "the more e the better"
    0 otherwise : "none"
  }
}
arm plain { motivation none }
train {
  model "./model"  algorithm grpo
  steps 1000  prompts ${prompts}  group ${group}  max_response ${newTokens}
  learning_rate 1e-5  clip 0.2  kl 0  temperature 1.0  seeds 1
}
`;
}

const [END, PAD] = ['<|end|>', '<|pad|>'];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Bytes, then pairs of letters that no text is cut into; the end token is 0. */
function tokenizerOf(size: number): unknown {
  const special = [END, PAD].map((content, id) => ({ id, content, special: true, normalized: false }));
  const pairs = Array.from(LETTERS, (a) => Array.from(LETTERS, (b) => a + b)).flat();
  const triples = pairs.flatMap((pair) => Array.from(LETTERS, (c) => pair + c));
  const pieces = [END, PAD, ...bytesAsCharacters(), ...pairs, ...triples].slice(0, size);
  return {
    version: '1.0',
    added_tokens: special.map((token) => ({ single_word: false, lstrip: false, rstrip: false, ...token })),
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    normalizer: null,
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])), merges: [] },
  };
}

/** GPT-2's names of the 256 bytes: printable ones are themselves. */
function bytesAsCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** Gives the end token a constant chance. */
function endAtTheRate(config: DecoderConfig, weights: Weights, rate: number): void {
  const { hiddenSize: d, heads, keyValueHeads, headSize, vocabularySize, layers } = config;
  const part = (name: string): Float32Array => weights.get(name)?.data ?? new Float32Array();
  const bias = part(layerName(layers - 1, 'self_attn.v_proj.bias'));
  const out = part(layerName(layers - 1, 'self_attn.o_proj.weight'));
  const rng = random(1, 'direction');
  const drawn = bias.map(() => rng.normal());
  const perKey = heads / keyValueHeads;
  const direction = Float64Array.from({ length: d }, (_, o) => {
    let sum = 0;
    for (let i = 0; i < heads * headSize; i++) {
      const value = drawn[Math.floor(i / headSize / perKey) * headSize + (i % headSize)] ?? 0;
      sum += value * (out[o * heads * headSize + i] ?? 0);
    }
    return sum;
  });
  const length = Math.hypot(...direction);
  // far longer than what the blocks add, so that the normed hidden state is almost the direction alone
  bias.set(drawn.map((x) => (x * 8 * Math.sqrt(d)) / length));
  const logit = Math.log((rate / (1 - rate)) * (vocabularySize - 1));
  part(EMBEDDING).set(direction.map((x) => (x / length / Math.sqrt(d)) * logit));
}
