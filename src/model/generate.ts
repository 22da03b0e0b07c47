// Writes responses: prompts are computed once (prefill), then every row gets some tokens per run of the engine until it
// ends or is long enough; rows that ended leave the batch, and waiting ones take their places. What a row got after its
// end is forgotten. A row draws from its own random stream, so what it says does not depend on the others. The weights
// are read at every run from the shared model: no copy after an update.

import { MerfError } from '../spec/error.ts';
import { PREFILL_SCORES, ROWS_AT_ONCE } from '../spec/memory_estimate.ts';
import { type Random, random } from '../spec/random.ts';
import type { TensorData } from '../tensor/graph.ts';
import { compile } from '../tensor/onnxruntime.ts';
import type { Program, Values } from '../tensor/program.ts';
import { causalMask } from './attention.ts';
import { cacheNames, type DecodeOptions, decodeGraph, prefillGraph } from './cached_attention.ts';
import type { DecoderConfig } from './config.ts';
import { KeyValueCache, type PromptCache } from './key_value_cache.ts';
import { type Adapters, modelFeeds } from './lora.ts';
import { rotaryTables } from './rotary.ts';
import { draw, drawsFromAll, type SamplingOptions } from './sampling.ts';
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
/** Tokens of a row in one run of the engine: each run is a call, and copies what it gives. */
const TURNS = 8;

export async function createGenerator(model: GenerativeModel, options: GeneratorOptions = {}): Promise<Generator> {
  const { config, tokenizer } = model;
  const [adapters, types] = [model.adapters ?? undefined, elementTypes(model.weights)];
  const usable = Math.min(tokenizer?.size ?? config.vocabularySize, config.vocabularySize);
  const prefill = await compile(prefillGraph(config, adapters, types), options);
  const decoders = new Map<Draw, Promise<Program>>();
  const decoder = (draw: Draw): Promise<Program> => {
    const known = decoders.get(draw);
    if (known !== undefined) return known;
    const { graph, repetition } = decodeGraph(config, { adapters, types, usable, draw });
    const made = compile(graph, { ...options, repetition });
    decoders.set(draw, made);
    return made;
  };
  const engine = { model, usable, prefill, decoder, rowsAtOnce: Math.max(1, options.rowsAtOnce ?? ROWS_AT_ONCE) };
  return {
    generate: async (request) => {
      checkRequest(config, request);
      return generate(engine, request);
    },
    dispose: async () => {
      await prefill.dispose();
      for (const program of decoders.values()) await (await program).dispose();
    },
  };
}

type Draw = DecodeOptions['draw'];

interface Engine {
  readonly model: GenerativeModel;
  /** How many of the vocabulary's first tokens may be drawn. */
  readonly usable: number;
  readonly prefill: Program;
  /** The program that decodes, made when it is first asked for. */
  readonly decoder: (draw: Draw) => Promise<Program>;
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
  const { config } = engine.model;
  const { maxNewTokens, signal, prompts } = request;
  const endTokens = new Set(request.endTokens ?? engine.model.endTokens ?? config.endTokens);
  const rows = rowsOf(request);
  const table = Math.max(1, ...prompts.map((prompt) => prompt.length)) + maxNewTokens + TURNS;
  const feeds = { ...modelFeeds(engine.model), ...rotaryTables(config, table) };
  const cache = new KeyValueCache(config);
  const progress = { tokens: 0, rowsDone: 0, rows: rows.length };
  const isDone = (row: Row): boolean => row.stopped || row.tokens.length >= maxNewTokens;
  const waiting = rows.filter((row) => !isDone(row));
  let alive: Row[] = [];
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
      if (letsIn || pays(cache.layout, next)) cache.move(next);
    }
    signal?.throwIfAborted();
    const longest = Math.max(...alive.map(({ tokens }) => maxNewTokens - tokens.length));
    const places = Array.from(cache.layout.rows, (index) => {
      const row = rows[index];
      return row === undefined || isDone(row) ? undefined : row;
    });
    const written = await write(engine, request, { feeds, table, cache }, places, Math.min(TURNS, longest));
    ended = false;
    const kept: number[] = [];
    places.forEach((row, place) => {
      if (row === undefined) return;
      for (let t = 0; t < written.turns && !isDone(row); t++) {
        const at = t * places.length + place;
        const token = written.tokens[at] ?? 0;
        row.tokens.push(token);
        row.logProbabilities.push(written.logProbabilities[at] ?? 0);
        row.entropies.push(written.entropies[at] ?? 0);
        row.stopped = endTokens.has(token);
        progress.tokens++;
      }
      if (!isDone(row)) kept.push(place);
      else {
        ended = true;
        progress.rowsDone++;
        request.onWritten?.(generatedOf(row), row.index);
      }
    });
    cache.append(kept, written.outputs, written.turns);
    if (ended) alive = alive.filter((row) => !isDone(row));
    request.onProgress?.(progress);
  }
  return rows.map(generatedOf);
}

interface Context {
  /** Weights and rotary tables. */
  readonly feeds: Values;
  /** Positions in those tables. */
  readonly table: number;
  readonly cache: KeyValueCache;
}

interface Written {
  readonly turns: number;
  /** [turns, rows], each */
  readonly tokens: ArrayLike<number>;
  readonly logProbabilities: ArrayLike<number>;
  readonly entropies: ArrayLike<number>;
  /** The new keys and values among them. */
  readonly outputs: Record<string, TensorData>;
}

/** Up to `most` next tokens of the row at each place; where there is none, of nothing that counts. */
async function write(
  engine: Engine,
  request: GenerateRequest,
  { feeds, table, cache }: Context,
  rows: readonly (Row | undefined)[],
  most: number,
): Promise<Written> {
  const { keyValueHeads: K, layers, vocabularySize: vocabulary } = engine.model.config;
  const isInside = drawsFromAll(request);
  const turns = isInside ? most : 1;
  const tokens = Int32Array.from(rows, (row) => row?.tokens.at(-1) ?? request.prompts[row?.prompt ?? 0]?.at(-1) ?? 0);
  const positions = new Int32Array(rows.length * K);
  const uniforms = new Float32Array(isInside ? turns * rows.length : 0);
  rows.forEach((row, place) => {
    const position = (request.prompts[row?.prompt ?? 0]?.length ?? 1) - 1 + (row?.tokens.length ?? 0);
    for (let head = 0; head < K; head++) positions[cache.block(place, head)] = position;
    for (let t = 0; row !== undefined && isInside && t < turns; t++) {
      uniforms[t * rows.length + place] = row.rng.uniform();
    }
  });
  const drawing = { uniforms, turn: Int32Array.of(0), numbers: Int32Array.from(rows, (_, place) => place) };
  const program = await engine.decoder(isInside ? 'inside' : 'outside');
  const outputs = await program.run(
    {
      ...{ ...feeds, ...cache.feeds, ...noneYet(layers), ...(isInside && drawing), tokens, positions },
      ...{ turns: Int32Array.of(turns), temperature: Float32Array.of(request.temperature ?? 1) },
    },
    {},
    { ...cache.sizes, recent: 0, turns, table },
  );
  const { entropies = [] } = outputs;
  if (isInside) {
    const { tokens: drawn = [], log_probabilities: logProbabilities = [] } = outputs;
    return { turns, tokens: drawn, logProbabilities, entropies, outputs };
  }
  const { probabilities } = outputs;
  if (!(probabilities instanceof Float32Array)) throw new RangeError('no probabilities');
  const drawn = rows.map((row, place) => {
    const start = place * vocabulary;
    return row === undefined ? 0 : draw(probabilities.subarray(start, start + engine.usable), request, row.rng);
  });
  const logProbabilities = drawn.map((token, place) => Math.log(probabilities[place * vocabulary + token] ?? 0));
  return { turns, tokens: drawn, logProbabilities, entropies, outputs };
}

/** A run begins with no recent keys and values. */
function noneYet(layers: number): Values {
  const names = Array.from({ length: layers }, (_, layer) => cacheNames(layer));
  const none = new Float32Array();
  return Object.fromEntries(
    names.flatMap(({ recentKey, recentValue }) => [recentKey, recentValue]).map((name) => [name, none]),
  );
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
