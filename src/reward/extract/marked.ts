// Parts of a text that stand between marks: `<tag>…</tag>`, the text after a marker, `\boxed{…}`, a fenced block of
// code. Of several the last one counts. Each reads the text a bounded number of times, whatever is repeated in it.

import { trimmed } from '../scan.ts';

/** Where a part of a text is: from `start` up to `end`. */
export interface Span {
  start: number;
  end: number;
}

/** The text inside the last `<tag>` that is closed, up to its first `</tag>`. */
export function lastTagged(text: string, tag: string): Span | null {
  const open = `<${tag}>`;
  const close = `</${tag}>`;
  const lastClose = text.lastIndexOf(close);
  if (lastClose < open.length) return null;
  const start = text.lastIndexOf(open, lastClose - open.length);
  if (start < 0) return null;
  const inside = start + open.length;
  return { start: inside, end: text.indexOf(close, inside) };
}

/** The text after the last marker, without white space at its ends. */
export function afterLast(text: string, marker: string): Span | null {
  const at = text.lastIndexOf(marker);
  return at < 0 ? null : trimmed(text, at + marker.length, text.length);
}

const BOXED = /\\f?box(?:ed)?\s*\{/y;

/** Inside the last `\boxed{…}` (or `\fbox{…}`) whose braces balance; the innermost where one is in another. */
export function lastBoxed(text: string): Span | null {
  /** Where the contents of each open brace begin; negative: a brace of any other kind. */
  const open: number[] = [];
  let last: Span | null = null;
  for (let at = Math.max(text.indexOf('\\'), 0); at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '{') open.push(-1);
    else if (character === '}') {
      const start = open.pop() ?? -1;
      if (start > (last?.start ?? -1)) last = { start, end: at };
    } else if (character === '\\') {
      BOXED.lastIndex = at;
      const found = BOXED.exec(text);
      if (found === null) at++;
      else {
        at += found[0].length - 1;
        open.push(at + 1);
      }
    }
  }
  return last;
}

/** Inside the last fenced block that is closed, of that language (null: of any, or of none). */
export function lastCodeBlock(text: string, language: string | null): Span | null {
  let last: Span | null = null;
  let open: { fence: string; start: number; wanted: boolean } | null = null;
  for (let at = text.indexOf('```'), line = lineStart(text, at); at >= 0; at = text.indexOf('```', line)) {
    const begins = lineStart(text, at);
    const feed = text.indexOf('\n', at);
    line = feed < 0 ? text.length : feed + 1;
    if (text.slice(begins, at).trim() !== '') continue;
    const rest = text.slice(at, feed < 0 ? text.length : feed);
    const fence = /^`+/.exec(rest)?.[0] ?? '';
    const info = rest.slice(fence.length).trim();
    if (open === null) {
      if (info.includes('`')) continue;
      const [word = ''] = info.split(/\s/, 1);
      open = { fence, start: line, wanted: language === null || word.toLowerCase() === language.toLowerCase() };
    } else if (info === '' && fence.length >= open.fence.length) {
      if (open.wanted) last = { start: open.start, end: Math.max(open.start, begins - 1) };
      open = null;
    }
  }
  return last;
}

function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}
