// JSON lines: one object a line (https://jsonlines.org).

import type { FileRow, Row } from './file_rows.ts';
import { type FileRecord, type ReadOptions, recordsOf } from './records.ts';

export async function* jsonlRows(path: string, options: ReadOptions): AsyncGenerator<FileRow[]> {
  for await (const records of recordsOf(path, null, options)) yield records.map(rowOf);
}

function rowOf({ line, start, end, bytes }: FileRecord): FileRow {
  if (bytes === null) return { line, why: 'is too long to be a row' };
  const read = readJsonRow(bytes);
  return typeof read === 'string' ? { line, why: read } : { line, start, end, row: read };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The object, or why it is none. */
export function readJsonRow(bytes: Uint8Array): Row | string {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) return 'is not text in UTF-8';
    return 'is not JSON';
  }
  if (isRow(value)) return value;
  const what = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
  return `is ${what}, not an object of columns`;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
