// A text file cut into records as it is read, each with its line and its place in bytes: lines, or for CSV (RFC 4180)
// records in which a quoted cell may hold line breaks. Memory is bounded by the longest record that is let through.

import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface FileRecord {
  /** From 1, where the record begins. */
  line: number;
  /** Bytes of the file from and to which it goes, without its line break. */
  start: number;
  end: number;
  /** null: it is longer than `LONGEST`. */
  bytes: Buffer | null;
}

/** A quoted cell; the others are fields and lines without a quote at their start. */
export interface Quoting {
  delimiter: number;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Told of every byte of the file. */
  hash?: Hash;
}

/** Bytes of a record. */
export const LONGEST = 16 * 1024 * 1024;
const CHUNK = 1 << 20;
const [FEED, RETURN, QUOTE] = [0x0a, 0x0d, 0x22];

/** Records in batches; `quoting` null: every line is one. Blank lines are passed over. */
export async function* recordsOf(
  path: string,
  quoting: Quoting | null,
  { signal, hash }: ReadOptions = {},
): AsyncGenerator<FileRecord[]> {
  const cutter = new Cutter(quoting);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    signal?.throwIfAborted();
    if (!Buffer.isBuffer(chunk)) continue;
    hash?.update(chunk);
    const records = cutter.cut(chunk);
    if (records.length > 0) yield records;
  }
  const last = cutter.rest();
  if (last.length > 0) yield last;
}

/** Where in a record the next byte stands. */
type State = 'field start' | 'plain' | 'quoted' | 'after quote';

class Cutter {
  private readonly delimiter: number | null;
  /** The bytes of the record that has begun. */
  private open: Buffer = Buffer.alloc(0);
  /** Where in the file `open` begins. */
  private start = 0;
  /** How much of `open` has been looked at. */
  private seen = 0;
  private line = 1;
  private linesInside = 0;
  private isTooLong = false;
  private state: State = 'field start';

  constructor(quoting: Quoting | null) {
    this.delimiter = quoting?.delimiter ?? null;
  }

  cut(chunk: Buffer): FileRecord[] {
    this.open = this.open.length === 0 ? chunk : Buffer.concat([this.open, chunk]);
    const records: FileRecord[] = [];
    for (let end = this.nextEnd(); end !== -1; end = this.nextEnd()) this.take(end, end + 1, records);
    if (this.open.length > LONGEST) {
      // what is left out still counts for its place
      this.isTooLong = true;
      this.start += this.open.length;
      this.open = Buffer.alloc(0);
      this.seen = 0;
    }
    return records;
  }

  rest(): FileRecord[] {
    const records: FileRecord[] = [];
    this.take(this.open.length, this.open.length, records);
    return records;
  }

  private take(end: number, next: number, records: FileRecord[]): void {
    const isReturn = this.open[end - 1] === RETURN;
    const bytes = this.open.subarray(0, isReturn ? end - 1 : end);
    const place = { line: this.line, start: this.start, end: this.start + bytes.length };
    if (this.isTooLong) records.push({ ...place, bytes: null });
    else if (!isBlank(bytes)) records.push({ ...place, bytes });
    this.open = this.open.subarray(next);
    this.start += next;
    this.seen = 0;
    this.line += 1 + this.linesInside;
    this.linesInside = 0;
    this.isTooLong = false;
    this.state = 'field start';
  }

  /** Where the record's line break stands in `open`; -1: not in it. */
  private nextEnd(): number {
    if (this.delimiter === null) {
      const end = this.open.indexOf(FEED, this.seen);
      if (end === -1) this.seen = this.open.length;
      return end;
    }
    for (; this.seen < this.open.length; this.seen++) {
      const byte = this.open[this.seen];
      if (this.state === 'quoted') {
        if (byte === QUOTE) this.state = 'after quote';
        else if (byte === FEED) this.linesInside++;
      } else if (byte === FEED) return this.seen;
      else if (byte === QUOTE && this.state !== 'plain') this.state = 'quoted';
      else this.state = byte === this.delimiter ? 'field start' : 'plain';
    }
    return -1;
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 64 && bytes.toString('latin1').trim() === '';
}
