// What a data file holds, found out in one pass: how many rows, which columns with which types, and where something is
// wrong. Nothing of the rows is kept, so the file may be larger than memory.

import { createHash } from 'node:crypto';
import { MerfError } from '../../spec/error.ts';
import type { BadLine, ColumnFacts, DataFacts, Shape, ShapeCount } from '../../spec/facts.ts';
import { commonCellType, commonType, nameless, shapeOf } from '../../spec/shapes.ts';
import type { DataSource } from '../../spec/specification.ts';
import { cellShape } from './cell.ts';
import { fileRows, type Row, unreadable } from './file_rows.ts';

/** Bad lines, and lines for each shape, that are told. */
export const TOLD = 3;
const MOST_COLUMNS = 1000;
/** Beyond so many shapes of a column the names of objects are not told apart. */
const MOST_SHAPES = 100;
/** A column with more distinct texts than this is not one of choices. */
const MOST_TEXTS = 20;
const LONGEST_TEXT = 80;

/**
 * @param path where the file lies
 * @throws MerfError when it cannot be read or is not of the format.
 */
export async function readDataFacts(
  format: DataSource['format'],
  path: string,
  signal?: AbortSignal,
): Promise<DataFacts> {
  const hash = createHash('sha256');
  const isText = format === 'csv';
  const columns = new Map<string, ColumnCounts>();
  const unread = { count: 0, first: [] as BadLine[] };
  let rows = 0;
  try {
    for await (const batch of fileRows(format, path, { signal, hash })) {
      for (const each of batch) {
        if ('row' in each) {
          rows++;
          look(each.row, each.line, columns, isText, path);
        } else note(unread, { line: each.line, why: each.why });
      }
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreadable(path, error);
  }
  return {
    hash: hash.digest('hex'),
    rows,
    columns: [...columns].map(([name, counts]) => counts.facts(name, rows, isText)),
    unreadable: unread,
  };
}

function note(bad: DataFacts['unreadable'], line: BadLine): void {
  bad.count++;
  if (bad.first.length < TOLD) bad.first.push(line);
}

function look(row: Row, line: number, columns: Map<string, ColumnCounts>, isText: boolean, path: string): void {
  for (const [name, value] of Object.entries(row)) {
    let counts = columns.get(name);
    if (!counts) {
      if (columns.size === MOST_COLUMNS) {
        throw new MerfError(
          `${path} has more than ${MOST_COLUMNS} columns.`,
          'Put what differs from row to row into one column, as an object.',
        );
      }
      counts = new ColumnCounts();
      columns.set(name, counts);
    }
    counts.add(isText && typeof value === 'string' ? cellShape(value) : shapeOf(value), line);
    if (typeof value === 'string') counts.text(value);
  }
}

class ColumnCounts {
  private readonly shapes = new Map<string, ShapeCount>();
  private texts: Set<string> | null = new Set();
  private seen = 0;

  add(shape: Shape, line: number): void {
    this.seen++;
    const counted = this.shapes.size < MOST_SHAPES ? shape : nameless(shape);
    const key = 'of' in counted || 'fields' in counted ? JSON.stringify(counted) : counted.kind;
    const known = this.shapes.get(key);
    if (known) {
      known.rows++;
      if (known.lines.length < TOLD) known.lines.push(line);
    } else if (this.shapes.size < 2 * MOST_SHAPES) this.shapes.set(key, { shape: counted, rows: 1, lines: [line] });
  }

  text(value: string): void {
    this.texts?.add(value);
    if (value.length > LONGEST_TEXT || (this.texts?.size ?? 0) > MOST_TEXTS) this.texts = null;
  }

  facts(name: string, rows: number, isText: boolean): ColumnFacts {
    const shapes = [...this.shapes.values()].sort((a, b) => b.rows - a.rows);
    if (this.seen < rows) shapes.push({ shape: { kind: 'none' }, rows: rows - this.seen, lines: [] });
    const type = isText ? commonCellType(shapes) : commonType(shapes);
    return { name, type, shapes, texts: this.texts && this.texts.size > 0 ? [...this.texts].sort() : null };
  }
}
