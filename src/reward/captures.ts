// The named parts of a response: each capture's extractor, run when a rule first asks for it. An extractor finds a part
// of the text it looks in, so that every capture knows where in the response it stands, and what it found is then read
// as the capture's type. What is not there, or is of another type, is none.

import type { ValueType } from '../spec/expression.ts';
import type { Capture, Extractor } from '../spec/specification.ts';
import { assignments, type TextLists } from './assignments.ts';
import { chosen } from './extract/choice.ts';
import { findJson, type Json, jsonAs } from './extract/json.ts';
import { afterLast, lastBoxed, lastCodeBlock, lastTagged, type Span } from './extract/marked.ts';
import { lastNumber, numberOf } from './extract/number.ts';
import { compilePattern } from './extract/pattern.ts';
import { isBlank, trim, trimmed } from './scan.ts';
import type { Maybe, Value } from './value.ts';

/** A capture that is there: its value, and where in the response it stands. */
export interface Captured extends Span {
  value: Value;
}

/** Reads captures of one response by name, each once; an unknown name, or one that asks for itself, is null. */
export function captureReader(
  captures: ReadonlyMap<string, Capture>,
  response: string,
  lists: TextLists,
): (name: string) => Captured | null {
  const read = new Map<string, Captured | null>();
  const reader = (name: string): Captured | null => {
    const known = read.get(name);
    if (known !== undefined) return known;
    read.set(name, null);
    const capture = captures.get(name);
    const captured = capture === undefined ? null : find(capture, response, lists, reader);
    read.set(name, captured);
    return captured;
  };
  return reader;
}

function find(
  { extractor, type }: Capture,
  response: string,
  lists: TextLists,
  read: (name: string) => Captured | null,
): Captured | null {
  const source = extractor.from === null ? { start: 0, value: response } : read(extractor.from);
  if (source === null || typeof source.value !== 'string') return null;
  const text = source.value;
  const found = extract(extractor, text, lists);
  if (found === null || found.start < 0) return null;
  const value = typed(type, found.raw ?? text.slice(found.start, found.end));
  return value === null ? null : { value, start: source.start + found.start, end: source.start + found.end };
}

/** What an extractor found, before it is read as a type; `raw` is left out where that is the text itself. */
interface Part extends Span {
  raw?: Raw;
}

type Raw = string | string[] | Map<string, string> | { json: Json };

function extract(extractor: Extractor, text: string, lists: TextLists): Part | null {
  switch (extractor.kind) {
    case 'tag':
      return lastTagged(text, extractor.tag);
    case 'regex':
      return compilePattern(extractor.pattern)?.last(text) ?? null;
    case 'after':
      return afterLast(text, extractor.marker);
    case 'last_number':
      return lastNumber(text);
    case 'boxed':
      return lastBoxed(text);
    case 'json': {
      const found = findJson(text);
      return found && { start: found.start, end: found.end, raw: { json: found.value } };
    }
    case 'code_block':
      return lastCodeBlock(text, extractor.language);
    case 'choice': {
      const { options } = extractor;
      const choice = chosen(text, Array.isArray(options) ? options : (lists(options.column) ?? []));
      return choice && { ...choice, raw: choice.option };
    }
    case 'lines': {
      const lines = text.split(/\r\n?|\n/).filter((line) => !isBlank(line));
      return lines.length === 0 ? null : { ...trimmed(text, 0, text.length), raw: lines.map(trim) };
    }
    case 'assignments': {
      const found = assignments(text, extractor.pattern, lists);
      return found && { ...found, raw: found.pairs };
    }
  }
}

// ---------------------------------------------------------------- as a type

/** What was found as a value of that type; null where it is none. */
function typed(type: ValueType, raw: Raw): Maybe {
  if (typeof raw === 'string') return textAs(type, raw);
  if (Array.isArray(raw)) {
    if (type.kind !== 'list') return null;
    const items = raw.map((item) => textAs(type.of, item)).filter((item) => item !== null);
    return items.length === raw.length ? items : null;
  }
  if (!(raw instanceof Map)) return jsonAs(type, raw.json);
  if (type.kind !== 'record') return null;
  const fields = new Map<string, Value>();
  for (const [name, field] of raw) {
    const value = textAs(type.of, field);
    if (value === null) return null;
    fields.set(name, value);
  }
  return fields;
}

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

/** A text as another type: a number as it is written, `true`, `yes`, `false` or `no`, everything else as JSON. */
function textAs(type: ValueType, text: string): Maybe {
  switch (type.kind) {
    case 'text':
      return text;
    case 'number':
      return numberOf(text);
    case 'bool':
      return BOOLS.get(trim(text).toLowerCase()) ?? null;
    default:
      return jsonAs(type, findJson(text)?.value);
  }
}
