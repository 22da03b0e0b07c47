// The tokens of a .merf file. Two things differ from Langium's default. Words that are keywords only in some places
// (`row`, `steps`, `reward`) are also identifiers, through Chevrotain's token categories, so that they stay usable as
// names; and a `+` or `-` that is the first thing on its line is CASE_SIGN, so that a case of a rule ends where the
// next line begins with a signed score.

import type { CustomPatternMatcherFunc, TokenType, TokenVocabulary } from 'chevrotain';
import { DefaultTokenBuilder, type Grammar, type GrammarAST, type TokenBuilderOptions } from 'langium';

/** Words that mean something inside expressions and cases, and so can never be names. */
export const RESERVED_WORDS: readonly string[] = [
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'then',
  'else',
  'true',
  'false',
  'none',
  'when',
  'otherwise',
];

const WORD = /^[A-Za-z_]+$/;

export class MerfTokenBuilder extends DefaultTokenBuilder {
  override buildTokens(grammar: Grammar, options?: TokenBuilderOptions): TokenVocabulary {
    const tokens = super.buildTokens(grammar, options);
    if (!Array.isArray(tokens)) return tokens;
    const caseSign = tokens.find((token) => token.name === 'CASE_SIGN');
    return caseSign ? [caseSign, ...tokens.filter((token) => token !== caseSign)] : tokens;
  }

  protected override buildTerminalToken(terminal: GrammarAST.TerminalRule): TokenType {
    const token = super.buildTerminalToken(terminal);
    if (terminal.name !== 'CASE_SIGN') return token;
    return { name: token.name, PATTERN: caseSign, LINE_BREAKS: false, START_CHARS_HINT: ['+', '-'] };
  }

  protected override buildKeywordToken(
    keyword: GrammarAST.Keyword,
    terminals: TokenType[],
    caseInsensitive: boolean,
  ): TokenType {
    const token = super.buildKeywordToken(keyword, terminals, caseInsensitive);
    if (!WORD.test(keyword.value) || RESERVED_WORDS.includes(keyword.value)) return token;
    const identifier = terminals.find((terminal) => terminal.name === 'ID');
    return identifier ? { ...token, CATEGORIES: [identifier] } : token;
  }
}

/** Matches a sign with nothing but blanks between it and the start of its line. */
const caseSign: CustomPatternMatcherFunc = (text, offset) => {
  const sign = text[offset];
  if (sign !== '+' && sign !== '-') return null;
  if (sign === '-' && text[offset + 1] === '>') return null;
  for (let i = offset - 1; i >= 0; i--) {
    const before = text[i];
    if (before === '\n' || before === '\r') break;
    if (before !== ' ' && before !== '\t') return null;
  }
  return [sign];
};
