// `countdown_value(text, numbers)`: what an expression over given numbers comes to, each of them used exactly once. Exact
// fractions, so that `8 / 3 * 3` is 8. Anything else than numbers, + - * / ( ) and what they come to is none.

/** An expression over a few numbers is no longer than this. */
const LONGEST = 1000;
const MOST_NUMBERS = 50;

interface Fraction {
  over: bigint;
  under: bigint;
}

export function countdownValue(text: string, numbers: readonly number[]): number | null {
  if (text.length > LONGEST || numbers.length > MOST_NUMBERS) return null;
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  const used = tokens.filter((token) => /^\d/.test(token)).map(Number);
  const wanted = [...numbers].sort((a, b) => a - b);
  used.sort((a, b) => a - b);
  if (used.length !== wanted.length || used.some((value, i) => value !== wanted[i])) return null;
  const value = new Reader(tokens).whole();
  return value === null ? null : asNumber(value);
}

/** The signs a model writes for the four operators. */
const SAME: Readonly<Record<string, string>> = { '×': '*', '·': '*', '÷': '/', '−': '-' };

/** null: something else is in it. */
function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  const token = /\s*(\d+(?:\.\d+)?|[-+*/()×·÷−])\s*/y;
  while (token.lastIndex < text.length) {
    const [, found] = token.exec(text) ?? [];
    if (found === undefined) return null;
    tokens.push(SAME[found] ?? found);
  }
  return tokens;
}

/** Recursive descent; null: it is no expression, or divides by zero. */
class Reader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  whole(): Fraction | null {
    const value = this.sum();
    return this.at === this.tokens.length ? value : null;
  }

  private sum(): Fraction | null {
    let left = this.product();
    for (let sign = this.next('+', '-'); left && sign; sign = this.next('+', '-')) {
      const right = this.product();
      left = right && added(left, sign === '-' ? negated(right) : right);
    }
    return left;
  }

  private product(): Fraction | null {
    let left = this.factor();
    for (let operator = this.next('*', '/'); left && operator; operator = this.next('*', '/')) {
      const right = this.factor();
      left = right && (operator === '*' ? multiplied(left, right) : divided(left, right));
    }
    return left;
  }

  private factor(): Fraction | null {
    if (this.next('-')) {
      const value = this.factor();
      return value && negated(value);
    }
    if (this.next('(')) {
      const value = this.sum();
      return this.next(')') ? value : null;
    }
    const token = this.tokens[this.at];
    if (token === undefined || !/^\d/.test(token)) return null;
    this.at++;
    const [whole = '', decimals = ''] = token.split('.');
    return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
  }

  /** The next token, taken, if it is one of these. */
  private next(...wanted: string[]): string | null {
    const token = this.tokens[this.at];
    if (token === undefined || !wanted.includes(token)) return null;
    this.at++;
    return token;
  }
}

function added(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
}

function negated({ over, under }: Fraction): Fraction {
  return { over: -over, under };
}

function multiplied(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.over, under: a.under * b.under };
}

function divided(a: Fraction, b: Fraction): Fraction | null {
  return b.over === 0n ? null : { over: a.over * b.under, under: a.under * b.over };
}

/** Exact where it is whole. */
function asNumber({ over, under }: Fraction): number | null {
  const value = over % under === 0n ? Number(over / under) : Number(over) / Number(under);
  return Number.isFinite(value) ? value : null;
}
