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
import { z } from 'zod';
import { COLUMN_TYPES, type Column, type ColumnType, typeOfColumn } from './column.ts';

const SIGNATURE = Buffer.from('MERFCOL1');
const PREFIX = 16;
/** A block that claims more is none. */
const LARGEST = 512 * 1024 * 1024;

const Head = z.object({
  about: z.unknown(),
  columns: z.array(z.tuple([z.string(), z.enum(['u8', 'u16', 'u32', 'f64']), z.number().int().min(0)])),
});

/** Where a column's numbers stand in the file. */
export interface ColumnPlace {
  type: ColumnType;
  count: number;
  at: number;
}

export interface ColumnBlock {
  /** What its writer said of it; to be checked by who knows. */
  about: unknown;
  columns: ReadonlyMap<string, Column>;
  places: ReadonlyMap<string, ColumnPlace>;
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
    const { size } = fstatSync(this.file);
    if (this.at === 0) {
      const start = this.bytes(0, SIGNATURE.length);
      if (!start.equals(SIGNATURE)) return null;
      this.at = SIGNATURE.length;
    }
    if (this.at + PREFIX > size) return null;
    const prefix = this.bytes(this.at, PREFIX);
    if (prefix.length < PREFIX) return null;
    const [head, body, sum] = [prefix.readUInt32LE(0), prefix.readUInt32LE(4), prefix.readUInt32LE(8)];
    const from = this.at + PREFIX;
    if (prefix.readUInt32LE(12) !== 0 || head % 8 !== 0 || head + body > LARGEST || from + head + body > size)
      return null;
    const bytes = this.bytes(from, head + body);
    if (bytes.length < head + body || crc32(bytes) !== sum) return null;
    const block = decoded(bytes, head, from);
    if (block) this.at = from + head + body;
    return block;
  }

  /** One column by its place; shorter where the file has become so. */
  column({ type, count, at }: ColumnPlace): Column {
    const Type = COLUMN_TYPES[type];
    const bytes = this.bytes(at, count * Type.BYTES_PER_ELEMENT);
    return new Type(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / Type.BYTES_PER_ELEMENT));
  }

  close(): void {
    closeSync(this.file);
  }

  /** In memory of their own, which begins where every type may begin. */
  private bytes(at: number, length: number): Buffer<ArrayBuffer> {
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
  const columns = new Map<string, Column>();
  const places = new Map<string, ColumnPlace>();
  let at = headLength;
  for (const [name, type, count] of head.columns) {
    const Type = COLUMN_TYPES[type];
    const length = count * Type.BYTES_PER_ELEMENT;
    if (at + length > bytes.length) return null;
    columns.set(name, new Type(bytes.buffer, bytes.byteOffset + at, count));
    places.set(name, { type, count, at: from + at });
    at += length + padding(length);
  }
  return { about: head.about, columns, places };
}

function headOf(text: string): z.infer<typeof Head> | null {
  try {
    return Head.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
