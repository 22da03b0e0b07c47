// Writes responses: prompts are computed once (prefill), then every row gets one token per step until it ends or is
// long enough; rows that ended leave the batch, and waiting ones take their places. A row draws from its own random
// stream, so what it says does not depend on the others. The weights are read at every step from the shared model: no
// copy after an update.

import { MerfError } from '../spec/error.ts';
import { PREFILL_SCORES, ROWS_AT_ONCE } from '../spec/memory_estimate.ts';
import { type Random, random } from '../spec/random.ts';
import { compile } from '../tensor/onnxruntime.ts';
import type { Program, Values } from '../tensor/program.ts';
import { causalMask } from './attention.ts';
import { decodeGraph, prefillGraph } from './cached_attention.ts';
import type { DecoderConfig } from './config.ts';
import { KeyValueCache, type PromptCache } from './key_value_cache.ts';
import { type Adapters, modelFeeds } from './lora.ts';
import { rotaryTables } from './rotary.ts';
import { draw, type SamplingOptions } from './sampling.ts';
import { elementTypes, type StoredWeights } from './stored.ts';
import { arrange, pays } from './tiles.ts';

export interface GeneratorOptions {
  readonly threads?: number;
  /** Rows written at the same time; more wait until some have ended. Default 128. */
  readonly rowsAtOnce?: number;
}

export interface GenerateRequest extends SamplingOptions {
  /** Token ids; every prompt has at least one. */
  readonly prompts: readonly (readonly number[])[];
  /** Responses to each prompt: as many for all, or a number for each. Default 1. */
  readonly samplesPerPrompt?: number | readonly number[];
  readonly maxNewTokens: number;
  /** Seeds every row's stream, together with the prompt's and the sample's number. */
  readonly seed: number;
  /** Ids that end a response (and belong to it). Default: the model's. */
  readonly endTokens?: readonly number[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: GenerateProgress) => void;
  /** Told each response as soon as it is written, while others still are; `index` is its place in what is returned. */
  readonly onWritten?: (response: Generated, index: number) => void;
}

export interface GenerateProgress {
  readonly tokens: number;
  readonly rowsDone: number;
  readonly rows: number;
}

export interface Generated {
  /** Index into the request's prompts. */
  readonly prompt: number;
  /** Counts from 0 for each prompt. */
  readonly sample: number;
  /** Ends with an end token when `finishReason` is "stop". */
  readonly tokens: number[];
  /** log π of each token at the temperature. */
  readonly logProbabilities: number[];
  /** Entropy of the distribution each token was drawn from, in nats. */
  readonly entropies: number[];
  readonly finishReason: 'stop' | 'length';
}

export interface Generator {
  /** Responses in the order of the prompts, each prompt's samples together. Throws the signal's reason when aborted. */
  generate(request: GenerateRequest): Promise<Generated[]>;
  dispose(): Promise<void>;
}

interface GenerativeModel {
  readonly config: DecoderConfig;
  readonly weights: StoredWeights;
  readonly adapters?: Adapters | null;
  readonly endTokens?: readonly number[];
  readonly tokenizer?: { readonly size: number };
}

interface Row {
  readonly index: number;
  readonly prompt: number;
  readonly sample: number;
  readonly rng: Random;
  readonly tokens: number[];
  readonly logProbabilities: number[];
  readonly entropies: number[];
  stopped: boolean;
}

/** Waiting rows are let in when so much of the batch is free. */
const FREE = 1 / 8;

export async function createGenerator(model: GenerativeModel, options: GeneratorOptions = {}): Promise<Generator> {
  const { config } = model;
  const [adapters, types] = [model.adapters ?? undefined, elementTypes(model.weights)];
  const prefill = await compile(prefillGraph(config, adapters, types), options);
  const decode = await compile(decodeGraph(config, adapters, types), options);
  const engine = { model, prefill, decode, rowsAtOnce: Math.max(1, options.rowsAtOnce ?? ROWS_AT_ONCE) };
  return {
    generate: async (request) => {
      checkRequest(config, request);
      return generate(engine, request);
    },
    dispose: async () => {
      await prefill.dispose();
      await decode.dispose();
    },
  };
}

interface Engine {
  readonly model: GenerativeModel;
  readonly prefill: Program;
  readonly decode: Program;
  readonly rowsAtOnce: number;
}

function checkRequest(config: DecoderConfig, { prompts, maxNewTokens }: GenerateRequest): void {
  const longest = Math.max(0, ...prompts.map((prompt) => prompt.length));
  if (prompts.some((prompt) => prompt.length === 0)) throw new RangeError('a prompt has no tokens');
  if (longest + maxNewTokens > config.maxPositions) {
    throw new MerfError(
      `A prompt of ${longest} tokens and ${maxNewTokens} new ones exceed the model's context of ${config.maxPositions}.`,
      'Shorten the prompt or ask for fewer new tokens.',
    );
  }
}

async function generate(engine: Engine, request: GenerateRequest): Promise<Generated[]> {
  const { config, tokenizer } = engine.model;
  const { maxNewTokens, signal, prompts, temperature = 1 } = request;
  const endTokens = new Set(request.endTokens ?? engine.model.endTokens ?? config.endTokens);
  const rows = rowsOf(request);
  const table = Math.max(1, ...prompts.map((prompt) => prompt.length)) + maxNewTokens + 1;
  const feeds = { ...modelFeeds(engine.model), ...rotaryTables(config, table) };
  const cache = new KeyValueCache(config);
  const progress = { tokens: 0, rowsDone: 0, rows: rows.length };
  const isDone = (row: Row): boolean => row.stopped || row.tokens.length >= maxNewTokens;
  const waiting = rows.filter((row) => !isDone(row));
  let alive: Row[] = [];
  let buffers = stepBuffers(config, 0);
  const { vocabularySize: vocabulary } = config;
  const usable = Math.min(tokenizer?.size ?? vocabulary, vocabulary);
  const heat = Float32Array.of(temperature);
  for (let ended = true; ; ) {
    if (ended) {
      const free = engine.rowsAtOnce - alive.length;
      const letsIn = waiting.length > 0 && (alive.length === 0 || free >= engine.rowsAtOnce * FREE);
      if (letsIn) {
        alive = [...alive, ...waiting.splice(0, free)];
        await readPrompts(engine, request, { ...feeds }, table, cache, alive);
      }
      if (alive.length === 0) break;
      const next = arrange(alive.map(({ index, prompt }) => ({ row: index, prompt })));
      if (letsIn || pays(cache.layout, next)) {
        cache.move(next);
        buffers = stepBuffers(config, next.rows.length);
      }
    }
    signal?.throwIfAborted();
    const { rows: places, width } = cache.layout;
    const { keyValueHeads: K } = config;
    places.forEach((index, place) => {
      const row = rows[Math.max(index, 0)];
      const prompt = prompts[row?.prompt ?? 0];
      buffers.tokens[place] = row?.tokens.at(-1) ?? prompt?.at(-1) ?? 0;
      const position = (prompt?.length ?? 1) - 1 + cache.lengthAt(place);
      const first = Math.floor(place / width) * K * width + (place % width);
      for (let head = 0; head < K; head++) buffers.positions[first + head * width] = position;
    });
    const outputs = await engine.decode.run(
      { ...feeds, ...cache.feeds, ...buffers, temperature: heat },
      {},
      { ...cache.sizes, table },
    );
    const { probabilities, part_sums: sums, entropies } = outputs;
    if (!(probabilities instanceof Float32Array) || !(sums instanceof Float32Array) || entropies === undefined) {
      throw new RangeError('no probabilities');
    }
    ended = false;
    const kept: number[] = [];
    for (let place = 0; place < places.length; place++) {
      const row = rows[places[place] ?? -1];
      if (row === undefined || isDone(row)) continue;
      const token = draw({ probabilities, sums, vocabulary }, place, usable, request, row.rng);
      row.tokens.push(token);
      row.logProbabilities.push(Math.log(probabilities[place * vocabulary + token] ?? 0));
      row.entropies.push(entropies[place] ?? 0);
      row.stopped = endTokens.has(token);
      kept.push(place);
      progress.tokens++;
      if (isDone(row)) {
        ended = true;
        progress.rowsDone++;
        request.onWritten?.(generatedOf(row), row.index);
      }
    }
    cache.append(kept, outputs);
    if (ended) alive = alive.filter((row) => !isDone(row));
    request.onProgress?.(progress);
  }
  return rows.map(generatedOf);
}

function generatedOf({ prompt, sample, tokens, logProbabilities, entropies, stopped }: Row): Generated {
  return { prompt, sample, tokens, logProbabilities, entropies, finishReason: stopped ? 'stop' : 'length' };
}

/** Every row that is asked for, in the order of the prompts. */
function rowsOf({ prompts, samplesPerPrompt = 1, seed }: GenerateRequest): Row[] {
  const wanted = prompts.flatMap((_, prompt) => {
    const count = typeof samplesPerPrompt === 'number' ? samplesPerPrompt : (samplesPerPrompt[prompt] ?? 0);
    return Array.from({ length: count }, (_, sample) => ({ prompt, sample }));
  });
  return wanted.map(({ prompt, sample }, index) => ({
    ...{ index, prompt, sample, stopped: false },
    rng: random(seed, `prompt ${prompt} sample ${sample}`),
    ...{ tokens: [], logProbabilities: [], entropies: [] },
  }));
}

/** Computes the keys and values of those of the rows' prompts that the cache does not have. */
async function readPrompts(
  { prefill, model: { config } }: Engine,
  { prompts }: GenerateRequest,
  feeds: Values,
  table: number,
  cache: KeyValueCache,
  rows: readonly Row[],
): Promise<void> {
  const missing = [...new Set(rows.map(({ prompt }) => prompt))].filter((prompt) => !cache.has(prompt));
  for (let done = 0; done < missing.length; ) {
    // the last prompt token is the first input of decoding, so the prefill ends before it
    const lengthOf = (prompt: number) => Math.max(1, (prompts[prompt]?.length ?? 1) - 1);
    const numbers = missing.slice(done, done + prefillAtOnce(config, missing.slice(done).map(lengthOf)));
    done += numbers.length;
    const given = numbers.map((prompt) => prompts[prompt] ?? []);
    const length = Math.max(...numbers.map(lengthOf));
    const tokens = new Int32Array(given.length * length);
    given.forEach((prompt, i) => {
      tokens.set(prompt.slice(0, -1), i * length);
    });
    const positions = tokens.map((_, i) => i % length);
    const outputs = await prefill.run(
      { ...feeds, tokens, positions, mask: causalMask(length) },
      {},
      { prompts: given.length, length, table },
    );
    const floats: PromptCache = Object.fromEntries(
      Object.entries(outputs).flatMap(([name, data]) => (data instanceof Float32Array ? [[name, data]] : [])),
    );
    cache.addPrompts(
      numbers,
      floats,
      given.map((prompt) => prompt.length - 1),
      length,
    );
  }
}

/** How many of the next prompts are computed together: whole products, but no more scores than PREFILL_SCORES. */
function prefillAtOnce({ heads }: DecoderConfig, lengths: readonly number[]): number {
  let longest = 0;
  const end = lengths.findIndex((length, i) => {
    longest = Math.max(longest, length);
    return i > 0 && (i + 1) * heads * longest ** 2 > PREFILL_SCORES;
  });
  return end === -1 ? lengths.length : end;
}

/** The arrays of a decoding step, reused until the layout changes. */
function stepBuffers({ keyValueHeads }: DecoderConfig, rows: number) {
  return { tokens: new Int32Array(rows), positions: new Int32Array(rows * keyValueHeads) };
}
