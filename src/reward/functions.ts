// What the builtin functions compute; spec/functions.ts declares them and a test holds the two sets equal. Arguments
// arrive present (the evaluator answers none for none); a wrong type or an impossible number gives none. Model output
// runs through these, so each is linear in its input, or in its output, which is bounded.

import { clamp, cosine, linear, round } from '../spec/shaping.ts';
import { countdownValue } from './countdown.ts';
import { isJson } from './extract/json.ts';
import { numberOf } from './extract/number.ts';
import { compilePattern } from './extract/pattern.ts';
import { normal, overlap, repetition, similarity, words } from './likeness.ts';
import { sameMath } from './math/same.ts';
import { occurrences, trim } from './scan.ts';
import { exactly, onceInOrder } from './structure.ts';
import { equal, keyOf, type Maybe, type Value } from './value.ts';

export type Implementation =
  | { over: 'values'; apply: (values: readonly Value[]) => Maybe }
  /** Takes captures made with `tag` by their tags, and looks at the whole response. */
  | { over: 'tags'; apply: (response: string, tags: readonly string[]) => boolean }
  /** Looks at the whole response, unless it is given a text. */
  | { over: 'response'; apply: (response: string, values: readonly Value[]) => Maybe };

/** Longest text an expression may build; `replace` on a hostile response could otherwise fill the memory. */
export const LONGEST_TEXT = 16 * 1024 * 1024;

export const IMPLEMENTATIONS: ReadonlyMap<string, Implementation> = new Map<string, Implementation>([
  ['exactly', { over: 'tags', apply: exactly }],
  ['once_in_order', { over: 'tags', apply: onceInOrder }],

  ['repetition', { over: 'response', apply: (response, [n, text = response]) => repeated(n, text) }],

  ['covers', values(([record, names]) => covers(record, names))],
  ['same_text', ofTexts((a, b) => normal(a) === normal(b))],
  ['same_number', values(([a, b, tolerance = 0]) => sameNumber(a, b, tolerance))],
  ['same_math', values(([a, b]) => sameMathematics(a, b))],
  ['same_set', values(([a, b]) => sameSet(a, b))],
  ['similarity', ofTexts((a, b) => similarity(a, b))],
  ['overlap', ofTexts((a, b) => overlap(a, b))],
  ['matches', ofTexts((text, pattern) => compilePattern(pattern)?.isIn(text) ?? null)],
  ['is_json', ofTexts((text) => isJson(text))],
  ['countdown_value', values(([text, numbers]) => countdown(text, numbers))],

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

  ['split', ofTexts((text, at) => (at === '' ? [text] : text.split(at)).map(trim))],
  ['join', values(([texts, by]) => join(texts, by))],
  ['occurrences', ofTexts((text, part) => occurrences(text, part))],
  ['number', ofTexts((text) => numberOf(text))],

  ['sum', ofNumberList((numbers) => numbers.reduce((sum, x) => sum + x, 0))],
  ['mean', ofNumberList((numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length)],
  ['sort', values(([list]) => sorted(list))],
  ['unique', values(([list]) => (Array.isArray(list) ? [...byContent(list).values()] : null))],
  ['keys', values(([record]) => (record instanceof Map ? [...record.keys()] : null))],
  ['values', values(([record]) => (record instanceof Map ? [...record.values()] : null))],

  ['abs', ofNumbers((x) => Math.abs(x))],
  ['min', ofAllNumbers((a, b) => Math.min(a, b))],
  ['max', ofAllNumbers((a, b) => Math.max(a, b))],
  ['round', ofNumbers((x, digits = 0) => round(x, digits))],
  ['floor', ofNumbers((x) => Math.floor(x))],
  ['ceil', ofNumbers((x) => Math.ceil(x))],
  ['sqrt', ofNumbers((x) => Math.sqrt(x))],
  ['log', ofNumbers((x) => Math.log(x))],
  ['exp', ofNumbers((x) => Math.exp(x))],
  ['clamp', ofNumbers((x, low, high) => clamp(x, low, high))],
  ['linear', ofNumbers((x, x0, y0, x1, y1) => linear(x, x0, y0, x1, y1))],
  ['cosine', ofNumbers((x, x0, y0, x1, y1) => cosine(x, x0, y0, x1, y1))],
]);

function countdown(text: Value | undefined, numbers: Value | undefined): number | null {
  if (typeof text !== 'string' || !Array.isArray(numbers)) return null;
  const given = numbers.filter((number) => typeof number === 'number');
  return given.length === numbers.length ? countdownValue(text, given) : null;
}

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

function ofNumberList(apply: (numbers: readonly number[]) => number): Implementation {
  return values(([list]) => {
    if (!Array.isArray(list)) return null;
    const numbers = list.filter((item) => typeof item === 'number');
    return numbers.length === list.length ? finite(apply(numbers)) : null;
  });
}

/** Numbers, and lists of numbers, one after the other. */
function ofAllNumbers(apply: (a: number, b: number) => number): Implementation {
  return values((given) => {
    let result: number | null = null;
    for (const value of given.flat()) {
      if (typeof value !== 'number') return null;
      result = result === null ? value : apply(result, value);
    }
    return result === null ? null : finite(result);
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

function sameMathematics(a: Value | undefined, b: Value | undefined): Maybe {
  const [left, right] = [a, b].map((value) => (typeof value === 'number' ? String(value) : value));
  return typeof left === 'string' && typeof right === 'string' ? sameMath(left, right) : null;
}

function repeated(n: Value | undefined, text: Value): Maybe {
  return typeof n === 'number' && typeof text === 'string' ? repetition(text, n) : null;
}

/** The items of a list by their content, the first of those that are the same. */
function byContent(list: readonly Value[]): Map<string, Value> {
  const items = new Map<string, Value>();
  for (const item of list) {
    const key = keyOf(item);
    if (!items.has(key)) items.set(key, item);
  }
  return items;
}

function sameSet(a: Value | undefined, b: Value | undefined): Maybe {
  if (!Array.isArray(a) || !Array.isArray(b)) return null;
  const [left, right] = [byContent(a), byContent(b)];
  return left.size === right.size && [...left.keys()].every((key) => right.has(key));
}

function join(texts: Value | undefined, by: Value | undefined): Maybe {
  if (!Array.isArray(texts) || typeof by !== 'string') return null;
  const parts = texts.filter((item) => typeof item === 'string');
  const length = parts.reduce((sum, part) => sum + part.length + by.length, 0);
  return parts.length !== texts.length || length > LONGEST_TEXT ? null : parts.join(by);
}

function sorted(list: Value | undefined): Maybe {
  if (!Array.isArray(list)) return null;
  const numbers = list.filter((item) => typeof item === 'number');
  if (numbers.length === list.length) return numbers.sort((a, b) => a - b);
  const texts = list.filter((item) => typeof item === 'string');
  return texts.length === list.length ? texts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : null;
}
