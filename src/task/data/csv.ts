// CSV (RFC 4180): the first record names the columns, every value is a text. Commas, semicolons or tabs, whichever the
// first record has most of. Records are cut by records.ts, so that a broken one costs only itself; papaparse reads them.

import { open } from 'node:fs/promises';
import Papa from 'papaparse';
import { MerfError } from '../../spec/error.ts';
import type { FileRow, Row } from './file_rows.ts';
import { type FileRecord, type ReadOptions, recordsOf } from './records.ts';

export interface CsvHead {
  columns: string[];
  delimiter: string;
}

export async function* csvRows(path: string, options: ReadOptions): AsyncGenerator<FileRow[]> {
  const delimiter = await delimiterOf(path);
  let head: CsvHead | null = null;
  for await (const records of recordsOf(path, { delimiter: delimiter.charCodeAt(0) }, options)) {
    head ??= headOf(path, records.shift(), delimiter);
    yield rowsOf(records, head);
  }
}

/** The columns of a file and what stands between them. @throws MerfError when the first record is no head. */
export async function readCsvHead(path: string): Promise<CsvHead> {
  const delimiter = await delimiterOf(path);
  for await (const [first] of recordsOf(path, { delimiter: delimiter.charCodeAt(0) })) {
    return headOf(path, first, delimiter);
  }
  return headOf(path, undefined, delimiter);
}

/** One record as a row, or why it is none. */
export function readCsvRow(bytes: Uint8Array, head: CsvHead): Row | string {
  const text = textOf(bytes);
  return text === null ? 'is not text in UTF-8' : rowOf(readCells(text, head.delimiter), head);
}

const DELIMITERS = [',', ';', '\t'] as const;
const HEAD = 64 * 1024;

async function delimiterOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const [line = ''] = buffer
      .subarray(0, bytesRead)
      .toString('latin1')
      .replaceAll(/"[^"]*"/g, '')
      .split('\n');
    const counts = DELIMITERS.map((one) => line.split(one).length);
    return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  } finally {
    await file.close();
  }
}

function headOf(path: string, first: FileRecord | undefined, delimiter: string): CsvHead {
  const text = first?.bytes ? textOf(first.bytes) : null;
  const cells = text === null ? null : readCells(text, delimiter);
  if (!Array.isArray(cells)) {
    throw new MerfError(`${path} has no first line with the names of columns.`, 'Write them there: question,answer.');
  }
  const columns = cells.map((cell) => cell.trim());
  const twice = columns.find((name, i) => columns.indexOf(name) < i);
  if (twice !== undefined) {
    throw new MerfError(`${path} has two columns ${twice === '' ? 'without a name' : twice}.`, 'Rename one of them.');
  }
  return { columns, delimiter };
}

/** A batch at once, which is several times quicker; where that cannot be told apart, one by one. */
function rowsOf(records: readonly FileRecord[], head: CsvHead): FileRow[] {
  const texts = records.map(({ bytes }) => (bytes ? textOf(bytes) : null));
  const whole = texts.every((text) => text !== null) ? Papa.parse<string[]>(texts.join('\n'), settings(head)) : null;
  const isPlain = whole !== null && whole.errors.length === 0 && whole.data.length === records.length;
  return records.map(({ line, start, end, bytes }, i): FileRow => {
    const text = texts[i] ?? null;
    if (bytes === null) return { line, why: 'is too long to be a row (a `"` may not be closed)' };
    if (text === null) return { line, why: 'is not text in UTF-8' };
    const row = rowOf((isPlain ? whole.data[i] : undefined) ?? readCells(text, head.delimiter), head);
    return typeof row === 'string' ? { line, why: row } : { line, start, end, row };
  });
}

const settings = ({ delimiter }: Pick<CsvHead, 'delimiter'>) => ({ delimiter, newline: '\n' as const });

/** A record's cells, or why they cannot be told. */
function readCells(text: string, delimiter: string): string[] | string {
  const { data, errors } = Papa.parse<string[]>(text, settings({ delimiter }));
  const [cells] = data;
  if (errors.some(({ type }) => type === 'Quotes')) return 'has a `"` that is not closed, or text after one';
  return cells && data.length === 1 ? cells : 'is not one record';
}

function rowOf(cells: string[] | string, { columns }: CsvHead): Row | string {
  if (typeof cells === 'string') return cells;
  if (cells.length !== columns.length) {
    return `has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, and there are ${columns.length} columns`;
  }
  return Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}
