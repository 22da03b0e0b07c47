// A filter as written to its expression (expression.ts), or the first thing that is wrong with it. Recursive descent;
// depth is bounded, so that a pasted page of parentheses is a problem and not an overflow.

import { nearest } from '../../spec/spelling.ts';
import {
  type Comparison,
  FACTS,
  type Fact,
  type Field,
  type Filter,
  type FilterNames,
  type FilterProblem,
  type Operand,
} from './expression.ts';
import { type Token, tokensOf } from './tokens.ts';

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '==': '==',
  '=': '==',
  '!=': '!=',
};
/** Facts that are true or false. */
const YES_OR_NO: readonly Fact[] = ['right', 'finished', 'invalid', 'starred'];
/** Facts that are texts. */
const TEXTS: readonly Fact[] = ['note', 'text', 'prompt_text'];
const DEEPEST = 100;

export type ParsedFilter = { filter: Filter | null; problem: null } | { filter: null; problem: FilterProblem };

/** An empty filter is null: everything passes. */
export function parseFilter(source: string, names: FilterNames): ParsedFilter {
  if (source.trim() === '') return { filter: null, problem: null };
  try {
    return { filter: new Parser(source, names).whole(), problem: null };
  } catch (error) {
    if (error instanceof Misread) return { filter: null, problem: error.problem };
    throw error;
  }
}

class Misread extends Error {
  readonly problem: FilterProblem;

  constructor(problem: FilterProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly end: number;
  private readonly names: FilterNames;
  private at = 0;
  private depth = 0;

  constructor(source: string, names: FilterNames) {
    this.tokens = tokensOf(source);
    this.end = source.length;
    this.names = names;
  }

  whole(): Filter {
    const filter = this.or();
    const rest = this.tokens[this.at];
    if (rest) throw this.unexpected(rest);
    return filter;
  }

  private or(): Filter {
    let left = this.and();
    while (this.word('or') || this.sign('||')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Filter {
    let left = this.not();
    while (this.word('and') || this.sign('&&')) left = { kind: 'and', left, right: this.not() };
    return left;
  }

  private not(): Filter {
    const start = this.tokens[this.at];
    if (++this.depth > DEEPEST && start) throw this.unexpected(start);
    try {
      if (this.word('not') || this.sign('!')) return { kind: 'not', operand: this.not() };
      if (!this.sign('(')) return this.test();
      const inner = this.or();
      if (!this.sign(')')) throw new Misread({ kind: 'openParenthesis', from: start?.from ?? 0, to: start?.to ?? 0 });
      return inner;
    } finally {
      this.depth--;
    }
  }

  private test(): Filter {
    const start = this.tokens[this.at];
    const left = this.operand();
    const next = this.tokens[this.at];
    const comparison = next?.kind === 'sign' ? COMPARISONS[next.text] : undefined;
    if (comparison !== undefined) {
      this.at++;
      return { kind: 'compare', sign: comparison, left, right: this.operand() };
    }
    if (this.word('contains')) return { kind: 'contains', left, text: this.text() };
    if (this.word('not')) {
      if (this.word('contains')) return { kind: 'not', operand: { kind: 'contains', left, text: this.text() } };
      throw this.unexpected(this.tokens[this.at] ?? null);
    }
    if (this.word('is')) {
      const isNot = this.word('not');
      const found: Filter = this.word('none')
        ? { kind: 'isNone', operand: left }
        : { kind: 'compare', sign: '==', left, right: this.operand() };
      return isNot ? { kind: 'not', operand: found } : found;
    }
    const isYesOrNo =
      left.kind === 'bool' ||
      (left.kind === 'field' &&
        (left.field.kind === 'capture' || (left.field.kind === 'fact' && YES_OR_NO.includes(left.field.name))));
    if (isYesOrNo) return { kind: 'holds', operand: left };
    // a note or a text by itself: whether there is one
    if (left.kind === 'field' && left.field.kind === 'fact' && TEXTS.includes(left.field.name))
      return { kind: 'holds', operand: left };
    throw new Misread({ kind: 'notCondition', from: start?.from ?? 0, to: this.tokens[this.at - 1]?.to ?? this.end });
  }

  private operand(): Operand {
    const token = this.tokens[this.at];
    if (!token) throw new Misread({ kind: 'missing', from: this.end, to: this.end });
    this.at++;
    switch (token.kind) {
      case 'open':
        throw new Misread({ kind: 'openText', from: token.from, to: token.to });
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'text':
        return { kind: 'text', value: token.text.toLowerCase() };
      case 'name':
        if (token.text === 'true' || token.text === 'false') return { kind: 'bool', value: token.text === 'true' };
        return { kind: 'field', field: this.field(token) };
      case 'sign':
        throw this.unexpected(token);
    }
  }

  private field(token: Token): Field {
    const { text: name, from, to } = token;
    const { rules, captures, metrics } = this.names;
    if (
      this.tokens[this.at]?.text === '(' &&
      (name === 'case' || name === 'metric' || name === 'rule' || name === 'capture')
    ) {
      this.at++;
      const inner = this.tokens[this.at++];
      if (!inner) throw new Misread({ kind: 'missing', from: this.end, to: this.end });
      if (inner.kind === 'open') throw new Misread({ kind: 'openText', from: inner.from, to: inner.to });
      const known = name === 'metric' ? metrics : name === 'capture' ? captures : rules;
      if (!known.includes(inner.text)) {
        const kind = name === 'metric' ? 'unknownMetric' : name === 'capture' ? 'unknownName' : 'unknownRule';
        throw new Misread({
          kind,
          name: inner.text,
          nearest: nearest(inner.text, known),
          from: inner.from,
          to: inner.to,
        });
      }
      if (!this.sign(')')) throw new Misread({ kind: 'openParenthesis', from, to });
      return { kind: name, name: inner.text };
    }
    if (rules.includes(name)) return { kind: 'rule', name };
    if (captures.includes(name)) return { kind: 'capture', name };
    const fact = FACTS.find((known) => known === name);
    if (fact !== undefined) return { kind: 'fact', name: fact };
    if (metrics.includes(name)) return { kind: 'metric', name };
    const known = [...rules, ...captures, ...FACTS, 'case', 'metric', 'and', 'or', 'not', 'contains'];
    throw new Misread({ kind: 'unknownName', name, nearest: nearest(name, known), from, to });
  }

  private text(): string {
    const token = this.tokens[this.at];
    if (!token) throw new Misread({ kind: 'missing', from: this.end, to: this.end });
    if (token.kind === 'open') throw new Misread({ kind: 'openText', from: token.from, to: token.to });
    if (token.kind !== 'text' && token.kind !== 'number')
      throw new Misread({ kind: 'notText', from: token.from, to: token.to });
    this.at++;
    return token.text.toLowerCase();
  }

  private word(word: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'name' || token.text.toLowerCase() !== word) return false;
    this.at++;
    return true;
  }

  private sign(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.at++;
    return true;
  }

  private unexpected(token: Token | null): Misread {
    if (!token) return new Misread({ kind: 'missing', from: this.end, to: this.end });
    if (token.kind === 'open') return new Misread({ kind: 'openText', from: token.from, to: token.to });
    return new Misread({ kind: 'unexpected', found: token.text, from: token.from, to: token.to });
  }
}
