// A value as an answer would write it, for each way a capture reads: a record through the pattern of `assignments`, JSON
// as JSON, a number in digits. And the way back to what is the same for many rows: in `Zoey is a knave, Oliver is a
// knight` the names belong to the row, while "second role, first role" (its code) can be said of any row with two names.

import type { Maybe, Value } from '../reward/value.ts';
import { writeValue } from '../reward/value.ts';
import { plain } from '../spec/number_text.ts';
import type { Capture } from '../spec/specification.ts';

/** A row's columns by name. */
export type Columns = (name: string) => Maybe;

/** As plain words: a list with commas, a record as `name: value`. */
export function wordsOf(value: Maybe): string {
  if (value === null) return '';
  if (typeof value === 'number') return plain(value);
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  if (value instanceof Map) return [...value].map(([name, field]) => `${name}: ${wordsOf(field)}`).join(', ');
  return String(value);
}

/** The text in which the capture finds the value, or might. */
export function answerText(capture: Capture | null, value: Value, columns: Columns): string {
  switch (capture?.extractor.kind) {
    case 'assignments': {
      const pairs = pairsOf(value, capture, columns);
      return pairs === null ? wordsOf(value) : assignmentText(capture.extractor.pattern, pairs);
    }
    case 'json':
      return JSON.stringify(writeValue(value));
    case 'lines':
      return Array.isArray(value) ? value.map(wordsOf).join('\n') : wordsOf(value);
    default:
      return wordsOf(value);
  }
}

/** A record's entries in the order of the names' column, else in its own. */
export function pairsOf(value: Value, capture: Capture, columns: Columns): [string, string][] | null {
  if (!(value instanceof Map)) return null;
  const order = holeValues(capture, 0, columns) ?? [...value.keys()];
  return order.flatMap((name): [string, string][] => {
    const said = value.get(name);
    return said === undefined ? [] : [[name, wordsOf(said)]];
  });
}

export function assignmentText(pattern: string, pairs: readonly [string, string][], between = ', '): string {
  return pairs
    .map((pair) => {
      let hole = 0;
      return pattern.replaceAll(/\{\w+\}/g, () => pair[hole++] ?? '');
    })
    .join(between);
}

/** What a hole of the capture's pattern can stand for, where a column lists it. */
export function holeValues(capture: Capture, hole: 0 | 1, columns: Columns): string[] | null {
  if (capture.extractor.kind !== 'assignments') return null;
  const name = [...capture.extractor.pattern.matchAll(/\{(\w+)\}/g)][hole]?.[1];
  return texts(columns(`${name}s`));
}

/** The options of a `choice` on this row. */
export function optionsOf(capture: Capture | null, columns: Columns): string[] | null {
  if (capture?.extractor.kind !== 'choice') return null;
  const { options } = capture.extractor;
  return Array.isArray(options) ? options : texts(columns(options.column));
}

function texts(value: Maybe): string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

/** What an answer says without the names of its row; `shape`: rows of one shape can be given the same code. */
export interface Code {
  shape: string;
  code: string;
}

export function encode(capture: Capture | null, value: Value, columns: Columns): Code {
  const options = optionsOf(capture, columns);
  const chosen = options?.indexOf(wordsOf(value)) ?? -1;
  if (options !== null && chosen >= 0) return { shape: `${options.length}`, code: `#${chosen}` };
  if (capture?.extractor.kind === 'assignments') {
    const pairs = pairsOf(value, capture, columns);
    const roles = holeValues(capture, 1, columns);
    const isKnown = holeValues(capture, 0, columns) !== null;
    if (pairs !== null && isKnown) {
      const said = pairs.map(([, role]) => (roles === null ? role : `#${roles.indexOf(role)}`));
      return { shape: `${pairs.length}`, code: said.join('|') };
    }
  }
  return { shape: '', code: answerText(capture, value, columns) };
}

/** The text that says the code on another row of its shape. */
export function decode(capture: Capture | null, { code }: Code, columns: Columns): string {
  const options = optionsOf(capture, columns);
  if (options !== null && code.startsWith('#')) return options[Number(code.slice(1))] ?? '';
  if (capture?.extractor.kind === 'assignments') {
    const names = holeValues(capture, 0, columns);
    const roles = holeValues(capture, 1, columns);
    if (names !== null) {
      const said = code.split('|');
      const pairs = names.map((name, i): [string, string] => {
        const one = said[i] ?? '';
        return [name, one.startsWith('#') ? (roles?.[Number(one.slice(1))] ?? '') : one];
      });
      return assignmentText(capture.extractor.pattern, pairs);
    }
  }
  return code;
}
