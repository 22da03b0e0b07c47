// The complete lines of a file with their byte ranges, read in parts, so that a file of any size takes little memory.
// A line that is too long to be a response is passed over and counted.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FileState } from '../inside.ts';

/** Longest line that is read: a response of a hundred thousand tokens takes some ten million bytes. */
export const LONGEST_LINE = 64 * 1024 * 1024;
const PART = 1024 * 1024;

export interface FileLine {
  offset: number;
  length: number;
  /** To be used before the next line is asked for; null: it is longer than a line may be. */
  bytes: Buffer | null;
}

/** Line by line, from a byte on; what follows the last line feed waits for its rest. Returns the state that the file was in. */
export function* fileLines(path: string, longest: number, start = 0): Generator<FileLine, FileState> {
  const file = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(file);
    const part = Buffer.alloc(Math.min(PART, Math.max(1, size - start)));
    let held: Buffer[] = [];
    let [heldBytes, lineStart, at] = [0, start, start];
    while (at < size) {
      const read = readSync(file, part, 0, Math.min(part.length, size - at), at);
      if (read === 0) break;
      let from = 0;
      for (let feed = part.indexOf(0x0a, from); feed >= 0 && feed < read; feed = part.indexOf(0x0a, from)) {
        const length = heldBytes + feed - from;
        const isWhole = length <= longest;
        const bytes =
          held.length === 0 ? part.subarray(from, feed) : Buffer.concat([...held, part.subarray(from, feed)]);
        yield { offset: lineStart, length, bytes: isWhole ? bytes : null };
        [held, heldBytes] = [[], 0];
        from = feed + 1;
        lineStart = at + from;
      }
      heldBytes += read - from;
      if (heldBytes <= longest) held.push(Buffer.from(part.subarray(from, read)));
      else held = [];
      at += read;
    }
    return { bytes: size, modified: mtimeMs };
  } finally {
    closeSync(file);
  }
}

/** Some bytes of a file; shorter where it ends before. */
export function readRange(path: string, offset: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, fstatSync(file).size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const read = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
