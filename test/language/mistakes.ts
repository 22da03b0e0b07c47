// Broken variants of a text, each with the one mistake in it, and whether a message names that mistake: not that it
// stands on the line, but that it says what is wrong there.

import { CstUtils } from 'langium';
import type { Diagnostic } from '../../src/language/check.ts';
import { FORMS } from '../../src/language/forms.ts';
import { coreServices, parse } from '../../src/language/parse.ts';
import type { Random } from '../../src/spec/random.ts';

export type Kind = 'removed' | 'doubled' | 'exchanged' | 'cut' | 'unbalanced' | 'misspelt';

export interface Mistake {
  kind: Kind;
  text: string;
  /** For the reader of a report. */
  what: string;
  /** Lines of the broken text, from 0, where the mistake stands. */
  from: number;
  to: number;
  /** A message names the mistake when it holds one of these, … */
  words: readonly string[];
  /** … or one of these and stands at the place. */
  wordsHere: readonly string[];
}

interface Token {
  image: string;
  start: number;
  end: number;
  type: string;
}

function tokensOf(text: string): Token[] {
  return coreServices()
    .parser.Lexer.tokenize(text)
    .tokens.map(({ image, startOffset, tokenType }) => ({
      image,
      start: startOffset,
      end: startOffset + image.length,
      type: tokenType.name,
    }));
}

/** null: chance made nothing of it. */
export function mistakeIn(text: string, chance: Random): Mistake | null {
  const tokens = tokensOf(text);
  const pick = <T>(from: readonly T[]): T | undefined => from[chance.below(Math.max(from.length, 1))];
  const [one, other] = [pick(tokens), pick(tokens)].sort((a, b) => (a?.start ?? 0) - (b?.start ?? 0));
  if (!one || !other) return null;
  const replaced = (start: number, end: number, by = ''): string => text.slice(0, start) + by + text.slice(end);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const at = (token: Token): { from: number; to: number } => ({ from: lineAt(token.start), to: lineAt(token.end) });
  switch (chance.below(7)) {
    case 0: {
      const broken = replaced(one.start, one.end);
      const here = [...formsAround(text, one), ...isQuoted(one)];
      return {
        kind: 'removed',
        text: broken,
        what: one.image,
        ...at(one),
        words: [...isQuoted(one), ...namesAround(text, one), ...(isBracket(one) ? BALANCE : [])],
        wordsHere: [one.image, ...here],
      };
    }
    case 1: {
      const broken = replaced(one.end, one.end, ` ${one.image}`);
      return {
        kind: 'doubled',
        text: broken,
        what: one.image,
        ...at(one),
        words: isBracket(one) ? BALANCE : [],
        wordsHere: [firstLine(one)],
      };
    }
    case 2: {
      if (other === one || other.image === one.image) return null;
      const broken = replaced(one.start, other.end, other.image + text.slice(one.end, other.start) + one.image);
      const words = [firstLine(one), firstLine(other)];
      return {
        kind: 'exchanged',
        text: broken,
        what: `${words.join(' with ')}`,
        from: at(one).from,
        to: at(other).to,
        words: [...isQuoted(one), ...isQuoted(other)],
        wordsHere: words,
      };
    }
    case 3: {
      const lines = text.split('\n');
      const from = chance.below(lines.length);
      const gone = lines.splice(from, 1 + chance.below(3)).join('\n');
      if (gone.trim() === '' || gone.trimStart().startsWith('//')) return null;
      const first = tokens.find(({ start }) => lineAt(start) === from);
      const around = first ? namesAround(text, first) : [];
      const names = tokensOf(gone).filter(({ image, type }) => type !== 'STRING' && /^[A-Za-z_]\w+$/.test(image));
      return {
        kind: 'cut',
        text: lines.join('\n'),
        what: gone.trim(),
        from: from - 1,
        to: from,
        words: [
          ...names.map(({ image }) => `\`${image}\``),
          '`{motivation}`',
          ...around,
          ...(/[{}]|"""/.test(gone) ? BALANCE : []),
        ],
        wordsHere: ['}', '{', '"', ...names.map(({ image }) => image)],
      };
    }
    case 4: {
      const mark = pick(tokens.filter(({ image }) => /^["{}()[\]]/.test(image)));
      if (!mark) return null;
      const [sign = ''] = mark.image;
      const partner = { '{': '}', '}': '{', '(': ')', ')': '(', '[': ']', ']': '[', '"': '"' }[sign] ?? sign;
      return {
        kind: 'unbalanced',
        text: replaced(mark.start, mark.start + 1),
        what: firstLine(mark),
        ...at(mark),
        words: BALANCE,
        wordsHere: [sign, partner],
      };
    }
    default: {
      const name = pick(tokens.filter(({ type, image }) => type !== 'STRING' && /^[A-Za-z_]{4,}$/.test(image)));
      if (!name) return null;
      const swap = 1 + chance.below(name.image.length - 2);
      const { image } = name;
      const written = image.slice(0, swap) + image.charAt(swap + 1) + image.charAt(swap) + image.slice(swap + 2);
      if (written === image) return null;
      return {
        kind: 'misspelt',
        text: replaced(name.start, name.end, written),
        what: `${image} as ${written}`,
        ...at(name),
        words: [written, `\`${image}\``, `:${image}\``, `\`${image}:`],
        wordsHere: [],
      };
    }
  }
}

function isBracket({ image }: Token): boolean {
  return /^(?:[{}()[\]]|""")/.test(image);
}

/** Names stand in backticks in a message, wherever it is. */
function isQuoted({ image }: Token): string[] {
  return /^[A-Za-z_]\w+$/.test(image) ? [`\`${image}\``] : [];
}

/** The ways of writing what a token was part of, the innermost two. */
function formsAround(text: string, token: Token): string[] {
  const root = parse(text).value.$cstNode;
  const leaf = root && CstUtils.findLeafNodeAtOffset(root, token.start);
  const forms: string[] = [];
  for (let node = leaf?.astNode; node && forms.length < 2; node = node.$container) {
    const form = FORMS[node.$type];
    if (form !== undefined) forms.push(form);
  }
  return [...forms, FORMS.Expression ?? ''];
}

/** Rules and other things with a name that a token stands in: a message may name what is left of them. */
function namesAround(text: string, token: Token): string[] {
  const root = parse(text).value.$cstNode;
  const leaf = root && CstUtils.findLeafNodeAtOffset(root, token.start);
  const names: string[] = [];
  for (let node = leaf?.astNode; node; node = node.$container) {
    if ('name' in node && typeof node.name === 'string' && node.name !== token.image) names.push(`\`${node.name}\``);
  }
  return names;
}

const BALANCE = ['closes nothing', 'not closed', 'one too many', 'is missing', 'runs over'];

function firstLine({ image }: Token): string {
  const [line = ''] = image.split('\n');
  return line.slice(0, 40);
}

export function namesMistake({ message, range }: Diagnostic, mistake: Mistake): boolean {
  const isHere = range.start.line <= mistake.to + 1 && range.end.line >= mistake.from - 1;
  return (
    mistake.words.some((word) => message.includes(word)) ||
    (isHere && mistake.wordsHere.some((word) => message.includes(word)))
  );
}
