// A mathematical answer as people and models write it, in plain text or LaTeX, to what it says: a number or an
// expression in variables (as a function of them), a tuple or an interval, a set, several answers, an equation. What
// only dresses it is passed over: dollar signs, \left and \right, spaces, \text{ cm}, units, degrees, `x =`. What is not
// understood is null; reading is bounded in length and depth, as answers are written by models.
// Left out: matrices, integrals, complex numbers, inequalities (`x < 3` reads as its text).

import { Failure, type Token, tokens } from './tokens.ts';

export type Meaning =
  | { kind: 'expression'; evaluate: Evaluate; variables: ReadonlySet<string>; isDecimal: boolean; percent: boolean }
  /** Brackets tell tuples and intervals apart. */
  | { kind: 'tuple'; open: string; close: string; items: Meaning[] }
  /** In any order. */
  | { kind: 'set'; items: Meaning[]; isBare: boolean }
  | { kind: 'equation'; left: Meaning; right: Meaning };

type Evaluate = (values: ReadonlyMap<string, number>) => number;

const DEEPEST = 60;

/** What the text says; null where it is not understood. */
export function readMath(text: string): Meaning | null {
  try {
    const found = tokens(text);
    const choice = found.filter((token) => token === '\\pm');
    if (choice.length !== 1) return new Reader(found).all();
    const signed = ['+', '-'].map((sign) => new Reader(found.map((token) => (token === '\\pm' ? sign : token))).all());
    return { kind: 'set', items: signed, isBare: true };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const FUNCTIONS: ReadonlyMap<string, (x: number) => number> = new Map([
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['arcsin', Math.asin],
  ['arccos', Math.acos],
  ['arctan', Math.atan],
  ['ln', Math.log],
  ['log', Math.log10],
  ['exp', Math.exp],
  ['sqrt', Math.sqrt],
  ['abs', Math.abs],
]);

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
  ['infty', Infinity],
  ['inf', Infinity],
]);

const CLOSING: Readonly<Record<string, readonly string[]>> = { '(': [')', ']'], '[': [']', ')'], '\\{': ['\\}'] };

class Reader {
  private readonly tokens: Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = [...tokens];
  }

  /** The whole text: one answer, or several with commas, `and` or `or` between them. */
  all(): Meaning {
    const items = this.list();
    if (this.at < this.tokens.length) throw new Failure();
    const [only] = items;
    return items.length === 1 && only ? only : { kind: 'set', items, isBare: true };
  }

  private list(): Meaning[] {
    const items = [this.item()];
    while (this.take(',', ';', 'and', 'or')) {
      this.take('and', 'or');
      items.push(this.item());
    }
    return items;
  }

  /** An expression, an equation, or a union of intervals. */
  private item(): Meaning {
    const left = this.sum();
    if (this.take('\\cup')) {
      const right = this.item();
      const parts = right.kind === 'set' && !right.isBare ? right.items : [right];
      return { kind: 'set', items: [left, ...parts], isBare: false };
    }
    if (this.take('\\in')) return this.item();
    if (!this.take('=')) return left;
    const right = this.item();
    return isName(left) ? right : { kind: 'equation', left, right };
  }

  private sum(): Meaning {
    let left = this.product();
    for (;;) {
      if (this.take('+')) left = combine(left, this.product(), (a, b) => a + b);
      else if (this.take('-')) left = combine(left, this.product(), (a, b) => a - b);
      else return left;
    }
  }

  private product(): Meaning {
    let left = this.signed();
    for (;;) {
      const before = this.tokens[this.at - 1];
      if (this.take('*')) left = combine(left, this.signed(), (a, b) => a * b);
      else if (this.take('/')) left = combine(left, this.signed(), (a, b) => a / b);
      else if (this.isMixed(before)) left = combine(left, this.power(), (a, b) => a + b);
      else if (this.beginsFactor()) left = combine(left, this.power(), (a, b) => a * b);
      else return left;
    }
  }

  /** `1\frac{1}{2}` is one and a half. */
  private isMixed(before: Token | undefined): boolean {
    if (this.tokens[this.at] !== '\\frac' || !/^\d+$/.test(before ?? '')) return false;
    const written = this.tokens.slice(this.at + 1, this.at + 7).join('');
    return /^(?:\{\d+\}|\d)(?:\{\d+\}|\d)/.test(written) && this.tokens[this.at - 2] !== '^';
  }

  private beginsFactor(): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || /^(?:and|or|[+\-*/=,;)\]}|^%!]|\\[}]|\\(?:cup|in|pm))$/.test(token)) return false;
    return true;
  }

  private signed(): Meaning {
    this.enter();
    const negative = this.take('-');
    const operand = negative || this.take('+') ? this.signed() : this.power();
    this.depth--;
    return negative ? map(operand, (x) => -x) : operand;
  }

  private power(): Meaning {
    let base = this.atom();
    for (;;) {
      if (this.take('^')) base = combine(base, this.exponent(), (a, b) => a ** b);
      else if (this.take('%')) base = { ...map(base, (x) => x / 100), percent: true };
      else if (this.take('!')) base = map(base, factorial);
      else return base;
    }
  }

  /** What stands after `^`: a group, a number, a letter or a command, with its sign. */
  private exponent(): Meaning {
    const token = this.tokens[this.at];
    return token === '-' || token === '+' ? this.signed() : this.atom();
  }

  /** What stands after a command, as TeX reads it: a group, or one digit, letter or command. */
  private argument(): Meaning {
    const token = this.tokens[this.at] ?? '';
    if (!/^[0-9]{2,}$/.test(token)) return this.exponent();
    this.tokens[this.at] = token.slice(1);
    const digit = Number(token.charAt(0));
    return expression(() => digit, [], false);
  }

  private atom(): Meaning {
    this.enter();
    const meaning = this.bareAtom();
    this.depth--;
    return meaning;
  }

  private bareAtom(): Meaning {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Failure();
    if (/^[\d.]/.test(token)) {
      const value = Number(token);
      return expression(() => value, [], token.includes('.') || token.includes('e'));
    }
    if (token === '{') return this.closed(this.item(), '}');
    if (token === '|') return map(this.closed(this.sum(), '|'), Math.abs);
    if (token in CLOSING) return this.bracketed(token);
    if (token === '\\frac') return combine(this.argument(), this.argument(), (a, b) => a / b);
    if (token === '\\sqrt') {
      const degree = this.take('[') ? this.closed(this.sum(), ']') : expression(() => 2, [], false);
      return combine(this.argument(), degree, root);
    }
    const name = token.replace(/^\\/, '');
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return expression(() => constant, [], false);
    const apply = FUNCTIONS.get(name);
    if (apply) return map(this.beginsFactor() ? this.power() : this.argument(), apply);
    if (/^[A-Za-z]$/.test(token)) return this.subscripted(token);
    throw new Failure();
  }

  /** `x`, `x_1`, `x_{12}`, and `f(x)`, which stands left of an equals sign only. */
  private subscripted(letter: string): Meaning {
    let name = letter;
    while (this.take('_')) {
      const braced = this.take('{');
      name += `_${this.tokens[this.at++] ?? ''}`;
      if (braced && !this.take('}')) throw new Failure();
    }
    if (
      this.tokens
        .slice(this.at, this.at + 4)
        .join(' ')
        .match(/^\( [a-z] \) =$/)
    )
      this.at += 3;
    return expression((values) => values.get(name) ?? Number.NaN, [name], false);
  }

  private bracketed(open: string): Meaning {
    const items = this.tokens[this.at] === '\\}' ? [] : this.list();
    const close = this.tokens[this.at++] ?? '';
    if (!CLOSING[open]?.includes(close)) throw new Failure();
    if (open === '\\{') return { kind: 'set', items, isBare: false };
    const [only] = items;
    const isGroup = items.length === 1 && only && (open === '(') === (close === ')');
    return isGroup ? only : { kind: 'tuple', open, close, items };
  }

  private closed(meaning: Meaning, close: string): Meaning {
    if (!this.take(close)) throw new Failure();
    return meaning;
  }

  private take(...wanted: Token[]): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || !wanted.includes(token)) return false;
    this.at++;
    return true;
  }

  private enter(): void {
    this.depth++;
    if (this.depth > DEEPEST) throw new Failure();
  }
}

type ExpressionMeaning = Extract<Meaning, { kind: 'expression' }>;

function expression(evaluate: Evaluate, variables: Iterable<string>, isDecimal: boolean): ExpressionMeaning {
  return { kind: 'expression', evaluate, variables: new Set(variables), isDecimal, percent: false };
}

/** A lone variable, as in `x = 3`. */
function isName(meaning: Meaning): boolean {
  if (meaning.kind !== 'expression' || meaning.variables.size !== 1) return false;
  const [name = ''] = meaning.variables;
  return meaning.evaluate(new Map([[name, 0.5]])) === 0.5 && meaning.evaluate(new Map([[name, 3.7]])) === 3.7;
}

function map(meaning: Meaning, apply: (x: number) => number): ExpressionMeaning {
  if (meaning.kind !== 'expression') throw new Failure();
  const { evaluate, variables, isDecimal } = meaning;
  return expression((values) => apply(evaluate(values)), variables, isDecimal);
}

function combine(a: Meaning, b: Meaning, apply: (x: number, y: number) => number): ExpressionMeaning {
  if (a.kind !== 'expression' || b.kind !== 'expression') throw new Failure();
  const evaluate: Evaluate = (values) => apply(a.evaluate(values), b.evaluate(values));
  return expression(evaluate, [...a.variables, ...b.variables], a.isDecimal || b.isDecimal);
}

function root(x: number, degree: number): number {
  return x < 0 && degree % 2 === 1 ? -((-x) ** (1 / degree)) : degree === 2 ? Math.sqrt(x) : x ** (1 / degree);
}

function factorial(n: number): number {
  if (!Number.isInteger(n) || n < 0 || n > 170) return Number.NaN;
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}
