// What values an expression may have where it has one: a few, a stretch of numbers with some left out, or anything with
// some left out. Comparisons with a constant narrow it. Always at least what can be, so that empty means never.

export type Scalar = number | string | boolean;

export type Domain =
  | { kind: 'some'; values: readonly Scalar[] }
  | { kind: 'numbers'; min: number; minOpen: boolean; max: number; maxOpen: boolean; without: readonly Scalar[] }
  | { kind: 'any'; without: readonly Scalar[] };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export const NEGATED: Record<Comparison, Comparison> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/** With its sides exchanged. */
export const FLIPPED: Record<Comparison, Comparison> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

export const ANYTHING: Domain = { kind: 'any', without: [] };

export function numbersBetween(min: number, max: number): Domain {
  return { kind: 'numbers', min, minOpen: false, max, maxOpen: false, without: [] };
}

export function isEmpty(domain: Domain): boolean {
  if (domain.kind === 'some') return domain.values.length === 0;
  if (domain.kind === 'any') return false;
  const { min, max, minOpen, maxOpen, without } = domain;
  return min > max || (min === max && (minOpen || maxOpen || without.includes(min)));
}

/** The values that compare so with the constant. */
export function narrowed(domain: Domain, comparison: Comparison, constant: Scalar): Domain {
  if (domain.kind === 'some')
    return { kind: 'some', values: domain.values.filter((v) => holds(v, comparison, constant)) };
  if (comparison === '==') {
    return { kind: 'some', values: includes(domain, constant) ? [constant] : [] };
  }
  if (comparison === '!=') return { ...domain, without: [...domain.without, constant] };
  if (typeof constant !== 'number' || domain.kind !== 'numbers') return domain;
  const open = comparison === '<' || comparison === '>';
  if (comparison.startsWith('<')) {
    if (constant > domain.max || (constant === domain.max && (domain.maxOpen || !open))) return domain;
    return { ...domain, max: constant, maxOpen: open };
  }
  if (constant < domain.min || (constant === domain.min && (domain.minOpen || !open))) return domain;
  return { ...domain, min: constant, minOpen: open };
}

function includes(domain: Exclude<Domain, { kind: 'some' }>, value: Scalar): boolean {
  if (domain.without.includes(value)) return false;
  if (domain.kind === 'any') return true;
  if (typeof value !== 'number' || value < domain.min || value > domain.max) return false;
  return !(value === domain.min && domain.minOpen) && !(value === domain.max && domain.maxOpen);
}

function holds(value: Scalar, comparison: Comparison, constant: Scalar): boolean {
  if (comparison === '==') return value === constant;
  if (comparison === '!=') return value !== constant;
  if (typeof value === 'number' && typeof constant === 'number') return ordered(value, comparison, constant);
  return typeof value !== 'string' || typeof constant !== 'string' || ordered(value, comparison, constant);
}

function ordered<T extends number | string>(a: T, comparison: '<' | '<=' | '>' | '>=', b: T): boolean {
  switch (comparison) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** What is in either, and perhaps more. */
export function union(a: Domain, b: Domain): Domain {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  if (a.kind === 'some' && b.kind === 'some') return { kind: 'some', values: [...new Set([...a.values, ...b.values])] };
  const [left, right] = [stretched(a), stretched(b)];
  if (left === null || right === null) return ANYTHING;
  const without = left.without.filter((value) => right.without.includes(value));
  const min = Math.min(left.min, right.min);
  const max = Math.max(left.max, right.max);
  const minOpen = (left.min > min || left.minOpen) && (right.min > min || right.minOpen);
  const maxOpen = (left.max < max || left.maxOpen) && (right.max < max || right.maxOpen);
  return { kind: 'numbers', min, minOpen, max, maxOpen, without };
}

/** As a stretch of numbers; null where it is none. */
function stretched(domain: Domain): Extract<Domain, { kind: 'numbers' }> | null {
  if (domain.kind === 'numbers') return domain;
  if (domain.kind === 'any') return null;
  const numbers = domain.values.filter((value) => typeof value === 'number');
  if (numbers.length < domain.values.length) return null;
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  return { kind: 'numbers', min, minOpen: false, max, maxOpen: false, without: [] };
}
