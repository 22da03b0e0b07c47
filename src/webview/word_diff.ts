// What is different between two texts, word by word: their longest common subsequence (Myers, by the `diff` package),
// found after the equal beginning and end are set aside. Of texts that are wholly different the search is given up:
// then all between the equal ends is different.

import { diffArrays } from 'diff';

export interface DiffPart {
  kind: 'same' | 'gone' | 'come';
  text: string;
}

/** Most words that are gone or come until the search is given up: its time grows with their square. */
const MOST_CHANGES = 1000;

/** Parts that joined without `come` give `before`, and without `gone` give `after`. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const parts = new Parts();
  parts.add('same', a.slice(0, start));
  between(a.slice(start, endA), b.slice(start, endB), parts);
  parts.add('same', a.slice(endA));
  return parts.list;
}

/** Words and the white space between them; a line break is a word of its own, so that lines stay lines. */
function wordsOf(text: string): string[] {
  return text.match(/\n|[^\S\n]+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

function between(a: string[], b: string[], parts: Parts): void {
  const changes = diffArrays(a, b, { maxEditLength: MOST_CHANGES });
  if (changes === undefined) {
    parts.add('gone', a);
    parts.add('come', b);
    return;
  }
  for (const { added, removed, value } of changes) parts.add(added ? 'come' : removed ? 'gone' : 'same', value);
}

/** Neighbours of one kind are one part. */
class Parts {
  readonly list: DiffPart[] = [];

  add(kind: DiffPart['kind'], words: readonly string[]): void {
    if (words.length === 0) return;
    const text = words.join('');
    const last = this.list.at(-1);
    if (last?.kind === kind) last.text += text;
    else this.list.push({ kind, text });
  }
}
