// What is different between two texts, word by word: the longest common subsequence of their words, found by dynamic
// programming after the equal beginning and end are set aside. Texts that are long and wholly different are not
// searched: then all between the equal ends is different.

export interface DiffPart {
  kind: 'same' | 'gone' | 'come';
  text: string;
}

/** Most pairs of words that are compared. */
const LIMIT = 4_000_000;

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

function between(a: readonly string[], b: readonly string[], parts: Parts): void {
  if (a.length * b.length > LIMIT) {
    parts.add('gone', a);
    parts.add('come', b);
    return;
  }
  // common[i * width + j]: length of the longest common subsequence of a from i and b from j.
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i] ?? '', b[j] ?? ''];
    if (left === right) {
      parts.add('same', [left]);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      parts.add('gone', [left]);
      i++;
    } else {
      parts.add('come', [right]);
      j++;
    }
  }
  parts.add('gone', a.slice(i));
  parts.add('come', b.slice(j));
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
