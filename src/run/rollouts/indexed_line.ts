// What the index reads of a line of rollouts. Most of a line are its tokens, and the row's own columns: they are passed
// over as bytes and never made into values, which is most of the time that reading a run takes. What is passed over is
// checked when the response is opened. Pure.

import { z } from 'zod';
import { RolloutLine } from '../format.ts';

export const IndexedLine = RolloutLine.pick({
  prompt_index: true,
  sample: true,
  row_index: true,
  prompt: true,
  response: true,
  captures: true,
  rules: true,
  reward: true,
  advantage: true,
  finish_reason: true,
}).extend({ tokens: z.number() });
export type IndexedLine = z.infer<typeof IndexedLine>;

const READ = Object.keys(IndexedLine.shape).filter((name) => name !== 'tokens');
/** What every line has beside that. */
const PASSED_OVER = ['step', 'split', 'row', 'token_ids', 'token_texts', 'log_probabilities', 'entropies'];

const LONGEST_NAME = 100;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x5b, 0x5d, 0x7b, 0x7d];

const decoder = new TextDecoder();

/** null: the line is not one of rollouts. */
export function indexedLine(bytes: Uint8Array): IndexedLine | null {
  const found = valuesOf(bytes);
  if (!found || PASSED_OVER.some((name) => !found.has(name))) return null;
  const values: Record<string, unknown> = { tokens: lengthOf(bytes, found.get('token_ids')) };
  try {
    for (const name of READ) {
      const place = found.get(name);
      if (place) values[name] = JSON.parse(decoder.decode(bytes.subarray(...place)));
    }
  } catch {
    return null;
  }
  return IndexedLine.safeParse(values).data ?? null;
}

type Place = readonly [from: number, to: number];

/** Where the values of a record stand; null: the bytes are no record, or go on behind it. */
function valuesOf(bytes: Uint8Array): Map<string, Place> | null {
  const found = new Map<string, Place>();
  let at = spaceFrom(bytes, 0);
  if (bytes[at] !== OPEN_RECORD) return null;
  at = spaceFrom(bytes, at + 1);
  while (bytes[at] === QUOTE) {
    const end = textEnd(bytes, at);
    if (end - at > LONGEST_NAME) return null;
    const name = String.fromCharCode(...bytes.subarray(at + 1, end - 1));
    at = spaceFrom(bytes, end);
    if (bytes[at] !== COLON) return null;
    const from = spaceFrom(bytes, at + 1);
    const to = valueEnd(bytes, from);
    if (to <= from) return null;
    found.set(name, [from, to]);
    at = spaceFrom(bytes, to);
    if (bytes[at] === CLOSE_RECORD) return spaceFrom(bytes, at + 1) === bytes.length ? found : null;
    if (bytes[at] !== COMMA) return null;
    at = spaceFrom(bytes, at + 1);
  }
  return null;
}

function spaceFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x20) at++;
  return at;
}

/** Behind the text that begins here; behind the last byte where it does not end. */
function textEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function valueEnd(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return textEnd(bytes, from);
  let at = from;
  if (first !== OPEN_LIST && first !== OPEN_RECORD) {
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte <= 0x20 || byte === COMMA || byte === CLOSE_RECORD || byte === CLOSE_LIST) break;
    }
    return at;
  }
  for (let depth = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = textEnd(bytes, at) - 1;
    else if (byte === OPEN_LIST || byte === OPEN_RECORD) depth++;
    else if ((byte === CLOSE_LIST || byte === CLOSE_RECORD) && --depth === 0) return at + 1;
  }
  return bytes.length + 1;
}

/** Values of a list of numbers. */
function lengthOf(bytes: Uint8Array, place: Place | undefined): number {
  if (!place || bytes[place[0]] !== OPEN_LIST) return Number.NaN;
  const [from, to] = place;
  if (spaceFrom(bytes, from + 1) === to - 1) return 0;
  let length = 1;
  for (let at = from; at < to; at++) if (bytes[at] === COMMA) length++;
  return length;
}
