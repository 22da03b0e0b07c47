// What the builtin functions compute; spec/functions.ts declares them and a test holds the two sets equal. Arguments
// arrive present (the evaluator answers none for none); a wrong type or an impossible number gives none. Model output
// runs through these, so each is linear in its input, or in its output, which is bounded.

import { clamp, linear, round } from '../spec/shaping.ts';
import { numberOf } from './extract/number.ts';
import { isSpace, occurrences, trim } from './scan.ts';
import { exactly, onceInOrder } from './structure.ts';
import { equal, type Maybe, type Value } from './value.ts';

export type Implementation =
  | { over: 'values'; apply: (values: readonly Value[]) => Maybe }
  /** Takes captures made with `tag` by their tags, and looks at the whole response. */
  | { over: 'tags'; apply: (response: string, tags: readonly string[]) => boolean };

/** Longest text an expression may build; `replace` on a hostile response could otherwise fill the memory. */
export const LONGEST_TEXT = 16 * 1024 * 1024;

export const IMPLEMENTATIONS: ReadonlyMap<string, Implementation> = new Map<string, Implementation>([
  ['exactly', { over: 'tags', apply: exactly }],
  ['once_in_order', { over: 'tags', apply: onceInOrder }],

  ['covers', values(([record, names]) => covers(record, names))],
  ['same_text', ofTexts((a, b) => normal(a) === normal(b))],
  ['same_number', values(([a, b, tolerance = 0]) => sameNumber(a, b, tolerance))],

  ['lower', ofTexts((text) => text.toLowerCase())],
  ['upper', ofTexts((text) => text.toUpperCase())],
  ['trim', ofTexts((text) => trim(text))],
  ['words', ofTexts((text) => words(text))],
  ['lines', ofTexts((text) => lines(text))],
  ['length', values(([value]) => length(value))],
  ['contains', ofTexts((text, part) => text.includes(part))],
  ['starts_with', ofTexts((text, start) => text.startsWith(start))],
  ['ends_with', ofTexts((text, end) => text.endsWith(end))],
  ['replace', ofTexts((text, part, by) => replace(text, part, by))],

  ['abs', ofNumbers((x) => Math.abs(x))],
  ['min', ofNumbers((...numbers) => Math.min(...numbers))],
  ['max', ofNumbers((...numbers) => Math.max(...numbers))],
  ['round', ofNumbers((x, digits = 0) => round(x, digits))],
  ['clamp', ofNumbers((x, low, high) => clamp(x, low, high))],
  ['linear', ofNumbers((x, x0, y0, x1, y1) => linear(x, x0, y0, x1, y1))],
]);

function values(apply: (values: readonly Value[]) => Maybe): Implementation {
  return { over: 'values', apply };
}

function ofTexts(apply: (a: string, b: string, c: string) => Maybe): Implementation {
  return values((given) => {
    const texts = given.filter((value) => typeof value === 'string');
    const [a, b = '', c = ''] = texts;
    return a === undefined || texts.length !== given.length ? null : apply(a, b, c);
  });
}

function ofNumbers(apply: (x: number, b: number, c: number, d: number, e: number) => number): Implementation;
function ofNumbers(apply: (...numbers: number[]) => number): Implementation {
  return values((given) => {
    const numbers = given.filter((value) => typeof value === 'number');
    return numbers.length === 0 || numbers.length !== given.length ? null : finite(apply(...numbers));
  });
}

/** The number, or none where it is not one; never the negative zero. */
export function finite(x: number): number | null {
  return Number.isFinite(x) ? x + 0 : null;
}

function covers(record: Value | undefined, names: Value | undefined): Maybe {
  if (!(record instanceof Map) || !Array.isArray(names)) return null;
  return record.size === new Set(names).size && names.every((name) => typeof name === 'string' && record.has(name));
}

function normal(text: string): string {
  return words(text.toLowerCase()).join(' ');
}

function words(text: string): string[] {
  const found: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const inside = at < text.length && !isSpace(text.charAt(at));
    if (inside && start < 0) start = at;
    if (!inside && start >= 0) {
      found.push(text.slice(start, at));
      start = -1;
    }
  }
  return found;
}

function lines(text: string): string[] {
  const found = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  return found.at(-1) === '' ? found.slice(0, -1) : found;
}

function length(value: Value | undefined): Maybe {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  if (typeof value !== 'string') return null;
  let count = 0;
  for (const _ of value) count++;
  return count;
}

function replace(text: string, part: string, by: string): Maybe {
  if (part === '') return text;
  const length = text.length + occurrences(text, part) * (by.length - part.length);
  return length > LONGEST_TEXT ? null : text.split(part).join(by);
}

/** A number, or a text that is one. */
function readNumber(value: Value | undefined): number | null {
  return typeof value === 'string' ? numberOf(value) : typeof value === 'number' ? value : null;
}

function sameNumber(a: Value | undefined, b: Value | undefined, tolerance: Value): Maybe {
  const [x, y] = [readNumber(a), readNumber(b)];
  if (typeof tolerance !== 'number') return null;
  return x !== null && y !== null && (equal(x, y) || Math.abs(x - y) <= tolerance);
}
