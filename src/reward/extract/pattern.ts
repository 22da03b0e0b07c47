// Regular expressions over model output, in RE2's syntax and linear time (re2js). Finding match after match is not
// linear even there, as each search may look at all of the rest (`a.*b|a`). So after a few the last match is found in
// one pass, by a pattern around the pattern: (?:any text, as little as can be, then the pattern)* says the same as
// looking for one match after the other. A match of nothing does not count.

import { RE2JS } from 're2js';
import type { Span } from './marked.ts';

export interface Pattern {
  /** The pattern is somewhere in the text. */
  isIn(text: string): boolean;
  /** The first group of the last match, or all of it where the pattern has none. */
  last(text: string): Span | null;
}

const patterns = new Map<string, Pattern | null>();
const MOST_KEPT = 1000;
const SEARCHES = 8;

/** A pattern ready to run; null where it is none. Kept, as a specification's few patterns run on every response. */
export function compilePattern(source: string): Pattern | null {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  if (patterns.size >= MOST_KEPT) patterns.clear();
  const pattern = compiled(source);
  patterns.set(source, pattern);
  return pattern;
}

function compiled(source: string): Pattern | null {
  try {
    const single = RE2JS.compile(source);
    const repeated = RE2JS.compile(`(?:(?s:.)*?(${source}))*`);
    return { isIn: (text) => single.test(text), last: (text) => lastMatch(single, repeated, text) };
  } catch {
    return null;
  }
}

function lastMatch(single: RE2JS, repeated: RE2JS, text: string): Span | null {
  if (!single.test(text)) return null;
  const group = Math.min(single.groupCount(), 1);
  const matcher = single.matcher(text);
  let last: Span | null = null;
  for (let searches = 0; searches < SEARCHES; searches++) {
    if (!matcher.find()) return last;
    if (matcher.end() > matcher.start()) last = { start: matcher.start(group), end: matcher.end(group) };
  }
  const all = repeated.matcher(text);
  if (!all.lookingAt() || all.end(1) <= all.start(1)) return last;
  // A group that took no part in the last match still says where it was in an earlier one.
  const found = { start: all.start(group + 1), end: all.end(group + 1) };
  return found.start >= all.start(1) ? found : { start: -1, end: -1 };
}
