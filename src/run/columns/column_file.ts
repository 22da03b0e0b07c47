// A file of columns: blocks of numbers under names, appended one after another; read block by block, or afterwards one
// column alone by its place. What is written is whole or ends the file: every block has its size and a checksum, so that
// a block cut in the middle, or changed, is seen. Left out: compression, and machines that are not little-endian.
//
//   file  := "MERFCOL1" block*
//   block := u32 bytes of the head, u32 bytes of the body, u32 CRC-32 of both, u32 zero, head, body
//   head  := {"about": …, "columns": [[name, type, count], …]} as JSON, with spaces to a multiple of 8 bytes
//   body  := the columns in that order, each filled up to a multiple of 8 bytes

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { COLUMN_TYPES, type Column, type ColumnType, typeOfColumn } from './column.ts';

const SIGNATURE = Buffer.from('MERFCOL1');
const PREFIX = 16;
/** Bytes that are read at once. Blocks begin at multiples of 8, so that columns can be used where they were read. */
const PART = 1024 * 1024;
/** A block that claims more is none. */
const LARGEST = 512 * 1024 * 1024;

/** Where a column's numbers stand in the file. */
export interface ColumnPlace {
  type: ColumnType;
  count: number;
  at: number;
}

export interface ColumnBlock {
  /** What its writer said of it; to be checked by who knows. */
  about: unknown;
  places: ReadonlyMap<string, ColumnPlace>;
  /** null: it has none of that name. */
  column(name: string): Column | null;
}

/** The bytes of a block. */
export function blockBytes(about: unknown, columns: ReadonlyMap<string, Column>): Buffer {
  const names = [...columns].map(([name, column]) => [name, typeOfColumn(column), column.length]);
  const text = JSON.stringify({ about, columns: names });
  const head = Buffer.from(text + ' '.repeat(padding(Buffer.byteLength(text))));
  const body = Buffer.concat(
    [...columns.values()].flatMap((column) => [
      Buffer.from(column.buffer, column.byteOffset, column.byteLength),
      Buffer.alloc(padding(column.byteLength)),
    ]),
  );
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(head.length, 0);
  prefix.writeUInt32LE(body.length, 4);
  prefix.writeUInt32LE(crc32(body, crc32(head)), 8);
  return Buffer.concat([prefix, head, body]);
}

/** How a file begins. */
export function fileBytes(): Buffer {
  return SIGNATURE;
}

/** A file of columns that is open to read. It may grow meanwhile. */
export class ColumnReader {
  private readonly file: number;
  private at = 0;
  /** What was read last, and where it stands. */
  private part: Buffer<ArrayBuffer> = Buffer.alloc(0);
  private partAt = 0;

  /** @throws when it is not there. */
  constructor(path: string) {
    this.file = openSync(path, 'r');
  }

  /** Bytes that have been read and hold. */
  get end(): number {
    return this.at;
  }

  /** The next block; null: there is no whole one after those that were read. */
  next(): ColumnBlock | null {
    if (this.at === 0) {
      if (!this.bytes(0, SIGNATURE.length)?.equals(SIGNATURE)) return null;
      this.at = SIGNATURE.length;
    }
    const prefix = this.bytes(this.at, PREFIX);
    if (!prefix) return null;
    const [head, body, sum, zero] = [0, 4, 8, 12].map((place) => prefix.readUInt32LE(place));
    if (head === undefined || body === undefined || zero !== 0) return null;
    if (head % 8 !== 0 || body % 8 !== 0 || head + body > LARGEST) return null;
    const from = this.at + PREFIX;
    const bytes = this.bytes(from, head + body);
    if (!bytes || crc32(bytes) !== sum) return null;
    const block = decoded(bytes, head, from);
    if (block) this.at = from + head + body;
    return block;
  }

  /** One column by its place; shorter where the file has become so. */
  column({ type, count, at }: ColumnPlace): Column {
    const Type = COLUMN_TYPES[type];
    const bytes = this.read(at, count * Type.BYTES_PER_ELEMENT);
    return new Type(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / Type.BYTES_PER_ELEMENT));
  }

  close(): void {
    closeSync(this.file);
  }

  /** null: the file ends before. */
  private bytes(at: number, length: number): Buffer<ArrayBuffer> | null {
    if (at < this.partAt || at + length > this.partAt + this.part.length) {
      const left = fstatSync(this.file).size - at;
      if (left < length) return null;
      this.part = this.read(at, Math.min(left, Math.max(PART, length)));
      this.partAt = at;
    }
    const from = at - this.partAt;
    return from + length <= this.part.length ? this.part.subarray(from, from + length) : null;
  }

  /** In memory of their own. */
  private read(at: number, length: number): Buffer<ArrayBuffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const read = readSync(this.file, bytes, filled, length - filled, at + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }
}

function decoded(bytes: Buffer<ArrayBuffer>, headLength: number, from: number): ColumnBlock | null {
  const head = headOf(bytes.toString('utf8', 0, headLength));
  if (!head) return null;
  const places = new Map<string, ColumnPlace>();
  let at = headLength;
  for (const { name, type, count } of head.columns) {
    const length = count * COLUMN_TYPES[type].BYTES_PER_ELEMENT;
    if (at + length > bytes.length) return null;
    places.set(name, { type, count, at: from + at });
    at += length + padding(length);
  }
  const column = (name: string) => {
    const place = places.get(name);
    if (!place) return null;
    return new COLUMN_TYPES[place.type](bytes.buffer, bytes.byteOffset + place.at - from, place.count);
  };
  return { about: head.about, places, column };
}

interface Head {
  about: unknown;
  columns: { name: string; type: ColumnType; count: number }[];
}

/** Checked by hand: there are thousands. */
function headOf(text: string): Head | null {
  let head: unknown;
  try {
    head = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof head !== 'object' || head === null || !('about' in head && 'columns' in head)) return null;
  if (!Array.isArray(head.columns)) return null;
  const columns: Head['columns'] = [];
  for (const one of head.columns) {
    const [name, type, count]: unknown[] = Array.isArray(one) ? one : [];
    if (typeof name !== 'string' || !isType(type) || typeof count !== 'number') return null;
    if (!Number.isSafeInteger(count) || count < 0) return null;
    columns.push({ name, type, count });
  }
  return { about: head.about, columns };
}

function isType(type: unknown): type is ColumnType {
  return typeof type === 'string' && Object.hasOwn(COLUMN_TYPES, type);
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
