// What the captures found, as columns: what kind of value it is, the value or where it stands, and its length. Short
// texts are a number in a list of texts; long ones stand in the response. Pure.

import { type Column, narrowed } from '../columns/column.ts';

/** none, a value, or where the found text stands in the response's small letters: `[start, length]` in bytes. */
export type CaptureValue = null | number | boolean | string | readonly [number, number];

export interface CaptureColumn {
  kind: Column;
  value: Column;
  length: Column;
  texts: readonly string[];
}

const KINDS = { none: 0, number: 1, bool: 2, text: 3, range: 4 } as const;

export function captureColumn(values: readonly CaptureValue[]): CaptureColumn {
  const texts = new Map<string, number>();
  const [kind, value, length]: [number[], number[], number[]] = [[], [], []];
  const put = (a: number, b: number, c: number) => {
    kind.push(a);
    value.push(b);
    length.push(c);
  };
  for (const found of values) {
    if (found === null) put(KINDS.none, 0, 0);
    else if (typeof found === 'number') put(KINDS.number, found, 0);
    else if (typeof found === 'boolean') put(KINDS.bool, found ? 1 : 0, 0);
    else if (typeof found === 'string') {
      const place = texts.get(found) ?? texts.size;
      texts.set(found, place);
      put(KINDS.text, place, 0);
    } else put(KINDS.range, found[0], found[1]);
  }
  return { kind: narrowed(kind), value: narrowed(value), length: narrowed(length), texts: [...texts.keys()] };
}

export function captureAt(column: CaptureColumn | undefined, row: number): CaptureValue {
  if (!column) return null;
  const value = column.value[row] ?? 0;
  switch (column.kind[row]) {
    case KINDS.number:
      return value;
    case KINDS.bool:
      return value === 1;
    case KINDS.text:
      return column.texts[value] ?? null;
    case KINDS.range:
      return [value, column.length[row] ?? 0];
    default:
      return null;
  }
}
