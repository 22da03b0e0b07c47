// What is kept of one file of rollouts to list, sort and filter it without reading it again: where each line stands, its
// numbers as columns, what its captures found; and apart from these its texts: the prompts (once for a group) and the
// responses in small letters, and a line of each as written. Tokens and whole texts stay in the file. Pure: no disk, no
// DOM.

import { z } from 'zod';
import { messagesOf } from '../chat_text.ts';
import type { RolloutLine } from '../format.ts';
import { RolloutSet } from '../view.ts';
import { snippetOf } from './snippet.ts';

/** none, a value, or where the found text stands in the response's small letters: `[start, length]` in bytes. */
export type CaptureValue = null | number | boolean | string | [number, number];

const numbers = z.custom<number[]>((value) => Array.isArray(value) && value.every((x) => Number.isFinite(x)));
const numbersOrNone = z.custom<(number | null)[]>(
  (value) => Array.isArray(value) && value.every((x) => x === null || Number.isFinite(x)),
);
const captureValues = z.custom<CaptureValue[]>(
  (value) => Array.isArray(value) && value.every((x) => typeof x !== 'object' || x === null || isRange(x)),
);

function isRange(value: object): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((x) => Number.isInteger(x) && x >= 0);
}

/** A block as a line of the index: every array has an entry a response, `prompts` one a prompt. */
export const StoredBlock = z.object({
  set: RolloutSet,
  /** Which state of the file it was made of. */
  bytes: z.number(),
  modified: z.number(),
  /** Lines that could not be read. */
  unreadable: z.number(),
  offset: numbers,
  length: numbers,
  prompt: numbers,
  sample: numbers,
  row: numbers,
  tokens: numbers,
  reward: numbersOrNone,
  advantage: numbersOrNone,
  /** 1: it ended by itself. */
  finished: numbers,
  rules: z.record(z.string(), z.object({ case: numbers, score: numbers })),
  captures: z.record(z.string(), captureValues),
  /** Which of the prompts, by its place in `prompts`. */
  asks: numbers,
  /** Where the block's texts begin in the file of texts; the bytes of each prompt, each response, and the lines. */
  start: z.number(),
  prompts: numbers,
  responses: numbers,
  lines: z.number(),
});
export type StoredBlock = z.infer<typeof StoredBlock>;

/** A line of each text, for a list: of every prompt what it asks, of every response how it answers. */
export const TextLines = z.object({ asked: z.array(z.string()), answered: z.array(z.string()) });
export type TextLines = z.infer<typeof TextLines>;

/** The same with columns that take eight bytes a value; what is not there is NaN. */
export interface Block extends Omit<StoredBlock, NumberColumn | 'rules'> {
  count: number;
  columns: Record<NumberColumn, Float64Array>;
  rules: ReadonlyMap<string, { case: Float64Array; score: Float64Array }>;
  /** Bytes of its texts. */
  size: number;
}

const NUMBER_COLUMNS = [
  'offset',
  'length',
  'prompt',
  'sample',
  'row',
  'tokens',
  'reward',
  'advantage',
  'finished',
  'asks',
  'responses',
] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** null: its columns do not fit each other. */
export function blockOf(stored: StoredBlock): Block | null {
  const count = stored.offset.length;
  const { rules, ...rest } = stored;
  const isWhole =
    NUMBER_COLUMNS.every((name) => stored[name].length === count) &&
    Object.values(rules).every((rule) => rule.case.length === count && rule.score.length === count) &&
    Object.values(stored.captures).every((values) => values.length === count) &&
    stored.asks.every((place) => place < stored.prompts.length) &&
    stored.offset.every((offset, i) => offset >= 0 && offset + (stored.length[i] ?? 0) <= stored.bytes) &&
    [stored.length, stored.prompts, stored.responses, [stored.start, stored.lines]].every((sizes) =>
      sizes.every((size) => size >= 0),
    );
  if (!isWhole) return null;
  const column = (name: NumberColumn) => Float64Array.from(stored[name], (value) => value ?? Number.NaN);
  return {
    ...rest,
    count,
    columns: {
      offset: column('offset'),
      length: column('length'),
      prompt: column('prompt'),
      sample: column('sample'),
      row: column('row'),
      tokens: column('tokens'),
      reward: column('reward'),
      advantage: column('advantage'),
      finished: column('finished'),
      asks: column('asks'),
      responses: column('responses'),
    },
    rules: new Map(
      Object.entries(rules).map(([name, rule]) => [
        name,
        { case: Float64Array.from(rule.case), score: Float64Array.from(rule.score) },
      ]),
    ),
    size: sum(stored.prompts) + sum(stored.responses) + stored.lines,
  };
}

/** A line of a rollouts file and where it stands. */
export interface PlacedLine {
  line: RolloutLine;
  offset: number;
  length: number;
}

/** The block of a file's lines, and its texts. `file`: the state it was in. */
export function makeBlock(
  set: RolloutSet,
  lines: readonly PlacedLine[],
  file: { bytes: number; modified: number; unreadable: number },
): { block: StoredBlock; texts: Uint8Array } {
  const places = new Map<string, number>();
  const asks = lines.map(({ line: { prompt } }) => {
    const place = places.get(prompt) ?? places.size;
    places.set(prompt, place);
    return place;
  });
  const prompts = [...places.keys()].map(small);
  const responses = lines.map(({ line }) => small(line.response));
  const textLines: TextLines = {
    asked: [...places.keys()].map((prompt) => snippetOf(messagesOf(prompt).at(-1)?.text ?? prompt)),
    answered: lines.map(({ line }) => snippetOf(line.response)),
  };
  const lineBytes = encoder.encode(JSON.stringify(textLines));
  const rules = new Set(lines.flatMap(({ line }) => Object.keys(line.rules)));
  const captures = new Set(lines.flatMap(({ line }) => Object.keys(line.captures)));
  const of = <T>(value: (line: RolloutLine) => T): T[] => lines.map(({ line }) => value(line));
  const block: StoredBlock = {
    set,
    ...file,
    offset: lines.map(({ offset }) => offset),
    length: lines.map(({ length }) => length),
    prompt: of((line) => line.prompt_index),
    sample: of((line) => line.sample),
    row: of((line) => line.row_index),
    tokens: of((line) => line.token_ids.length),
    reward: of((line) => line.reward),
    advantage: of((line) => line.advantage),
    finished: of((line) => (line.finish_reason === 'stop' ? 1 : 0)),
    rules: Object.fromEntries(
      [...rules].map((name) => [
        name,
        {
          case: of((line) => line.rules[name]?.case ?? -1),
          score: of((line) => line.rules[name]?.score ?? 0),
        },
      ]),
    ),
    captures: Object.fromEntries(
      [...captures].map((name) => [name, of((line) => captureValue(line.captures[name], line.response))]),
    ),
    asks,
    start: 0,
    prompts: prompts.map(({ length }) => length),
    responses: responses.map(({ length }) => length),
    lines: lineBytes.length,
  };
  return { block, texts: joined([...prompts, ...responses, lineBytes]) };
}

/** Longest value of a capture that is kept by itself. */
const SHORT = 60;
const LONGEST = 1000;

function captureValue(value: unknown, response: string): CaptureValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toLowerCase();
  if (text.length <= SHORT) return text;
  const whole = response.toLowerCase();
  const start = whole.indexOf(text);
  if (start < 0) return text.slice(0, LONGEST);
  return [small(whole.slice(0, start)).length, small(text).length];
}

const encoder = new TextEncoder();

function small(text: string): Uint8Array {
  return encoder.encode(text.toLowerCase());
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(sum(parts.map(({ length }) => length)));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
