// Reading a response from left to right, each character a bounded number of times: a response is hostile input, and
// an expression that backtracks over it could be made to run for hours. The classes of characters are those of
// Python's `re` and `str`, in which Logic-RL's rule is written: `\w` is letters, numbers and the underscore.

const UNICODE_WORD = /^[\p{L}\p{N}_]$/u;
const UNICODE_SPACE = /^\p{White_Space}$/u;

/** `\w` for one character (a code point). */
export function isWordCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 128) {
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
  }
  return UNICODE_WORD.test(character);
}

/** `\s` for one character (a code point). */
export function isSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 128) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
  return UNICODE_SPACE.test(character);
}

const LOOKALIKE = /[\u0130\u0131\u017f]/;

export type TokenKind = 'word' | 'space' | 'other';

/** A run of word characters, a run of white space, or one other character. */
export interface Token {
  kind: TokenKind;
  text: string;
}

/** Cuts text into words, white space and single other characters; joined again they are the text. */
export function scan(text: string): Token[] {
  return runs(text, (kind, start, end) => ({ kind, text: text.slice(start, end) }));
}

/** What `make` makes of each run of word characters, each run of white space, and each single other character. */
export function runs<T>(text: string, make: (kind: TokenKind, start: number, end: number) => T): T[] {
  const made: T[] = [];
  let start = 0;
  let kind: TokenKind = 'other';
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    const next = unit < 128 ? (ASCII[unit] ?? 'other') : kindOf(String.fromCodePoint(text.codePointAt(at) ?? unit));
    if (at > start && (next !== kind || next === 'other')) {
      made.push(make(kind, start, at));
      start = at;
    }
    kind = next;
    at += unit >= 0xd800 && unit < 0xdc00 && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  if (text.length > start) made.push(make(kind, start, text.length));
  return made;
}

function kindOf(character: string): TokenKind {
  return isWordCharacter(character) ? 'word' : isSpace(character) ? 'space' : 'other';
}

const ASCII: readonly TokenKind[] = Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));

/** Whether the text is empty or white space only. */
export function isBlank(text: string): boolean {
  for (const character of text) if (!isSpace(character)) return false;
  return true;
}

/** Text without the white space at its ends. */
export function trim(text: string): string {
  const { start, end } = trimmed(text, 0, text.length);
  return text.slice(start, end);
}

/** The part from `from` up to `to` without the white space at its ends. */
export function trimmed(text: string, from: number, to: number): { start: number; end: number } {
  let [start, end] = [from, to];
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return { start, end };
}

/** How often `part` occurs in the text, without overlap; an empty part never does. */
export function occurrences(text: string, part: string): number {
  if (part === '') return 0;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/** Folds case as a case-insensitive match does: also the dotted and dotless i and the long s of other alphabets. */
export function fold(text: string): string {
  const plain = LOOKALIKE.test(text) ? text.replace(/[\u0130\u0131]/g, 'i').replace(/\u017f/g, 's') : text;
  return plain.toLowerCase();
}
