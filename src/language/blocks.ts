// A text cut into blocks that can be read one by one: its sections, and of a reward each rule, so that after a keystroke
// only the block with the change is read again (reader.ts). A cut is made by braces, quotes and words alone, without the
// grammar; the grammar then tells whether each block is whole.

export interface Block {
  /** What the parser reads: a small file. */
  text: string;
  /** Added to an offset in `text`: the offset in the whole text. Below 0 where words were set before the block. */
  base: number;
  /** Where in `text` that begins and ends which the whole text has there too. */
  from: number;
  to: number;
  /** The rules that were cut out of a reward; blanks stand in their places. */
  rules: Block[];
}

const SECTIONS = new Set(
  'experiment import task prompt response verifier judge reward motivation arm train stage watch example'.split(' '),
);

/** What can hide a brace or a word (texts, comments), braces and parentheses, words. */
const PIECE = /"""[\s\S]*?"""|"""|"(?:\\.|[^"\\\r\n])*"?|\/\/[^\r\n]*|[{}()]|[A-Za-z_]\w*/g;

/** A rule is read as the only one of a reward. */
const [BEFORE_RULE, AFTER_RULE] = ['reward {', '}'];

/** null: its braces or quotes do not close, or nothing in it begins like a section. */
export function blocksOf(text: string): Block[] | null {
  const sections: { from: number; word: string; rules: [from: number, to: number][] }[] = [];
  let braces = 0;
  let parentheses = 0;
  let ruleFrom = -1;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    const section = sections.at(-1);
    if (piece === '"""') return null;
    if (piece === '{') braces++;
    else if (piece === '(') parentheses += braces === 0 ? 1 : 0;
    else if (piece === ')') parentheses -= braces === 0 ? 1 : 0;
    else if (piece === '}') {
      braces--;
      if (braces < 0) return null;
      if (braces === 1 && ruleFrom >= 0) {
        section?.rules.push([ruleFrom, index + 1]);
        ruleFrom = -1;
      }
    } else if (braces === 0 && parentheses === 0 && SECTIONS.has(piece)) {
      sections.push({ from: sections.length === 0 ? 0 : index, word: piece, rules: [] });
    } else if (braces === 1 && piece === 'rule' && section?.word === 'reward' && ruleFrom < 0) ruleFrom = index;
  }
  if (braces !== 0 || ruleFrom >= 0 || sections.length === 0) return null;
  return sections.map(({ from, rules }, i) => sectionBlock(text, from, sections[i + 1]?.from ?? text.length, rules));
}

function sectionBlock(text: string, from: number, to: number, rules: readonly [from: number, to: number][]): Block {
  let rest = '';
  let at = from;
  for (const [start, end] of rules) {
    rest += text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  return {
    text: rest + text.slice(at, to),
    base: from,
    from: 0,
    to: to - from,
    rules: rules.map(([start, end]) => ({
      text: BEFORE_RULE + text.slice(start, end) + AFTER_RULE,
      base: start - BEFORE_RULE.length,
      from: BEFORE_RULE.length,
      to: BEFORE_RULE.length + end - start,
      rules: [],
    })),
  };
}
