// The rows of `task jsonl("problems.jsonl", test: 10%)`: read through once, each held against the columns, and from then
// on read by number. Parquet, which cannot be, is written out as JSON lines into a temporary file first.

import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MerfError } from '../../spec/error.ts';
import type { BadLine } from '../../spec/facts.ts';
import { shapeFits, shapeOf } from '../../spec/shapes.ts';
import type { Column, DataSource } from '../../spec/specification.ts';
import type { Row, Rows } from '../rows.ts';
import { cellShape, readCell } from './cell.ts';
import { readCsvHead, readCsvRow } from './csv.ts';
import { type FileRow, fileRows, unreadable } from './file_rows.ts';
import { readJsonRow } from './jsonl.ts';
import { sideOf } from './split.ts';
import { openRowFile, RecordPlaces, type RowFile, rowFile, StoredRows } from './stored_rows.ts';

export interface DataRows {
  /** SHA-256 of the file, in hexadecimal. */
  hash: string;
  train: Rows;
  test: Rows;
}

/**
 * @param folder from which the path counts
 * @throws MerfError when the file cannot be read, a row does not fit the columns, or a side has no row.
 */
export async function loadDataRows(source: DataSource, columns: readonly Column[], folder: string): Promise<DataRows> {
  const path = resolve(folder, source.path);
  try {
    return await load(source, columns, path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function load({ format, split }: DataSource, columns: readonly Column[], path: string): Promise<DataRows> {
  const hash = createHash('sha256');
  const open = columns.filter(({ secret }) => !secret).map(({ name }) => name);
  const sides = { train: new RecordPlaces(), test: new RecordPlaces() };
  const spilled = format === 'parquet' ? new Spill() : null;
  const bad: BadLine[] = [];
  let count = 0;
  const refuse = (line: number, why: string): void => {
    count++;
    if (bad.length < TOLD) bad.push({ line, why });
  };
  for await (const batch of fileRows(format, path, { hash })) {
    for (const each of batch) {
      const why = 'why' in each ? each.why : misfit(each.row, columns, format);
      const side = why === null && 'row' in each ? sideOf(each.row, split, open) : null;
      if (why !== null) refuse(each.line, why);
      else if (side === null) refuse(each.line, 'says neither train nor test in its split column');
      else if ('row' in each) sides[side].add(...placeOf(each, spilled));
    }
  }
  if (count > 0) throw badRows(path, format, bad, count);
  for (const side of ['train', 'test'] as const) {
    if (sides[side].length > 0) continue;
    throw new MerfError(`${path} gives no ${side} row.`, 'Add rows, or change `test:` or `seed:` of the task.');
  }
  const file = await openRows(path, format, columns, spilled);
  return {
    hash: hash.digest('hex'),
    train: new StoredRows(file, sides.train),
    test: new StoredRows(file, sides.test),
  };
}

const TOLD = 3;

function badRows(path: string, format: DataSource['format'], bad: readonly BadLine[], count: number): MerfError {
  const what = format === 'parquet' ? 'row' : 'line';
  const listed = bad.map(({ line, why }) => `  ${what} ${line} ${why}`);
  const more = count > bad.length ? [`  and ${count - bad.length} more`] : [];
  const rows = count === 1 ? 'a row that does' : `${count} rows that do`;
  return new MerfError(
    `${path} has ${rows} not fit:\n${[...listed, ...more].join('\n')}\n`,
    'Correct them, or change the columns that the task declares.',
  );
}

/** Which column of a row is not of its type; null: all are. */
function misfit(row: Row, columns: readonly Column[], format: DataSource['format']): string | null {
  for (const { name, type } of columns) {
    const value = Object.hasOwn(row, name) ? row[name] : null;
    if (format === 'csv' && type.kind === 'text') continue;
    const shape = format === 'csv' && typeof value === 'string' ? cellShape(value) : shapeOf(value);
    if (!shapeFits(shape, type)) return `has another value than a ${type.kind} in \`${name}\``;
  }
  return null;
}

function placeOf(each: Extract<FileRow, { row: Row }>, spilled: Spill | null): [start: number, end: number] {
  return spilled ? spilled.write(each.row) : [each.start, each.end];
}

async function openRows(
  path: string,
  format: DataSource['format'],
  columns: readonly Column[],
  spilled: Spill | null,
): Promise<RowFile> {
  const chosen = (row: Row | string, value: (cell: unknown, column: Column) => unknown): Row | string =>
    typeof row === 'string'
      ? row
      : Object.fromEntries(columns.map((column) => [column.name, value(row[column.name] ?? null, column)]));
  const asItIs = (value: unknown) => value;
  if (spilled) return rowFile(path, spilled.descriptor, (bytes) => chosen(readJsonRow(bytes), asItIs));
  if (format === 'jsonl') return openRowFile(path, (bytes) => chosen(readJsonRow(bytes), asItIs));
  const head = await readCsvHead(path);
  const typed = (cell: unknown, { type }: Column) => (typeof cell === 'string' ? readCell(cell, type) : null);
  return openRowFile(path, (bytes) => chosen(readCsvRow(bytes, head), typed));
}

/** A temporary file of JSON lines, without a name from the start: it is gone with the process. */
class Spill {
  readonly descriptor: number;
  private size = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'merf-rows-'));
    this.descriptor = openSync(join(folder, 'rows.jsonl'), 'w+');
    rmSync(folder, { recursive: true, force: true });
  }

  write(row: Row): [start: number, end: number] {
    const bytes = Buffer.from(`${JSON.stringify(row)}\n`);
    const start = this.size;
    writeSync(this.descriptor, bytes, 0, bytes.length, start);
    this.size += bytes.length;
    return [start, this.size - 1];
  }
}
