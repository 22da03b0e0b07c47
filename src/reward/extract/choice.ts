// The one option that a text names, as whole words in any case. Where two options begin alike the longer one is read
// ("not sure" is not "sure"). A text that names several options, or none, has made no choice; but where only one of
// several is in its own spelling, that one is meant: "B is a good answer" chooses B of A, B and C.

import { fold, scan, type Token } from '../scan.ts';
import type { Span } from './marked.ts';

export interface Choice extends Span {
  option: string;
}

/** The last place where the chosen option stands. */
export function chosen(text: string, options: readonly string[]): Choice | null {
  const tokens = scan(text);
  const { choice, several } = namedOptions(tokens, options, fold);
  return several ? namedOptions(tokens, options, (word) => word).choice : choice;
}

interface Named {
  choice: Choice | null;
  several: boolean;
}

function namedOptions(tokens: readonly Token[], options: readonly string[], spell: (word: string) => string): Named {
  const byFirst = new Map<string, { option: string; words: string[] }[]>();
  for (const option of options) {
    const words = scan(option).map((token) => spelled(token, spell));
    const [first] = words;
    if (first === undefined || option.trim() === '') continue;
    const same = byFirst.get(first) ?? [];
    same.push({ option, words });
    byFirst.set(
      first,
      same.sort((a, b) => b.words.length - a.words.length),
    );
  }
  let choice: Choice | null = null;
  let start = 0;
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    const candidates = token && byFirst.get(spelled(token, spell));
    const found = candidates?.find(({ words }) => words.every((word, i) => isWord(tokens[at + i], word, spell)));
    const next = at + (found?.words.length ?? 1);
    let end = start;
    for (; at < next; at++) end += tokens[at]?.text.length ?? 0;
    if (found !== undefined) {
      if (choice !== null && choice.option !== found.option) return { choice: null, several: true };
      choice = { option: found.option, start, end };
    }
    start = end;
  }
  return { choice, several: false };
}

function isWord(token: Token | undefined, word: string, spell: (word: string) => string): boolean {
  return token !== undefined && spelled(token, spell) === word;
}

function spelled({ kind, text }: Token, spell: (word: string) => string): string {
  return kind === 'space' ? ' ' : spell(text);
}
