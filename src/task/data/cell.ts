// A cell of a CSV file: text, which is also a number, true or false, or JSON where it looks like one.

import type { ValueType } from '../../spec/expression.ts';
import type { Shape } from '../../spec/facts.ts';
import { shapeOf } from '../../spec/shapes.ts';

/** As numbers are usually written; `007` is a name. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

export function cellShape(cell: string): Shape {
  const text = cell.trim();
  if (text === '') return { kind: 'none' };
  if (isNumber(text)) return { kind: 'number' };
  if (/^(true|false)$/i.test(text)) return { kind: 'bool' };
  if (!/^[[{]/.test(text)) return { kind: 'text' };
  const value = jsonOf(text);
  return value === null ? { kind: 'text' } : shapeOf(value);
}

/** The cell as a value of the type; null: there is none, or it does not fit. */
export function readCell(cell: string, type: ValueType): unknown {
  const text = cell.trim();
  switch (type.kind) {
    case 'text':
      return cell;
    case 'number':
      return isNumber(text) ? Number(text) : null;
    case 'bool':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null;
    default:
      return jsonOf(text);
  }
}

function isNumber(text: string): boolean {
  return text.length <= 40 && NUMBER.test(text) && isExact(text);
}

/** A whole number that is too large to be kept exactly, such as an id, stays a text. */
function isExact(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(value));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
