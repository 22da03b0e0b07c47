// An answer that is written out in the prompt or in a motivation: a secret of an example's row, word for word. An
// example's response has the answer in it, as it should. Short and common values (`positive`, `7`) are in many texts by
// chance, so only what is hardly there by chance is reported: long texts, long numbers, whole lists and records.

import type { Column, Example } from '../../spec/specification.ts';
import type { Analysis } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { offsetAt } from '../template.ts';
import type { Written } from './hand_written.ts';

export function checkWrittenSecrets(
  texts: readonly Written[],
  examples: readonly Example[],
  columns: readonly Column[],
  analysis: Analysis,
): void {
  const secrets = columns.filter(({ secret }) => secret).map(({ name }) => name);
  if (secrets.length === 0 || examples.length === 0) return;
  for (const { source } of texts) {
    const reported: Place[] = [];
    for (const { name: example, row } of examples) {
      for (const column of secrets) {
        const found = placeOf(row[column], source.value);
        if (!found || reported.some((other) => overlap(other, found))) continue;
        reported.push(found);
        const { index, text } = found;
        const span = { start: offsetAt(source, index), end: offsetAt(source, index + text.length) };
        analysis.report(DIAGNOSTICS.secretWritten, span, column, `"${shortened(text)}"`, example);
      }
    }
  }
}

interface Place {
  index: number;
  text: string;
}

function overlap(a: Place, b: Place): boolean {
  return a.index < b.index + b.text.length && b.index < a.index + a.text.length;
}

const SHORTEST_TEXT = 12;
const FEWEST_DIGITS = 4;
/** Between a record's name and its value: "Zoey is a knave". */
const MOST_BETWEEN = 24;

function placeOf(value: unknown, text: string): Place | null {
  if (typeof value === 'number') return placeOfNumber(value, text);
  if (typeof value === 'string') return isLong(value.trim()) ? placeOfPattern(wholeWords(value.trim()), text) : null;
  if (Array.isArray(value)) {
    const items = value.map(String);
    return items.join('').length < SHORTEST_TEXT ? null : placeOfAll(items.map(wholeWords), text);
  }
  if (typeof value !== 'object' || value === null) return null;
  const pairs = Object.entries(value).map(
    ([name, inner]) => `${wholeWords(name)}[^.\\n]{0,${MOST_BETWEEN}}?${wholeWords(String(inner))}`,
  );
  return placeOfAll(pairs, text);
}

function isLong(value: string): boolean {
  const hasWords = /\S\s+\S/.test(value) || /[^\x20-\x7e]{6,}/.test(value);
  return value.length >= SHORTEST_TEXT || (hasWords && value.length >= SHORTEST_TEXT / 2);
}

function placeOfNumber(value: number, text: string): Place | null {
  const digits = String(value);
  if (digits.replace(/\D/g, '').length < FEWEST_DIGITS) return null;
  const grouped = value.toLocaleString('en-US', { maximumFractionDigits: 20 });
  const escaped = [digits, grouped].map(escapedForPattern).join('|');
  return placeOfPattern(`(?<![\\d.,])(?:${escaped})(?![\\d]|[.,]\\d)`, text);
}

/** All of them, and at least two. */
function placeOfAll(patterns: readonly string[], text: string): Place | null {
  const places = patterns.map((pattern) => placeOfPattern(pattern, text));
  const [first = null] = places;
  return places.length >= 2 && places.every((place) => place !== null) ? first : null;
}

function placeOfPattern(pattern: string, text: string): Place | null {
  const match = new RegExp(pattern, 'i').exec(text);
  return match ? { index: match.index, text: match[0] } : null;
}

function wholeWords(text: string): string {
  const begin = /^\w/.test(text) ? '\\b' : '';
  const end = /\w$/.test(text) ? '\\b' : '';
  return begin + escapedForPattern(text).replace(/\s+/g, '\\s+') + end;
}

function escapedForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
