// Groups of responses as the arrays a program reads. A prompt loses its last token to the responses: response token
// j is predicted from token j of (last prompt token, response without its last). Lengths are padded to buckets, so
// that few programs serve all batches.

import type { Graph, Node } from '../tensor/graph.ts';
import type { SharedPromptSizes } from './attention.ts';
import type { SharedPromptInputs } from './sequence.ts';
import type { Feeds } from './updater.ts';

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

const PROMPT_STEP = 32;
const RESPONSE_STEP = 32;

/** The bucket a batch falls into. */
export function bucketSizes(groups: readonly ResponseGroup[]): SharedPromptSizes {
  const upTo = (length: number, step: number) => Math.max(1, Math.ceil(length / step)) * step;
  return {
    prompts: groups.length,
    promptLength: upTo(Math.max(0, ...groups.map(({ prompt }) => prompt.length - 1)), PROMPT_STEP),
    group: Math.max(1, ...groups.map(({ responses }) => responses.length)),
    responseLength: upTo(
      Math.max(0, ...groups.flatMap(({ responses }) => responses.map(({ tokens }) => tokens.length))),
      RESPONSE_STEP,
    ),
  };
}

export interface BatchInputs extends SharedPromptInputs {
  /** float32 [P·G, Tr]: 1 on response tokens, 0 on padding. */
  readonly mask: Node;
  /** perToken [P·G, Tr], perResponse [P·G, 1], scalars []. */
  readonly named: ReadonlyMap<string, Node>;
}

export function batchInputs(graph: Graph, sizes: SharedPromptSizes, names: InputNames = {}): BatchInputs {
  const rows = sizes.prompts * sizes.group;
  const perToken = [rows, sizes.responseLength];
  const shapes = new Map<string, readonly number[]>([
    ...(names.perToken ?? []).map((name) => [name, perToken] as const),
    ...(names.perResponse ?? []).map((name) => [name, [rows, 1]] as const),
    ...(names.scalars ?? []).map((name) => [name, []] as const),
  ]);
  return {
    prompts: graph.input('prompts', [sizes.prompts, sizes.promptLength], 'int32'),
    promptLengths: graph.input('prompt_lengths', [sizes.prompts], 'int32'),
    tokens: graph.input('tokens', perToken, 'int32'),
    targets: graph.input('targets', perToken, 'int32'),
    temperature: graph.input('temperature', []),
    mask: graph.input('mask', perToken),
    named: new Map([...shapes].map(([name, shape]) => [name, graph.input(`given:${name}`, shape)])),
  };
}

/** The same inputs as arrays. */
export function batchFeeds(
  groups: readonly ResponseGroup[],
  sizes: SharedPromptSizes,
  temperature: number,
  names: InputNames = {},
  scalars: Readonly<Record<string, number>> = {},
): Feeds {
  const { promptLength: Tp, group: G, responseLength: Tr } = sizes;
  const rows = sizes.prompts * G;
  const prompts = new Int32Array(sizes.prompts * Tp);
  const promptLengths = new Int32Array(sizes.prompts);
  const [tokens, targets, mask] = [new Int32Array(rows * Tr), new Int32Array(rows * Tr), new Float32Array(rows * Tr)];
  const perToken = new Map((names.perToken ?? []).map((name) => [name, new Float32Array(rows * Tr)]));
  const perResponse = new Map((names.perResponse ?? []).map((name) => [name, new Float32Array(rows)]));
  groups.forEach(({ prompt, responses }, p) => {
    prompts.set(prompt.slice(0, -1), p * Tp);
    promptLengths[p] = prompt.length - 1;
    responses.forEach((response, i) => {
      const row = p * G + i;
      tokens.set([prompt.at(-1) ?? 0, ...response.tokens.slice(0, -1)].slice(0, response.tokens.length), row * Tr);
      targets.set(response.tokens, row * Tr);
      mask.fill(1, row * Tr, row * Tr + response.tokens.length);
      for (const [name, array] of perToken) array.set(given(response.perToken?.[name], name), row * Tr);
      for (const [name, array] of perResponse) array[row] = given(response.perResponse?.[name], name);
    });
  });
  return {
    prompts,
    prompt_lengths: promptLengths,
    tokens,
    targets,
    mask,
    temperature: Float32Array.of(temperature),
    ...Object.fromEntries([...perToken, ...perResponse].map(([name, array]) => [`given:${name}`, array])),
    ...Object.fromEntries(
      (names.scalars ?? []).map((name) => [`given:${name}`, Float32Array.of(given(scalars[name], name))]),
    ),
  };
}

/** Groups in batches of about `tokensAtOnce` padded response tokens, the short ones together. */
export function microBatches<G extends ResponseGroup>(groups: readonly G[], tokensAtOnce: number): G[][] {
  const longest = (group: G) => Math.max(1, ...group.responses.map(({ tokens }) => tokens.length));
  const batches: G[][] = [];
  let current: G[] = [];
  for (const group of [...groups].sort((a, b) => longest(a) - longest(b))) {
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
