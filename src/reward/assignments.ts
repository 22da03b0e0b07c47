// The capture `assignments(answer, "{name} is a {role}")`: who is what, as a record from the first hole to the second.
// A hole whose plural is a list column (`{name}`, column `names`) stands for that column's values, any other for one
// word. Names must be whole words, case does not matter, white space may be any run: Logic-RL's
// `\bNAME\b\s+is\s+a\s+\b(knight|knave)\b` (reward_score/kk.py). As there, an answer that mentions the second hole's
// values elsewhere too ("Zoey is a knight or a knave") cannot be read: the capture is none.
// Left out: patterns with optional parts or alternatives.

import type { Span } from './extract/marked.ts';
import { fold, isBlank, occurrences, runs, type TokenKind } from './scan.ts';

/** A list column's texts by the column's name; undefined: there is no such list in the row. */
export type TextLists = (column: string) => readonly string[] | undefined;

/** A token of the pattern or of the response, its case folded for comparison. */
interface Part {
  kind: TokenKind;
  text: string;
  folded: string;
}

/** One of a column's values: its spelling, and the parts by which it is recognised. */
interface Candidate {
  spelling: string;
  parts: Part[];
}

type Element =
  | { kind: 'literal'; part: Part }
  | { kind: 'word' }
  /** `words`: the values in small letters. Candidates by their first part, longer ones first: of "Ann" and "Ann Lee" the whole name is meant. */
  | { kind: 'value'; words: readonly string[]; candidates: Map<string, Candidate[]> };

/** What the text says of whom, and from where to where it does. */
export interface Assignments extends Span {
  pairs: Map<string, string>;
}

/**
 * The assignments that `text` makes; null when it is empty, names someone twice, or mentions a value outside of an
 * assignment. Reads each part of the text once for each element of the pattern.
 */
export function assignments(text: string, pattern: string, lists: TextLists): Assignments | null {
  if (isBlank(text)) return null;
  const elements = readPattern(pattern, lists);
  const holes = elements.filter((element) => element.kind !== 'literal');
  const valueHole = holes[1];
  if (valueHole === undefined || holes.length > 2) return null;

  const parts = partsOf(text);
  const pairs = new Map<string, string>();
  let matches = 0;
  let [first, last] = [0, 0];
  for (let at = 0; at < parts.length; at++) {
    const found = matchAt(elements, parts, at);
    if (found === null) continue;
    matches++;
    if (matches === 1) first = at;
    last = found.end;
    at = found.end - 1;
    if (!pairs.has(found.key)) pairs.set(found.key, found.value);
  }
  // Someone named twice mentions a value once more than there are names.
  const stated = valueHole.kind === 'value' ? mentions(text, valueHole.words) : matches;
  return stated === pairs.size ? { pairs, start: lengthOf(parts, first), end: lengthOf(parts, last) } : null;
}

/** How many characters the parts up to one have. */
function lengthOf(parts: readonly Part[], to: number): number {
  let length = 0;
  for (let at = 0; at < to; at++) length += parts[at]?.text.length ?? 0;
  return length;
}

/** How often the values occur anywhere in the text, also inside longer words ("knights"). */
function mentions(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase();
  return words.reduce((sum, word) => sum + occurrences(lower, word), 0);
}

/** A pattern as it is written: what stands there, and the holes by the column that may hold their values. */
type Written = { kind: 'literal'; part: Part } | { kind: 'hole'; column: string };

const patterns = new Map<string, readonly Written[]>();
const MOST_KEPT = 1000;

/** `"{name} is a {role}"` as the sequence of parts and holes that must follow each other. */
function readPattern(pattern: string, lists: TextLists): Element[] {
  return writtenPattern(pattern).map((one) => (one.kind === 'literal' ? one : holeFor(lists(one.column))));
}

/** Kept, as the few patterns of a specification are read for every response. */
function writtenPattern(pattern: string): readonly Written[] {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const literals = (text: string): Written[] => partsOf(text).map((part) => ({ kind: 'literal', part }));
  const written: Written[] = [];
  let rest = 0;
  for (const { index, 0: whole, 1: name } of pattern.matchAll(/\{(\w+)\}/g)) {
    written.push(...literals(pattern.slice(rest, index)), { kind: 'hole', column: `${name}s` });
    rest = index + whole.length;
  }
  written.push(...literals(pattern.slice(rest)));
  if (patterns.size >= MOST_KEPT) patterns.clear();
  patterns.set(pattern, written);
  return written;
}

/** The holes of lists that were read before: all responses to one row have the same. */
const holes = new WeakMap<readonly string[], Element>();

function holeFor(spellings: readonly string[] | undefined): Element {
  if (spellings === undefined) return { kind: 'word' };
  const known = holes.get(spellings);
  if (known !== undefined) return known;
  const candidates = new Map<string, Candidate[]>();
  for (const spelling of spellings) {
    const parts = partsOf(spelling);
    const first = parts[0];
    if (first === undefined) continue;
    const same = candidates.get(first.folded) ?? [];
    same.push({ spelling, parts });
    same.sort((a, b) => b.parts.length - a.parts.length);
    candidates.set(first.folded, same);
  }
  const words = [...new Set(spellings.map((word) => word.toLowerCase()))];
  const hole: Element = { kind: 'value', words, candidates };
  holes.set(spellings, hole);
  return hole;
}

interface Assignment {
  key: string;
  value: string;
  /** The first part after it. */
  end: number;
}

/** What the two holes stand for when the pattern matches from that part on; null when it does not. */
function matchAt(elements: readonly Element[], parts: readonly Part[], start: number): Assignment | null {
  let key: string | null = null;
  let value: string | null = null;
  let at = start;
  for (const element of elements) {
    const part = parts[at];
    if (part === undefined) return null;
    if (element.kind === 'literal') {
      if (!same(element.part, part)) return null;
      at++;
      continue;
    }
    const candidate = element.kind === 'word' ? null : candidateAt(element.candidates.get(part.folded), parts, at);
    if (candidate === undefined || (candidate === null && part.kind !== 'word')) return null;
    const end = at + (candidate?.parts.length ?? 1);
    if (key === null) key = candidate?.spelling ?? part.text;
    else value = candidate === null ? part.text : asSpelled(candidate, parts, at, end);
    at = end;
  }
  return key === null || value === null ? null : { key, value, end: at };
}

function candidateAt(
  candidates: readonly Candidate[] | undefined,
  parts: readonly Part[],
  at: number,
): Candidate | undefined {
  return candidates?.find(({ parts: wanted }) => wanted.every((one, i) => same(one, parts[at + i])));
}

/** A value in letters that only resemble the column's ("knıght") is read as what it is: not one of the column's. */
function asSpelled({ spelling, parts: { length } }: Candidate, parts: readonly Part[], at: number, end: number) {
  const text = length === 1 ? (parts[at]?.text ?? '') : textOf(parts.slice(at, end));
  return text === spelling || text.toLowerCase() === spelling.toLowerCase() ? spelling : text;
}

function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join('');
}

/** Words are folded all at once where that keeps every letter in its place. */
function partsOf(text: string): Part[] {
  const folded = fold(text);
  const isInPlace = folded.length === text.length;
  return runs(text, (kind, start, end) => {
    const part = text.slice(start, end);
    if (kind !== 'word') return { kind, text: part, folded: kind === 'space' ? ' ' : part };
    return { kind, text: part, folded: isInPlace ? folded.slice(start, end) : fold(part) };
  });
}

function same(wanted: Part, part: Part | undefined): boolean {
  return part !== undefined && wanted.kind === part.kind && wanted.folded === part.folded;
}
