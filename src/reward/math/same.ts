// Whether two mathematical answers say the same: 1/2, 0.5, \frac12 and 50%; (x+1)^2 and x^2+2x+1; {1, 2} and {2, 1}. Two
// expressions are the same when they are at points drawn for their variables (a polynomial that is zero at random points
// is zero; Schwartz 1980). Whole numbers are compared digit by digit, decimals to six places (as math-verify does), all
// else to rounding. What is not understood as mathematics is the same only when it reads the same.

import { type Meaning, readMath } from './read.ts';

export function sameMath(a: string, b: string): boolean {
  if (plain(a) === plain(b)) return true;
  const [first, second] = [wholeNumber(a), wholeNumber(b)];
  if (first !== null && second !== null) return first === second;
  const [left, right] = [readMath(a), readMath(b)];
  return left !== null && right !== null && same(left, right);
}

const LONGEST_READ = 100_000;

/** As it reads: without dress that changes nothing even where the rest is not understood. */
function plain(text: string): string {
  if (text.length > LONGEST_READ) return text;
  const bare = text.replace(/\\(?:text|textbf|mbox|mathrm)\s*\{([^{}]*)\}/g, '$1');
  return bare
    .replace(/\\left(?![a-z])|\\right(?![a-z])|\\[,;!: ]|[\s$]/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function wholeNumber(text: string): string | null {
  const [, sign, digits] = /^\s*\$?\s*([+-]?)0*([0-9]{1,400})\s*\$?\s*$/.exec(text.slice(0, 500)) ?? [];
  if (digits === undefined || text.length > 500) return null;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

function same(a: Meaning, b: Meaning): boolean {
  if (a.kind === 'expression' && b.kind === 'expression') return sameExpression(a, b);
  if (a.kind === 'equation' && b.kind === 'equation') return sameEquation(a, b);
  if (a.kind === 'set' && b.kind === 'set') return sameItems(a.items, b.items);
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    return a.open === b.open && a.close === b.close && inOrder(a.items, b.items);
  }
  if (a.kind === 'set' && b.kind === 'tuple') return a.isBare && inOrder(a.items, b.items);
  if (a.kind === 'tuple' && b.kind === 'set') return b.isBare && inOrder(a.items, b.items);
  // A set of one, and several answers that are all the same one.
  if (a.kind === 'set' && a.isBare) return a.items.every((item) => same(item, b));
  return b.kind === 'set' && b.isBare && b.items.every((item) => same(a, item));
}

function inOrder(a: readonly Meaning[], b: readonly Meaning[]): boolean {
  return a.length === b.length && a.every((item, i) => sameOrNothing(item, b[i]));
}

function sameItems(a: readonly Meaning[], b: readonly Meaning[]): boolean {
  const isIn = (item: Meaning, items: readonly Meaning[]): boolean => items.some((other) => same(item, other));
  return a.every((item) => isIn(item, b)) && b.every((item) => isIn(item, a));
}

function sameOrNothing(a: Meaning, b: Meaning | undefined): boolean {
  return b !== undefined && same(a, b);
}

type Expression = Extract<Meaning, { kind: 'expression' }>;
type Equation = Extract<Meaning, { kind: 'equation' }>;

/** `50%` is 0.5, and where the other side does not speak of percent, also 50. */
function sameExpression(a: Expression, b: Expression): boolean {
  if (sameValues(a, b, 1)) return true;
  return a.percent !== b.percent && (a.percent ? sameValues(a, b, 100) : sameValues(b, a, 100));
}

const POINTS = 6;

function sameValues(a: Expression, b: Expression, factor: number): boolean {
  const isDecimal = a.isDecimal || b.isDecimal;
  let compared = 0;
  for (const values of points([...a.variables, ...b.variables])) {
    const [x, y] = [a.evaluate(values) * factor, b.evaluate(values)];
    if (Number.isNaN(x) && Number.isNaN(y)) continue;
    if (!close(x, y, isDecimal)) return false;
    compared++;
  }
  return compared > 0;
}

/** Two equations of which one is a multiple of the other. */
function sameEquation(a: Equation, b: Equation): boolean {
  const sides = [a.left, a.right, b.left, b.right];
  const [p, q, r, s] = sides.filter((side) => side.kind === 'expression');
  if (!p || !q || !r || !s) return same(a.left, b.left) && same(a.right, b.right);
  let ratio: number | null = null;
  for (const values of points(sides.flatMap((side) => (side.kind === 'expression' ? [...side.variables] : [])))) {
    const [x, y] = [p.evaluate(values) - q.evaluate(values), r.evaluate(values) - s.evaluate(values)];
    if (!Number.isFinite(x / y) || x === 0) return false;
    ratio ??= x / y;
    if (!close(ratio, x / y, false)) return false;
  }
  return ratio !== null;
}

/** Where expressions are compared: each variable has its own irrational values between 0.6 and 2.6, always the same. */
function points(variables: readonly string[]): Map<string, number>[] {
  const names = [...new Set(variables)].sort();
  const count = names.length === 0 ? 1 : POINTS;
  return Array.from({ length: count }, (_, point) => {
    const value = (name: string): number => {
      const seed = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
      const turned = (seed * 0.6180339887498949 + (point + 1) * 0.7548776662466927) % 1;
      return 0.6 + 2 * turned;
    };
    return new Map(names.map((name) => [name, value(name)]));
  });
}

function close(x: number, y: number, isDecimal: boolean): boolean {
  if (x === y) return true;
  const size = Math.max(Math.abs(x), Math.abs(y));
  return Math.abs(x - y) <= (isDecimal ? 1e-6 * Math.min(1, 10 * size) : 1e-10 * size);
}
