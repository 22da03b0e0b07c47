// The small letters of a block, searched without making strings of them. A needle is text in small letters.

import { type Block, TextLines } from './block.ts';

export interface BlockTexts {
  responseHas(row: number, needle: string): boolean;
  promptHas(row: number, needle: string): boolean;
  /** A part of the response, by bytes. */
  partHas(row: number, start: number, length: number, needle: string): boolean;
  partIs(row: number, start: number, length: number, text: string): boolean;
  isEmpty(row: number): boolean;
}

/** Where a needle's bytes begin in the bytes between two places; -1: nowhere. Buffer's own search, where there is one. */
export type FindBytes = (bytes: Uint8Array, needle: Uint8Array, from: number, to: number) => number;

const encoder = new TextEncoder();

export function blockTexts(block: Block, bytes: Uint8Array, find: FindBytes = findBytes): BlockTexts {
  const promptStarts = startsOf(block.prompts, 0);
  const starts = startsOf(block.columns.responses, promptStarts.at(-1) ?? 0);
  const needles = new Map<string, Uint8Array>();
  const bytesOf = (needle: string): Uint8Array => {
    const known = needles.get(needle) ?? encoder.encode(needle);
    needles.set(needle, known);
    return known;
  };
  const prompts = new Map<string, (boolean | undefined)[]>();
  const has = (needle: string, from: number, to: number) => find(bytes, bytesOf(needle), from, to) >= 0;
  return {
    responseHas: (row, needle) => has(needle, starts[row] ?? 0, starts[row + 1] ?? 0),
    promptHas: (row, needle) => {
      const known = prompts.get(needle) ?? [];
      prompts.set(needle, known);
      const place = block.columns.asks[row] ?? 0;
      known[place] ??= has(needle, promptStarts[place] ?? 0, promptStarts[place + 1] ?? 0);
      return known[place];
    },
    partHas: (row, start, length, needle) => {
      const from = (starts[row] ?? 0) + start;
      return has(needle, from, Math.min(from + length, starts[row + 1] ?? 0));
    },
    partIs: (row, start, length, text) => {
      const from = (starts[row] ?? 0) + start;
      return bytesOf(text).length === length && find(bytes, bytesOf(text), from, from + length) === from;
    },
    isEmpty: (row) => (block.columns.responses[row] ?? 0) === 0,
  };
}

/** The lines of a block's texts, from all its bytes or from the last ones, where they stand. */
export function textLines({ lines }: Block, bytes: Uint8Array): TextLines {
  return linesOf(bytes.subarray(Math.max(0, bytes.length - lines)));
}

function linesOf(bytes: Uint8Array): TextLines {
  try {
    return TextLines.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return { asked: [], answered: [] };
  }
}

function startsOf(lengths: ArrayLike<number>, first: number): number[] {
  const starts = [first];
  for (let i = 0; i < lengths.length; i++) starts.push((starts[i] ?? 0) + (lengths[i] ?? 0));
  return starts;
}

/** Byte by byte: for pages, which have few texts. */
export const findBytes: FindBytes = (bytes, needle, from, to) => {
  if (needle.length === 0) return from;
  const last = to - needle.length;
  for (
    let at = bytes.indexOf(needle[0] ?? 0, from);
    at >= 0 && at <= last;
    at = bytes.indexOf(needle[0] ?? 0, at + 1)
  ) {
    let same = 1;
    while (same < needle.length && bytes[at + same] === needle[same]) same++;
    if (same === needle.length) return at;
  }
  return -1;
};
