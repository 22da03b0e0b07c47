// JSON in a text: the text itself, else the last fenced block that is JSON, else the last `{…}` or `[…]` that is. The
// reader keeps its own stack and is never started twice on the same character, so that neither a million open brackets
// nor a million broken objects take more than one pass. Numbers stay as they are written: "12.50" is not 12.5 to someone
// who asks for text. JSON is RFC 8259's; an object that names a field twice has the last one.

import type { ValueType } from '../../spec/expression.ts';
import { trimmed } from '../scan.ts';
import type { Maybe, Value } from '../value.ts';
import { lastCodeBlock, type Span } from './marked.ts';

export type Json = string | boolean | null | JsonNumber | Json[] | Map<string, Json>;

/** A number as it is written. */
export class JsonNumber {
  readonly written: string;
  constructor(written: string) {
    this.written = written;
  }
}

export interface FoundJson extends Span {
  value: Json;
}

/** The JSON value in a text. */
export function findJson(text: string): FoundJson | null {
  const whole = wholeJson(text, 0, text.length);
  if (whole !== null) return whole;
  const block = lastCodeBlock(text, 'json') ?? lastCodeBlock(text, null);
  return (block && wholeJson(text, block.start, block.end)) ?? lastBracketed(text);
}

/** The JSON value that a text is, but for white space around it. */
function wholeJson(text: string, from: number, to: number): FoundJson | null {
  const { start, end } = trimmed(text, from, to);
  if (start === end) return null;
  const read = readJson(text, start);
  return 'value' in read && read.end === end ? { start, end, value: read.value } : null;
}

function lastBracketed(text: string): FoundJson | null {
  let last: FoundJson | null = null;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x7b && unit !== 0x5b) {
      at++;
      continue;
    }
    const read = readJson(text, at);
    if ('value' in read) {
      last = { start: at, end: read.end, value: read.value };
      at = read.end;
    } else at = Math.max(read.failed, at + 1);
  }
  return last;
}

// ---------------------------------------------------------------- reading

type Read = { end: number; value: Json } | { failed: number };

interface Container {
  value: Json[] | Map<string, Json>;
  /** Of an object: the field that is being read. */
  key: string;
  close: string;
}

/** The value that begins there, or where it turns out to be none. */
function readJson(text: string, start: number): Read {
  const open: Container[] = [];
  let at = start;
  for (;;) {
    const first = text.charAt(at);
    let value: Json;
    if (first === '{' || first === '[') {
      const container: Container = first === '{' ? objectAt() : { value: [], key: '', close: ']' };
      at = skipSpace(text, at + 1);
      if (text.charAt(at) !== container.close) {
        open.push(container);
        if (first === '{' && !readKey(container)) return { failed: at };
        continue;
      }
      at++;
      value = container.value;
    } else {
      const scalar = readScalar(text, at);
      if (scalar === null) return { failed: at };
      ({ value } = scalar);
      at = scalar.end;
    }
    // A value is whole: it goes where it belongs, and with it every container that ends here.
    for (;;) {
      const container = open.at(-1);
      if (container === undefined) return { end: at, value };
      if (Array.isArray(container.value)) container.value.push(value);
      else container.value.set(container.key, value);
      at = skipSpace(text, at);
      const next = text.charAt(at);
      if (next === ',') {
        at = skipSpace(text, at + 1);
        if (container.close === '}' && !readKey(container)) return { failed: at };
        break;
      }
      if (next !== container.close) return { failed: at };
      at++;
      open.pop();
      value = container.value;
    }
  }

  function objectAt(): Container {
    return { value: new Map(), key: '', close: '}' };
  }

  /** `"key" :`, up to the value. */
  function readKey(container: Container): boolean {
    const key = readString(text, at);
    if (key === null) return false;
    container.key = key.value;
    at = skipSpace(text, key.end);
    if (text.charAt(at) !== ':') return false;
    at = skipSpace(text, at + 1);
    return true;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (let unit = text.charCodeAt(at); unit === 32 || unit === 10 || unit === 13 || unit === 9; ) {
    at++;
    unit = text.charCodeAt(at);
  }
  return at;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORDS: readonly [string, boolean | null][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

function readScalar(text: string, at: number): { end: number; value: Json } | null {
  if (text.charAt(at) === '"') return readString(text, at);
  for (const [word, value] of WORDS) if (text.startsWith(word, at)) return { end: at + word.length, value };
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(text)?.[0];
  return number === undefined ? null : { end: at + number.length, value: new JsonNumber(number) };
}

function readString(text: string, start: number): { end: number; value: string } | null {
  if (text.charAt(start) !== '"') return null;
  let isPlain = true;
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      const value = isPlain ? text.slice(start + 1, at) : unescaped(text.slice(start, at + 1));
      return value === null ? null : { end: at + 1, value };
    }
    if (unit < 0x20) return null;
    if (unit === 0x5c) {
      isPlain = false;
      at++;
    }
  }
  return null;
}

function unescaped(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}

// ---------------------------------------------------------------- as a type

/**
 * The value of that type; none where it does not fit. A scalar is also the text that it is written as. Of a record or a
 * struct, fields that do not fit are not there, and fields that a struct does not have are passed over.
 */
export function jsonAs(type: ValueType, json: Json | undefined): Maybe {
  switch (type.kind) {
    case 'text':
      if (json instanceof JsonNumber) return json.written;
      return typeof json === 'boolean' ? String(json) : typeof json === 'string' ? json : null;
    case 'number': {
      const number = json instanceof JsonNumber ? Number(json.written) : Number.NaN;
      return Number.isFinite(number) ? number + 0 : null;
    }
    case 'bool':
      return typeof json === 'boolean' ? json : null;
    case 'list': {
      if (!Array.isArray(json)) return null;
      const items = json.map((item) => jsonAs(type.of, item)).filter((item) => item !== null);
      return items.length === json.length ? items : null;
    }
    case 'record': {
      if (!(json instanceof Map)) return null;
      const fields = new Map<string, Value>();
      for (const [name, field] of json) {
        const value = jsonAs(type.of, field);
        if (value !== null) fields.set(name, value);
      }
      return fields;
    }
    case 'struct': {
      if (!(json instanceof Map)) return null;
      const fields = new Map<string, Value>();
      for (const { name, type: wanted } of type.fields) {
        const value = jsonAs(wanted, json.get(name));
        if (value !== null) fields.set(name, value);
      }
      return fields;
    }
  }
}

/** Whether the text is one JSON value and nothing else. */
export function isJson(text: string): boolean {
  return wholeJson(text, 0, text.length) !== null;
}
