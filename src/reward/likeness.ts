// How alike two texts are, and how much of a text repeats itself, in time linear in the texts: no alignment, no edit
// distance, which would take the product of their lengths.

import { isSpace, scan } from './scan.ts';

/** The parts of the text between white space. */
export function words(text: string): string[] {
  const found: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const inside = at < text.length && !isSpace(text.charAt(at));
    if (inside && start < 0) start = at;
    if (!inside && start >= 0) {
      found.push(text.slice(start, at));
      start = -1;
    }
  }
  return found;
}

/** The text in lower case, trimmed, with runs of white space as one space. */
export function normal(text: string): string {
  return words(text.toLowerCase()).join(' ');
}

/** Sørensen-Dice over pairs of neighbouring characters: 2 |A ∩ B| / (|A| + |B|), of texts as `normal` has them. */
export function similarity(a: string, b: string): number {
  const [left, right] = [normal(a), normal(b)];
  if (left === right) return 1;
  const pairs = (text: string): number[] =>
    Array.from({ length: Math.max(text.length - 1, 0) }, (_, i) => text.charCodeAt(i) * 65536 + text.charCodeAt(i + 1));
  return dice(pairs(left), pairs(right));
}

const ARTICLES = new Set(['a', 'an', 'the']);

/** The F1 score of the words two texts have, as SQuAD's evaluation has it: 2 |A ∩ B| / (|A| + |B|). */
export function overlap(a: string, b: string): number {
  const bare = (text: string): string[] =>
    scan(text.toLowerCase()).flatMap(({ kind, text: word }) => (kind === 'word' && !ARTICLES.has(word) ? word : []));
  const [left, right] = [bare(a), bare(b)];
  return left.length === 0 && right.length === 0 ? 1 : dice(left, right);
}

function dice<T>(a: readonly T[], b: readonly T[]): number {
  const left = new Map<T, number>();
  for (const item of a) left.set(item, (left.get(item) ?? 0) + 1);
  let common = 0;
  for (const item of b) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    common++;
    left.set(item, count - 1);
  }
  return a.length + b.length === 0 ? 0 : (2 * common) / (a.length + b.length);
}

/**
 * 1 - distinct / all runs of n words of the text in lower case; 0 where it has fewer than n words. Runs are numbered by
 * doubling (two runs are the same when their halves are), so that a long n costs no more than a few passes.
 */
export function repetition(text: string, n: number): number | null {
  if (!Number.isInteger(n) || n < 1) return null;
  let runs = numbered(words(text.toLowerCase()));
  const count = runs.length - n + 1;
  if (count < 1) return 0;
  for (let length = 1; length < n; ) {
    const step = Math.min(length, n - length);
    const before = runs;
    const pairs = before.slice(0, before.length - step).map((run, at) => run * 2 ** 26 + (before[at + step] ?? 0));
    runs = numbered(pairs);
    length += step;
  }
  return 1 - new Set(runs).size / count;
}

/** Each item as the number of the first one that is the same. */
function numbered<T>(items: readonly T[]): number[] {
  const numbers = new Map<T, number>();
  return items.map((item) => {
    const known = numbers.get(item);
    if (known !== undefined) return known;
    numbers.set(item, numbers.size);
    return numbers.size - 1;
  });
}
