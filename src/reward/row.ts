// A row as the reward reads it: each declared column by its type; what is missing or does not fit is none. A row that
// a person writes (an example, a line for `merf score`) may leave out a column that is the same in every row of its
// task; it is filled in here, so that such a row is scored as the task's own rows are.

import type { Column, Specification } from '../spec/specification.ts';
import { type Maybe, readValue } from './value.ts';

export type Row = Readonly<Record<string, unknown>>;

const STANDARD: ReadonlyMap<string, Row> = new Map([['knights_and_knaves', { roles: ['knight', 'knave'] }]]);

/** What was read of a row by a task's columns: the responses of a group share their row. */
const readings = new WeakMap<readonly Column[], WeakMap<Row, Map<string, Maybe>>>();

function readingOf(columns: readonly Column[], row: Row): Map<string, Maybe> {
  const rows = readings.get(columns) ?? new WeakMap<Row, Map<string, Maybe>>();
  readings.set(columns, rows);
  const reading = rows.get(row) ?? new Map<string, Maybe>();
  rows.set(row, reading);
  return reading;
}

/** Reads columns of a row by name, each once for all its responses; an undeclared column is none. */
export function columnReader(spec: Pick<Specification, 'task'>, row: Row): (name: string) => Maybe {
  const standard = STANDARD.get(spec.task.name) ?? {};
  const read = readingOf(spec.task.columns, row);
  return (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const column = spec.task.columns.find((one) => one.name === name);
    const json = Object.hasOwn(row, name) ? row[name] : Object.hasOwn(standard, name) ? standard[name] : null;
    const value = column === undefined ? null : readValue(column.type, json);
    read.set(name, value);
    return value;
  };
}
