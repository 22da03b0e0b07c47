// Numbers in text. A text that is a number is read whole (`1,200.0`, `-3e4`); the last number of a text is the last run
// of digits with what belongs to it: a sign that is no minus between two things, commas between thousands, decimals, an
// exponent. Digits inside a name ("H2O", "x_1") are none. What is left out: fractions, percents and number words.

import { RE2JS } from 're2js';
import { trim } from '../scan.ts';
import type { Span } from './marked.ts';

const LONGEST_NUMBER = 400;
const NUMBER = RE2JS.compile('[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\\.[0-9]*)?([eE][+-]?[0-9]+)?');

/** The number that a text is; null when it is anything else. */
export function numberOf(text: string): number | null {
  const written = trim(text).replace('\u2212', '-');
  if (written === '' || written.length > LONGEST_NUMBER || !NUMBER.matches(written)) return null;
  const number = Number(written.replaceAll(',', ''));
  return Number.isFinite(number) ? number + 0 : null;
}

const IN_TEXT =
  /[A-Za-z_]\w*|(?:(?<![\w)\]}])[+\-\u2212])?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+/g;

/** The last number of a text. */
export function lastNumber(text: string): Span | null {
  let last: Span | null = null;
  for (const { 0: found, index } of text.matchAll(IN_TEXT)) {
    if (!/^[A-Za-z_]/.test(found)) last = { start: index, end: index + found.length };
  }
  return last;
}
