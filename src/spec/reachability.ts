// Cases that no response can reach: their condition never holds, or the cases above take every response for which it
// does. What is known when a case is tried is that the conditions above it did not hold; each condition narrows the
// values that the expressions in it may have (domain.ts). Sound, not complete: a case that is named here never fires, but
// others may never fire either. A condition that does not hold may be none, and then its expression has no value at all.

import {
  ANYTHING,
  type Comparison,
  type Domain,
  FLIPPED,
  isEmpty,
  NEGATED,
  narrowed,
  numbersBetween,
  type Scalar,
  union,
} from './domain.ts';
import type { Expression } from './expression.ts';
import { expressionRange, type Range } from './ranges.ts';
import type { Capture, Rule } from './specification.ts';

/** What is known of the names that conditions read. */
export interface Known {
  /** Rules above, by name. */
  rules: ReadonlyMap<string, Rule>;
  ranges: ReadonlyMap<string, Range>;
  captures: readonly Capture[];
}

export interface Unreachable {
  /** The case's index. */
  case: number;
  /** Its condition holds for no response at all; else the cases above take those for which it does. */
  isNever: boolean;
  /** The expression that decides it, and the values it may have there; null: several do. */
  conflict: Conflict | null;
}

export interface Conflict {
  of: Expression;
  domain: Domain;
}

export function unreachableCases(rule: Rule, known: Known): Unreachable[] {
  const found: Unreachable[] = [];
  let above: State | null = new Map();
  rule.cases.forEach(({ when }, index) => {
    const alone = when && assume(when, 'true', new Map(), known);
    if (alone && 'of' in alone) found.push({ case: index, isNever: true, conflict: alone });
    else if (above === null) found.push({ case: index, isNever: false, conflict: null });
    else if (when !== null) {
      const here = assume(when, 'true', above, known);
      if ('of' in here) found.push({ case: index, isNever: false, conflict: here });
    }
    if (when === null) above = null;
    else if (above !== null) {
      const below: State | Conflict = assume(when, 'notTrue', above, known);
      above = 'of' in below ? null : below;
    }
  });
  return found;
}

/** What is known of expressions, by their text as JSON. */
type State = Map<string, Fact>;

interface Fact {
  /** Its values where it has one. */
  domain: Domain;
  /** It has one. */
  present: boolean;
}

/** A condition's own values: true, false and none, of which two leave out one. */
type Mode = 'true' | 'false' | 'notTrue' | 'notFalse';

const OPPOSITE: Record<Mode, Mode> = { true: 'false', false: 'true', notTrue: 'notFalse', notFalse: 'notTrue' };

/** What is known when the condition is so as well; the conflict where it cannot be. */
function assume(condition: Expression, mode: Mode, state: State, known: Known): State | Conflict {
  switch (condition.kind) {
    case 'bool':
      return condition.value === (mode === 'true' || mode === 'notFalse') ? state : conflictOver(condition);
    case 'not':
      return assume(condition.operand, OPPOSITE[mode], state, known);
    case 'isNone':
      return assumeNone(condition.operand, mode === 'true' || mode === 'notFalse', state, known);
    case 'binary': {
      const { operator, left, right } = condition;
      if (operator === 'and' || operator === 'or') {
        // Both are so where `and` is true or not false and where `or` is false or not true; else one of them is.
        const isBoth = (operator === 'and') === (mode === 'true' || mode === 'notFalse');
        const first = assume(left, mode, state, known);
        if (isBoth) return 'of' in first ? first : assume(right, mode, first, known);
        return either(first, assume(right, mode, state, known));
      }
      if (operator === 'in' || operator === 'not in') {
        const inside = operator === 'in' ? mode : OPPOSITE[mode];
        const options = right.kind === 'list' ? right.items.map(constantOf) : [];
        const values = options.filter((value) => value !== null);
        if (right.kind !== 'list' || values.length < options.length || constantOf(left) !== null) return state;
        return narrow(left, inside, state, known, (domain, isInside) => {
          if (!isInside) return values.reduce((so, value) => narrowed(so, '!=', value), domain);
          return values.map((value) => narrowed(domain, '==', value)).reduce(union, { kind: 'some', values: [] });
        });
      }
      if (operator === '+' || operator === '-' || operator === '*' || operator === '/') return state;
      return assumeComparison(left, operator, right, mode, state, known);
    }
    default:
      return narrow(condition, mode, state, known, (domain, isTrue) => narrowed(domain, '==', isTrue));
  }
}

function assumeComparison(
  left: Expression,
  comparison: Comparison,
  right: Expression,
  mode: Mode,
  state: State,
  known: Known,
): State | Conflict {
  const [a, b] = [constantOf(left), constantOf(right)];
  if (a !== null && b !== null) return state;
  const compared = (with_: Comparison, constant: Scalar) => (domain: Domain, isTrue: boolean) =>
    narrowed(domain, isTrue ? with_ : NEGATED[with_], constant);
  if (b !== null) return narrow(left, mode, state, known, compared(comparison, b));
  if (a !== null) return narrow(right, mode, state, known, compared(FLIPPED[comparison], a));
  return state;
}

/** Narrows what is known of an expression by a condition over it that is so. */
function narrow(
  of: Expression,
  mode: Mode,
  state: State,
  known: Known,
  by: (domain: Domain, isTrue: boolean) => Domain,
): State | Conflict {
  const { key, fact } = factOf(of, state, known);
  const domain = by(fact.domain, mode === 'true' || mode === 'notFalse');
  const present = fact.present || mode === 'true' || mode === 'false';
  if (present && isEmpty(domain)) return { of, domain: fact.domain };
  return new Map(state).set(key, { domain, present });
}

function assumeNone(of: Expression, isNone: boolean, state: State, known: Known): State | Conflict {
  const { key, fact } = factOf(of, state, known);
  if (isNone ? fact.present : isEmpty(fact.domain)) return { of, domain: fact.domain };
  const domain: Domain = isNone ? { kind: 'some', values: [] } : fact.domain;
  return new Map(state).set(key, { domain, present: !isNone });
}

function factOf(of: Expression, state: State, known: Known): { key: string; fact: Fact } {
  const key = JSON.stringify(of);
  return { key, fact: state.get(key) ?? { domain: domainOf(of, known), present: false } };
}

/** What is known where one of two is so. */
function either(a: State | Conflict, b: State | Conflict): State | Conflict {
  if ('of' in a) return b;
  if ('of' in b) return a;
  const joined: State = new Map();
  for (const [key, fact] of a) {
    const other = b.get(key);
    if (!other) continue;
    joined.set(key, { domain: union(fact.domain, other.domain), present: fact.present && other.present });
  }
  return joined;
}

function conflictOver(of: Expression): Conflict {
  return { of, domain: ANYTHING };
}

function constantOf(expression: Expression): Scalar | null {
  const { kind } = expression;
  return kind === 'number' || kind === 'text' || kind === 'bool' ? expression.value : null;
}

const BOOLS: Domain = { kind: 'some', values: [true, false] };

/** Which values an expression may have, whatever the response. */
function domainOf(expression: Expression, { rules, ranges, captures }: Known): Domain {
  switch (expression.kind) {
    case 'rule': {
      const scores = rules.get(expression.name)?.cases ?? [];
      const values = scores.map(({ score }) => (score.kind === 'number' ? score.value + 0 : null));
      const plain = values.filter((value) => value !== null);
      if (values.length > 0 && plain.length === values.length) {
        // A rule of which no case holds scores 0.
        return { kind: 'some', values: scores.at(-1)?.when === null ? plain : [...plain, 0] };
      }
      break;
    }
    case 'capture': {
      const capture = captures.find(({ name }) => name === expression.name);
      if (capture?.extractor.kind === 'choice' && capture.type.kind === 'text') {
        const { options } = capture.extractor;
        if (Array.isArray(options)) return { kind: 'some', values: options };
      }
      if (capture?.type.kind === 'bool') return BOOLS;
      break;
    }
    case 'isNone':
    case 'not':
      return BOOLS;
  }
  const { min, max } = expressionRange(expression, ranges);
  return Number.isFinite(min) || Number.isFinite(max) ? numbersBetween(min, max) : ANYTHING;
}
