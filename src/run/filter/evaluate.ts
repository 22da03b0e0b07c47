// Whether a response passes a filter. A filter is prepared for a block of responses once, so that a test of one is a few
// reads from columns. A comparison with none does not hold, in either direction; `not` turns that around.

import type { Column } from '../columns/column.ts';
import type { Block } from '../rollouts/block.ts';
import { type CaptureValue, captureAt } from '../rollouts/capture_column.ts';
import type { BlockTexts } from '../rollouts/texts.ts';
import type { Comparison, Fact, Field, Filter, Operand } from './expression.ts';

/** What a filter needs beside the block's own columns. */
export interface FilterSurroundings {
  texts(): BlockTexts;
  /** A metric at the block's step; null: it was not written. */
  metric(name: string): number | null;
  right(row: number): boolean;
  starred(row: number): boolean;
  /** '' where there is none. */
  note(row: number): string;
}

export type RowTest = (row: number) => boolean;
type Value = number | string | boolean | null;
/** Either a value, or a text that is only searched. */
interface Reading {
  value: (row: number) => Value;
  has: (row: number, needle: string) => boolean;
}

export function prepareFilter(filter: Filter, block: Block, around: FilterSurroundings): RowTest {
  const prepare = (inner: Filter): RowTest => prepareFilter(inner, block, around);
  const read = (operand: Operand): Reading => readingOf(operand, block, around);
  switch (filter.kind) {
    case 'and': {
      // conditions have no effects: what columns say is asked first, texts are read of the rest alone
      const isDear = readsTexts(filter.left) && !readsTexts(filter.right);
      const [first, second] = isDear ? [filter.right, filter.left] : [filter.left, filter.right];
      const [left, right] = [prepare(first), prepare(second)];
      return (row) => left(row) && right(row);
    }
    case 'or': {
      const [left, right] = [prepare(filter.left), prepare(filter.right)];
      return (row) => left(row) || right(row);
    }
    case 'not': {
      const operand = prepare(filter.operand);
      return (row) => !operand(row);
    }
    case 'compare':
      return comparison(filter.sign, filter.left, filter.right, block, around);
    case 'contains': {
      const { has } = read(filter.left);
      return (row) => has(row, filter.text);
    }
    case 'isNone': {
      const { value } = read(filter.operand);
      return (row) => value(row) === null;
    }
    case 'holds': {
      const { value } = read(filter.operand);
      return (row) => {
        const found = value(row);
        return found !== null && found !== false && found !== '';
      };
    }
  }
}

/** Whether it may have to look into the texts. */
function readsTexts(filter: Filter): boolean {
  return fieldsOf(filter).some(({ kind, name }) => kind === 'capture' || name === 'text' || name === 'prompt_text');
}

/** Whether it needs the run's metrics. */
export function asksForMetrics(filter: Filter | null): boolean {
  return filter !== null && fieldsOf(filter).some(({ kind }) => kind === 'metric');
}

function fieldsOf(filter: Filter): Field[] {
  const of = (...operands: Operand[]) => operands.flatMap((one) => (one.kind === 'field' ? one.field : []));
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...fieldsOf(filter.left), ...fieldsOf(filter.right)];
    case 'not':
      return fieldsOf(filter.operand);
    case 'compare':
      return of(filter.left, filter.right);
    case 'contains':
      return of(filter.left);
    case 'isNone':
    case 'holds':
      return of(filter.operand);
  }
}

function comparison(
  sign: Comparison,
  left: Operand,
  right: Operand,
  block: Block,
  around: FilterSurroundings,
): RowTest {
  const [a, b] = [readingOf(left, block, around), readingOf(right, block, around)];
  const same = sameness(left, right, block, around);
  if (sign === '==') return (row) => same(row) === true;
  if (sign === '!=') return (row) => same(row) === false;
  return (row) => {
    const [x, y] = [a.value(row), b.value(row)];
    if (typeof x !== 'number' || typeof y !== 'number') {
      const [p, q] = [numberOf(x), numberOf(y)];
      return p !== null && q !== null && ordered(sign, p, q);
    }
    return ordered(sign, x, y);
  };
}

/** Equal, not equal, or null where one of them is none. A long capture is compared where it stands. */
function sameness(
  left: Operand,
  right: Operand,
  block: Block,
  around: FilterSurroundings,
): (row: number) => boolean | null {
  const [a, b] = [readingOf(left, block, around), readingOf(right, block, around)];
  const long = longCapture(left, block) ?? longCapture(right, block);
  const text = left.kind === 'text' ? left.value : right.kind === 'text' ? right.value : null;
  return (row) => {
    const range = long?.(row) ?? null;
    if (range !== null && text !== null) return around.texts().partIs(row, range[0], range[1], text);
    const [x, y] = [a.value(row), b.value(row)];
    if (x === null || y === null) return null;
    if (typeof x === typeof y) return x === y;
    const [p, q] = [numberOf(x), numberOf(y)];
    return p !== null && q !== null ? p === q : String(x) === String(y);
  };
}

function longCapture(operand: Operand, block: Block): ((row: number) => readonly [number, number] | null) | null {
  if (operand.kind !== 'field' || operand.field.kind !== 'capture') return null;
  const column = block.captures.get(operand.field.name);
  return (row) => {
    const value = captureAt(column, row);
    return isRange(value) ? value : null;
  };
}

function ordered(sign: Comparison, x: number, y: number): boolean {
  if (sign === '<') return x < y;
  if (sign === '<=') return x <= y;
  if (sign === '>') return x > y;
  return x >= y;
}

/** A number, also one that was read as text: `"42"`. */
function numberOf(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

function readingOf(operand: Operand, block: Block, around: FilterSurroundings): Reading {
  if (operand.kind !== 'field') return plain(() => operand.value);
  const { field } = operand;
  switch (field.kind) {
    case 'rule':
    case 'case': {
      const column = block.rules.get(field.name)?.[field.kind === 'rule' ? 'score' : 'case'];
      return plain((row) => number(column, row));
    }
    case 'metric': {
      const value = around.metric(field.name);
      return plain(() => value);
    }
    case 'capture':
      return capture(field, block, around);
    case 'fact':
      return factOf(field.name, block, around);
  }
}

function capture(field: Field, block: Block, around: FilterSurroundings): Reading {
  const column = block.captures.get(field.name);
  return {
    // a long text is there, which is all that can be asked of it beside its words
    value: (row) => {
      const value = captureAt(column, row);
      return isRange(value) ? '…' : value;
    },
    has: (row, needle) => {
      const value = captureAt(column, row);
      if (isRange(value)) return around.texts().partHas(row, value[0], value[1], needle);
      return value !== null && String(value).includes(needle);
    },
  };
}

function factOf(name: Fact, block: Block, around: FilterSurroundings): Reading {
  const { columns, set } = block;
  switch (name) {
    case 'step':
      return plain(() => set.step);
    case 'reward':
    case 'advantage':
    case 'tokens':
    case 'row':
      return plain((row) => number(columns[name], row));
    // counted from 1, as the panel shows them
    case 'prompt':
    case 'sample':
      return plain((row) => (columns[name][row] ?? 0) + 1);
    case 'finished':
      return plain((row) => columns.finished[row] === 1);
    case 'invalid':
      return plain((row) => Number.isNaN(columns.reward[row]));
    case 'right':
      return plain(around.right);
    case 'starred':
      return plain(around.starred);
    case 'note':
      return plain((row) => around.note(row).toLowerCase() || null);
    case 'text':
      return {
        value: (row) => (around.texts().isEmpty(row) ? null : '…'),
        has: (row, needle) => around.texts().responseHas(row, needle),
      };
    case 'prompt_text':
      return { value: () => '…', has: (row, needle) => around.texts().promptHas(row, needle) };
  }
}

function plain(value: (row: number) => Value): Reading {
  return {
    value,
    has: (row, needle) => {
      const found = value(row);
      return found !== null && String(found).toLowerCase().includes(needle);
    },
  };
}

function isRange(value: CaptureValue): value is readonly [number, number] {
  return typeof value === 'object' && value !== null;
}

function number(column: Column | undefined, row: number): number | null {
  const value = column?.[row] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}
