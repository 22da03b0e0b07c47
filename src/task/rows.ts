// Rows by number: all in memory, or read from a file each time one is asked for.

export type Row = Record<string, unknown>;

/** A list of rows is one. */
export interface Rows extends Iterable<Row> {
  readonly length: number;
  /** The row of a number from 0 to length - 1. */
  at(index: number): Row | undefined;
}

/** The first rows, or all of them. */
export function firstRows(rows: Rows, count = rows.length): Row[] {
  const first: Row[] = [];
  for (const row of rows) {
    if (first.length >= count) break;
    first.push(row);
  }
  return first;
}
