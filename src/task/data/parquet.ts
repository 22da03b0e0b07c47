// Parquet, one row group after the other (hyparquet). Values become what JSON can hold: whole numbers that are too large
// become texts, times become ISO 8601, bytes are none.

import { open } from 'node:fs/promises';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { MerfError } from '../../spec/error.ts';
import type { FileRow, Row } from './file_rows.ts';
import type { ReadOptions } from './records.ts';

export async function* parquetRows(path: string, { signal, hash }: ReadOptions): AsyncGenerator<FileRow[]> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    for (let at = 0; hash && at < size; at += CHUNK) {
      signal?.throwIfAborted();
      hash.update(Buffer.from(await slice(at, Math.min(size, at + CHUNK))));
    }
    const file: AsyncBuffer = { byteLength: size, slice: (start, end = size) => slice(start, end) };
    const metadata = await understood(path, () => parquetMetadataAsync(file));
    let first = 0;
    for (const group of metadata.row_groups) {
      signal?.throwIfAborted();
      const count = Number(group.num_rows);
      const range = { rowStart: first, rowEnd: first + count };
      const rows = await understood(path, () => parquetReadObjects({ file, metadata, compressors, ...range }));
      yield rows.map((row, i) => ({ line: first + i + 1, start: 0, end: 0, row: plainRow(row) }));
      first += count;
    }
  } finally {
    await handle.close();
  }

  async function slice(start: number, end: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(Math.max(0, end - start));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.buffer;
  }
}

const CHUNK = 1 << 20;

/** What hyparquet throws is about the file's content. */
async function understood<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : String(error);
    throw new MerfError(`${path} is not a Parquet file that can be read (${why}).`, 'Write the file again.');
  }
}

function plainRow(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === undefined || typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return isNumbers(value) ? [...value].map(plainValue) : null;
  if (Array.isArray(value)) return value.map(plainValue);
  return plainRow({ ...value });
}

/** A list of numbers, not bytes. */
function isNumbers(value: ArrayBufferView): value is Float64Array {
  return !(value instanceof Uint8Array) && !(value instanceof DataView);
}
