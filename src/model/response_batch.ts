// Groups of responses as the arrays a program reads. A prompt loses its last token to the responses: response token
// j is predicted from token j of (last prompt token, response without its last). Rows are padded to the longest of
// the batch; one program serves all sizes.

import type { Graph, Node } from '../tensor/graph.ts';
import type { DecoderConfig } from './config.ts';
import { type BatchSizes, type SharedPromptInputs, sharedPromptFeeds, sharedPromptInputs } from './sequence.ts';
import type { Batch } from './updater.ts';

/** A response and what its loss needs beside the tokens. */
export interface TrainingResponse {
  readonly tokens: readonly number[];
  /** One number for each token, by name: log-probabilities when it was sampled, the reference policy's, … */
  readonly perToken?: Readonly<Record<string, ArrayLike<number>>>;
  /** One number for the response, by name: its advantage, … */
  readonly perResponse?: Readonly<Record<string, number>>;
}

export interface ResponseGroup {
  /** At least one token. */
  readonly prompt: readonly number[];
  readonly responses: readonly TrainingResponse[];
}

/** Names of the numbers a loss reads. */
export interface InputNames {
  readonly perToken?: readonly string[];
  readonly perResponse?: readonly string[];
  /** Scalars given with each call. */
  readonly scalars?: readonly string[];
}

/** The sizes a batch needs. */
export function batchSizes(groups: readonly ResponseGroup[]): BatchSizes {
  const responses = groups.flatMap((group) => group.responses);
  const sum = (lengths: readonly number[]) =>
    Math.max(
      1,
      lengths.reduce((total, length) => total + length, 0),
    );
  const promptLength = Math.max(1, ...groups.map(({ prompt }) => prompt.length - 1));
  const responseLength = Math.max(1, ...responses.map(({ tokens }) => tokens.length));
  return {
    prompts: groups.length,
    promptLength,
    group: Math.max(1, ...groups.map((group) => group.responses.length)),
    responseLength,
    promptKept: sum(groups.map(({ prompt }) => prompt.length - 1)),
    kept: sum(responses.map(({ tokens }) => tokens.length)),
    table: promptLength + responseLength,
  };
}

/** Sizes that any batch can have. */
export function freeSizes(graph: Graph): BatchSizes {
  return {
    prompts: graph.freeDimension('prompts'),
    promptLength: graph.freeDimension('promptLength'),
    group: graph.freeDimension('group'),
    responseLength: graph.freeDimension('responseLength'),
    promptKept: graph.freeDimension('promptKept'),
    kept: graph.freeDimension('kept'),
    table: graph.freeDimension('table'),
  };
}

export interface BatchInputs extends SharedPromptInputs {
  /** float32 [P·G, Tr]: 1 on response tokens, 0 on padding. */
  readonly mask: Node;
  /** perToken [P·G, Tr], perResponse [P·G, 1], scalars []. */
  readonly named: ReadonlyMap<string, Node>;
}

export function batchInputs(
  graph: Graph,
  config: DecoderConfig,
  sizes: BatchSizes,
  names: InputNames = {},
): BatchInputs {
  const rows = sizes.prompts * sizes.group;
  const shapes = new Map<string, readonly number[]>([
    ...(names.perToken ?? []).map((name) => [name, [rows, sizes.responseLength]] as const),
    ...(names.perResponse ?? []).map((name) => [name, [rows, 1]] as const),
    ...(names.scalars ?? []).map((name) => [name, []] as const),
  ]);
  return {
    ...sharedPromptInputs(graph, config, sizes),
    mask: graph.input('mask', [rows, sizes.responseLength]),
    named: new Map([...shapes].map(([name, shape]) => [name, graph.input(`given:${name}`, shape)])),
  };
}

/** The same inputs as arrays. */
export function batchOf(
  config: DecoderConfig,
  groups: readonly ResponseGroup[],
  temperature: number,
  names: InputNames = {},
  scalars: Readonly<Record<string, number>> = {},
): Batch {
  const sizes = batchSizes(groups);
  const { promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const rows = sizes.prompts * G;
  const prompts = new Int32Array(sizes.prompts * Tp);
  const [tokens, targets, mask] = [new Int32Array(rows * Tr), new Int32Array(rows * Tr), new Float32Array(rows * Tr)];
  const perToken = new Map((names.perToken ?? []).map((name) => [name, new Float32Array(rows * Tr)]));
  const perResponse = new Map((names.perResponse ?? []).map((name) => [name, new Float32Array(rows)]));
  groups.forEach(({ prompt, responses }, p) => {
    prompts.set(prompt.slice(0, -1), p * Tp);
    responses.forEach((response, i) => {
      const row = p * G + i;
      tokens.set([prompt.at(-1) ?? 0, ...response.tokens.slice(0, -1)].slice(0, response.tokens.length), row * Tr);
      targets.set(response.tokens, row * Tr);
      mask.fill(1, row * Tr, row * Tr + response.tokens.length);
      for (const [name, array] of perToken) array.set(given(response.perToken?.[name], name), row * Tr);
      for (const [name, array] of perResponse) array[row] = given(response.perResponse?.[name], name);
    });
  });
  const named = [...perToken, ...perResponse].map(([name, array]) => [`given:${name}`, array] as const);
  const single = (names.scalars ?? []).map(
    (name) => [`given:${name}`, Float32Array.of(given(scalars[name], name))] as const,
  );
  const promptLengths = groups.map(({ prompt }) => prompt.length - 1);
  const responseLengths = groups.flatMap(({ responses }) =>
    Array.from({ length: G }, (_, i) => responses[i]?.tokens.length ?? 0),
  );
  return {
    feeds: {
      prompts,
      tokens,
      targets,
      mask,
      temperature: Float32Array.of(temperature),
      ...sharedPromptFeeds(config, sizes, promptLengths, responseLengths),
      ...Object.fromEntries([...named, ...single]),
    },
    sizes: { ...sizes },
  };
}

/** The group in parts of at most `tokensAtOnce` padded response tokens, or of one response; each has the prompt. */
export function divided<G extends ResponseGroup>(group: G, tokensAtOnce: number): G[] {
  const { responses } = group;
  const longest = Math.max(1, ...responses.map(({ tokens }) => tokens.length));
  const rows = Math.max(1, Math.floor(tokensAtOnce / longest));
  if (responses.length <= rows) return [group];
  return Array.from({ length: Math.ceil(responses.length / rows) }, (_, i) => ({
    ...group,
    responses: responses.slice(i * rows, (i + 1) * rows),
  }));
}

/** Groups, or parts of large ones, in batches of about `tokensAtOnce` padded response tokens, the short ones together. */
export function microBatches<G extends ResponseGroup>(groups: readonly G[], tokensAtOnce: number): G[][] {
  const longest = (group: G) => Math.max(1, ...group.responses.map(({ tokens }) => tokens.length));
  const batches: G[][] = [];
  let current: G[] = [];
  const parts = groups.flatMap((group) => divided(group, tokensAtOnce));
  for (const group of parts.sort((a, b) => longest(a) - longest(b))) {
    const rows = [...current, group].reduce((sum, { responses }) => sum + responses.length, 0);
    if (current.length > 0 && rows * longest(group) > tokensAtOnce) {
      batches.push(current);
      current = [];
    }
    current.push(group);
  }
  return current.length > 0 ? [...batches, current] : batches;
}

function given<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`a response has no "${name}"`);
  return value;
}
