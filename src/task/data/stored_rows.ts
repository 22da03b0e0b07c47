// Rows of a data file by number: only where each begins and ends is kept, in two numbers a row.

import { closeSync, openSync, readSync } from 'node:fs';
import { MerfError } from '../../spec/error.ts';
import type { Row, Rows } from '../rows.ts';

/** Places of records in a file. */
export class RecordPlaces {
  private numbers = new Float64Array(1024);
  length = 0;

  add(start: number, end: number): void {
    if (2 * this.length === this.numbers.length) {
      const larger = new Float64Array(2 * this.numbers.length);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers.set([start, end], 2 * this.length++);
  }

  of(index: number): { start: number; end: number } {
    return { start: this.numbers[2 * index] ?? 0, end: this.numbers[2 * index + 1] ?? 0 };
  }
}

/** A file that stays open, and how a record's bytes become a row; `read` returns why it is none. */
export interface RowFile {
  path: string;
  descriptor: number;
  read: (bytes: Buffer) => Row | string;
}

/** Closes the files of rows that nobody holds any more. */
const closing = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

export function rowFile(path: string, descriptor: number, read: RowFile['read']): RowFile {
  const file = { path, descriptor, read };
  closing.register(file, descriptor);
  return file;
}

export function openRowFile(path: string, read: RowFile['read']): RowFile {
  return rowFile(path, openSync(path, 'r'), read);
}

export class StoredRows implements Rows {
  private readonly file: RowFile;
  private readonly places: RecordPlaces;

  constructor(file: RowFile, places: RecordPlaces) {
    this.file = file;
    this.places = places;
  }

  get length(): number {
    return this.places.length;
  }

  /** @throws MerfError when the file is no longer what it was. */
  at(index: number): Row | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    const { start, end } = this.places.of(index);
    const bytes = Buffer.alloc(end - start);
    const read = readSync(this.file.descriptor, bytes, 0, bytes.length, start);
    const row = read === bytes.length ? this.file.read(bytes) : 'is shorter than it was';
    if (typeof row !== 'string') return row;
    throw new MerfError(
      `${this.file.path} has changed while it was used: row ${index} ${row}.`,
      'Put the file back as it was and go on, or start again.',
    );
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let index = 0; index < this.length; index++) yield this.at(index) ?? {};
  }
}
