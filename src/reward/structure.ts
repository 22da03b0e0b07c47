// The shape of a whole response: which tagged parts it has, how often, in which order, and whether anything else is
// there. `once_in_order` is Logic-RL's format check (each tag once, in order, any text between); `exactly` also
// refuses text before, between and after the parts. Both only look for the tags, in time linear in the response.

import { isBlank, occurrences } from './scan.ts';

/** Each of the tags is opened once and closed once, and in this order: `<a>…</a>…<b>…</b>`. */
export function onceInOrder(response: string, tags: readonly string[]): boolean {
  return positions(response, tags) !== null;
}

/** As `onceInOrder`, and nothing but white space is outside the tags. */
export function exactly(response: string, tags: readonly string[]): boolean {
  const found = positions(response, tags);
  if (found === null) return false;
  let outside = 0;
  for (const { start, end } of found) {
    if (!isBlank(response.slice(outside, start))) return false;
    outside = end;
  }
  return isBlank(response.slice(outside));
}

/** Where each tagged part starts and ends, its tags included; null when one is missing, repeated or out of order. */
function positions(response: string, tags: readonly string[]): { start: number; end: number }[] | null {
  const found: { start: number; end: number }[] = [];
  let after = 0;
  for (const tag of tags) {
    const open = `<${tag}>`;
    const close = `</${tag}>`;
    if (occurrences(response, open) !== 1 || occurrences(response, close) !== 1) return null;
    const start = response.indexOf(open);
    const end = response.indexOf(close);
    if (start < after || end < start + open.length) return null;
    after = end + close.length;
    found.push({ start, end: after });
  }
  return found;
}
