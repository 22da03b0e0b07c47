// Brackets that have no partner, found in a text that cannot be read. Sections begin at the beginning of a line and rules
// stand in one section, so a bracket that is still open there was not closed; the parser itself stumbles much later.

import { isOpenText } from './parse.ts';

/** What the lexer gives. */
export interface Token {
  image: string;
  startOffset: number;
}

export interface Unbalanced {
  start: number;
  end: number;
  found: string;
  remedy: string;
}

interface Open extends Token {
  /** How its line begins: `rule format`. */
  head: string;
}

const CLOSES: ReadonlyMap<string, string> = new Map(['{}', '()', '[]'].map(([open = '', close = '']) => [open, close]));
const OPENS: ReadonlyMap<string, string> = new Map([...CLOSES].map(([open, close]) => [close, open]));
const SECTION =
  /^(?:experiment|import|task|prompt|response|verifier|judge|reward|motivation|arm|train|stage|watch|example)$/;
/** Words that begin a section, and also a part of one: they prove nothing there. */
const INSIDE: Readonly<Record<string, RegExp>> = { train: /^arm/, motivation: /^arm/, response: /^example/ };

/** The first one; null: every bracket has its partner. */
export function unbalanced(text: string, tokens: readonly Token[]): Unbalanced | null {
  const stack: Open[] = [];
  for (const [i, token] of tokens.entries()) {
    const { image, startOffset } = token;
    const runaway = image.startsWith('"""') ? runsOver(token, text) : null;
    if (runaway) return runaway;
    const top = stack.at(-1);
    const before = text.slice(text.lastIndexOf('\n', startOffset - 1) + 1, startOffset);
    if (before.trim() === '' && top) {
      const isSection = before === '' && SECTION.test(image) && !stack.some(({ head }) => INSIDE[image]?.test(head));
      const isRule = image === 'rule' && top.head.startsWith('rule');
      if (isSection || isRule) return notClosed(top, tokens[i - 1] ?? top, image, text);
    } else if (image === 'rule' && before.trim() === '') {
      const found = '`rule` stands outside of `reward { … }`.';
      return { ...placeOf(token), found, remedy: 'A `}` above it is one too many: remove it.' };
    }
    if (CLOSES.has(image)) stack.push({ ...token, head: before.trim() || image });
    const opening = OPENS.get(image);
    if (opening === undefined) continue;
    if (top?.image === opening) stack.pop();
    else if (top && image === '}') return notClosed(top, tokens[i - 1] ?? top, image, text);
    else {
      const found = `This \`${image}\` closes nothing.`;
      return { ...placeOf(token), found, remedy: `Remove it, or add the \`${opening}\` that is missing before it.` };
    }
  }
  return null;
}

/** Said where it was noticed, at the last token that may still be inside. */
function notClosed({ image, head, startOffset }: Open, last: Token, next: string, text: string): Unbalanced {
  const line = text.slice(0, startOffset).split('\n').length;
  const opened = image === '{' && head !== image ? `\`${head} {\`` : `The \`${image}\``;
  const found = `${opened} of line ${line} is not closed before \`${next}\`.`;
  return { ...placeOf(last), found, remedy: `Add \`${CLOSES.get(image)}\` here.` };
}

/** A text in triple quotes with the beginning of a section in it: it ends at the beginning of another text. */
function runsOver(token: Token, text: string): Unbalanced | null {
  const { image, startOffset } = token;
  const over =
    /\n((?:task|prompt|response|reward|motivation|arm|train|stage|watch|example|judge)\b[^\n"]*[{(][^\n"]*)\n/.exec(
      image,
    );
  if (!over || isOpenText(image)) return null;
  const line = text.slice(0, startOffset + over.index + 1).split('\n').length;
  const found = `The text that begins here runs over \`${over[1]?.trim()}\` of line ${line}.`;
  return {
    start: startOffset,
    end: startOffset + 3,
    found,
    remedy: 'A `"""` is missing: where it ends, or where one above it begins or ends.',
  };
}

function placeOf({ image, startOffset }: Token): { start: number; end: number } {
  const [line = ''] = image.split('\n');
  return { start: startOffset, end: startOffset + Math.max(1, line.length) };
}
