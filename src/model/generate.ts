// Writes responses: prompts are computed once (prefill), then every row gets one token per step until it ends or is
// long enough; rows that ended leave the batch. A row draws from its own random stream, so what it says does not
// depend on the others. The weights are read at every step from the shared model: no copy after an update.

import { MerfError } from '../spec/error.ts';
import { type Random, random } from '../spec/random.ts';
import { compile } from '../tensor/onnxruntime.ts';
import type { Program } from '../tensor/program.ts';
import { causalMask } from './attention.ts';
import { decodeGraph, prefillGraph } from './cached_attention.ts';
import type { DecoderConfig } from './config.ts';
import { KeyValueCache } from './key_value_cache.ts';
import { type Adapters, modelFeeds } from './lora.ts';
import { rotaryTables } from './rotary.ts';
import { type Drawn, Sampler, type SamplingOptions } from './sampling.ts';
import { arrange, pays } from './tiles.ts';
import type { Weights } from './weights.ts';

export interface GeneratorOptions {
  readonly threads?: number;
  /** Rows written at the same time; more are written in turn. Default 128. */
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
  readonly weights: Weights;
  readonly adapters?: Adapters | null;
  readonly endTokens?: readonly number[];
  readonly tokenizer?: { readonly size: number };
}

interface Row {
  readonly index: number;
  readonly prompt: number;
  readonly sample: number;
  readonly rng: Random;
  readonly result: { tokens: number[]; logProbabilities: number[]; entropies: number[]; stopped: boolean };
}

export async function createGenerator(model: GenerativeModel, options: GeneratorOptions = {}): Promise<Generator> {
  const { config } = model;
  const prefill = await compile(prefillGraph(config, model.adapters ?? undefined), options);
  const decode = await compile(decodeGraph(config, model.adapters ?? undefined), options);
  const engine = { model, prefill, decode, sampler: new Sampler(config.vocabularySize, model.tokenizer?.size) };
  return {
    generate: async (request) => {
      checkRequest(config, request);
      const counts = request.prompts.map((_, prompt) => samplesOf(request, prompt));
      const rows = counts.reduce((sum, count) => sum + count, 0);
      const atOnce = Math.max(1, Math.floor((options.rowsAtOnce ?? 128) / Math.max(1, ...counts)));
      const results: Generated[] = [];
      const progress = { tokens: 0, rowsDone: 0, rows };
      for (let first = 0; first < counts.length; first += atOnce) {
        results.push(
          ...(await generateBatch(engine, request, first, Math.min(first + atOnce, counts.length), progress)),
        );
      }
      return results;
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
  readonly sampler: Sampler;
}

function samplesOf({ samplesPerPrompt = 1 }: GenerateRequest, prompt: number): number {
  return typeof samplesPerPrompt === 'number' ? samplesPerPrompt : (samplesPerPrompt[prompt] ?? 0);
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

async function generateBatch(
  engine: Engine,
  request: GenerateRequest,
  first: number,
  end: number,
  progress: { tokens: number; rowsDone: number; rows: number },
): Promise<Generated[]> {
  const { config } = engine.model;
  const { maxNewTokens, signal } = request;
  const endTokens = new Set(request.endTokens ?? engine.model.endTokens ?? config.endTokens);
  const prompts = request.prompts.slice(first, end);
  const wanted = prompts.flatMap((_, prompt) =>
    Array.from({ length: samplesOf(request, first + prompt) }, (_, sample) => ({ prompt, sample })),
  );
  const rows = wanted.map(
    ({ prompt, sample }, index): Row => ({
      index,
      prompt,
      sample,
      rng: random(request.seed, `prompt ${first + prompt} sample ${sample}`),
      result: { tokens: [], logProbabilities: [], entropies: [], stopped: false },
    }),
  );
  // the last prompt token is the first input of decoding, so the prefill ends before it
  const lengths = prompts.map((prompt) => prompt.length - 1);
  const promptLength = Math.max(1, ...lengths);
  const longest = promptLength + maxNewTokens + 1;
  const tables = { ...rotaryTables(config, longest) };
  const feeds = { ...modelFeeds(engine.model), ...tables };
  const padded = Int32Array.from({ length: prompts.length * promptLength }, (_, i) => {
    const [prompt, at] = [Math.floor(i / promptLength), i % promptLength];
    return at < (lengths[prompt] ?? 0) ? (prompts[prompt]?.[at] ?? 0) : 0;
  });
  const promptCache = await engine.prefill.run(
    {
      ...feeds,
      tokens: padded,
      positions: padded.map((_, i) => i % promptLength),
      mask: causalMask(promptLength),
    },
    {},
    { prompts: prompts.length, length: promptLength, table: longest },
  );
  const floats = Object.fromEntries(
    Object.entries(promptCache).flatMap(([name, data]) => (data instanceof Float32Array ? [[name, data]] : [])),
  );
  let alive = maxNewTokens > 0 ? rows : [];
  const cache = new KeyValueCache(config, floats, promptLength, lengths, arrange(places(alive)));
  let buffers = stepBuffers(config, cache.layout.rows.length);
  const drawn: Drawn = { token: 0, logProbability: 0, entropy: 0 };
  while (alive.length > 0) {
    signal?.throwIfAborted();
    cache.layout.rows.forEach((index, place) => {
      const row = rows[Math.max(index, 0)];
      const prompt = prompts[row?.prompt ?? 0];
      buffers.tokens[place] = row?.result.tokens.at(-1) ?? prompt?.at(-1) ?? 0;
      buffers.positions[place] = (prompt?.length ?? 1) - 1 + cache.length;
    });
    const { tokens, positions, ...into } = buffers;
    await engine.decode.run({ ...feeds, ...cache.feeds, tokens, positions }, into, { ...cache.sizes, table: longest });
    let ended = false;
    cache.layout.rows.forEach((index, place) => {
      const row = index < 0 ? undefined : rows[index];
      if (row === undefined || done(row, maxNewTokens)) return;
      engine.sampler.draw(into.logits, place * config.vocabularySize, request, row.rng, drawn);
      row.result.tokens.push(drawn.token);
      row.result.logProbabilities.push(drawn.logProbability);
      row.result.entropies.push(drawn.entropy);
      row.result.stopped = endTokens.has(drawn.token);
      progress.tokens++;
      if (done(row, maxNewTokens)) {
        ended = true;
        progress.rowsDone++;
      }
    });
    cache.append(into);
    if (ended) {
      alive = alive.filter((row) => !done(row, maxNewTokens));
      const next = arrange(places(alive));
      if (alive.length > 0 && pays(cache.layout, next)) {
        cache.move(next);
        buffers = stepBuffers(config, next.rows.length);
      }
    }
    request.onProgress?.(progress);
  }
  return rows.map(({ prompt, sample, result }) => ({
    prompt: first + prompt,
    sample,
    tokens: result.tokens,
    logProbabilities: result.logProbabilities,
    entropies: result.entropies,
    finishReason: result.stopped ? 'stop' : 'length',
  }));
}

function done({ result }: Row, maxNewTokens: number): boolean {
  return result.stopped || result.tokens.length >= maxNewTokens;
}

function places(rows: readonly Row[]) {
  return rows.map(({ index, prompt }) => ({ row: index, prompt }));
}

/** The arrays of a decoding step, reused until the layout changes. */
function stepBuffers(config: DecoderConfig, rows: number) {
  const token = () => new Float32Array(rows * config.keyValueHeads * config.headSize);
  const caches: Record<string, Float32Array> = {};
  for (let layer = 0; layer < config.layers; layer++) {
    caches[`key.${layer}`] = token();
    caches[`value.${layer}`] = token();
  }
  return {
    ...caches,
    tokens: new Int32Array(rows),
    positions: new Int32Array(rows),
    logits: new Float32Array(rows * config.vocabularySize),
  };
}
