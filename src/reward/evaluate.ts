// The value of an expression. Total and deterministic: every expression has a value for every response and row, and
// none of them throws. `none` is contagious: a comparison or a function of none is none, `not none` is none, and a
// condition that is none does not hold, so no wording of a condition lets a missing capture pass. `and` and `or` are
// Kleene's: `false and none` is false, `true or none` is true. An expression is compiled once to a closure, and that is
// what runs for each response. A verifier's or judge's answer that is not known yet is none too, but the scope is then
// `unanswered`: what was made of it means nothing, and no further question is asked on the strength of it.

import type { BinaryOperator, Expression } from '../spec/expression.ts';
import { finite, IMPLEMENTATIONS, LONGEST_TEXT } from './functions.ts';
import { equal, type Maybe, type Value } from './value.ts';

/** What the names in an expression stand for. */
export interface Scope {
  column(name: string): Maybe;
  capture(name: string): Maybe;
  /** The tag by which a capture is found; null when it is not made with `tag`. */
  tag(capture: string): string | null;
  /** The score of a rule's chosen case; none, and `unanswered`, while that waits for an answer. */
  rule(name: string): Maybe;
  /** What a verifier or a judge answers; none, and `unanswered`, while that is not known. */
  external(name: string, given: readonly Value[]): Maybe;
  /** Whether something that was read has no answer yet, or will never have one. */
  readonly unanswered: boolean;
  response: string;
  /** Length of the response in tokens; null where nobody counted. */
  tokens: number | null;
  finished: boolean | null;
}

/** An expression ready to run; `variables` holds those of the quantifiers around it, the outermost first. */
type Evaluator = (scope: Scope, variables: Value[]) => Maybe;

/** Names of the quantifiers' variables, the outermost first. */
type Bound = readonly string[];

export function compile(expression: Expression): (scope: Scope) => Maybe {
  const evaluator = compiled(expression, []);
  return (scope) => evaluator(scope, []);
}

/** As `compile`, for an expression that is needed once. */
export function evaluate(expression: Expression, scope: Scope): Maybe {
  return compile(expression)(scope);
}

function compiled(expression: Expression, bound: Bound): Evaluator {
  const inner = (one: Expression): Evaluator => compiled(one, bound);
  switch (expression.kind) {
    case 'number': {
      const value = finite(expression.value);
      return () => value;
    }
    case 'text':
    case 'bool': {
      const { value } = expression;
      return () => value;
    }
    case 'list':
      return allOf(expression.items.map(inner));
    case 'record':
      return record(
        expression.fields.map(({ name }) => name),
        allOf(expression.fields.map((field) => inner(field.value))),
      );
    case 'column':
    case 'capture':
    case 'rule': {
      const { kind, name } = expression;
      return (scope) => scope[kind](name);
    }
    case 'variable': {
      const slot = bound.lastIndexOf(expression.name);
      return (_, variables) => variables[slot] ?? null;
    }
    case 'builtin': {
      const { name } = expression;
      return (scope) => scope[name];
    }
    case 'call':
      return call(expression.function, expression.arguments, inner);
    case 'external': {
      const { name } = expression;
      const given = allOf(expression.arguments.map(inner));
      return (scope, variables) => {
        const present = given(scope, variables);
        return present === null || scope.unanswered ? null : scope.external(name, present);
      };
    }
    case 'index':
      return pairwise(inner(expression.of), inner(expression.index), at);
    case 'not': {
      const operand = inner(expression.operand);
      return (scope, variables) => {
        const value = operand(scope, variables);
        return typeof value === 'boolean' ? !value : null;
      };
    }
    case 'negate': {
      const operand = inner(expression.operand);
      return (scope, variables) => {
        const value = operand(scope, variables);
        return typeof value === 'number' ? finite(-value) : null;
      };
    }
    case 'isNone': {
      const operand = inner(expression.operand);
      return (scope, variables) => operand(scope, variables) === null;
    }
    case 'binary': {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      const { operator } = expression;
      if (operator === 'and' || operator === 'or') return logical(operator === 'or', left, right);
      return pairwise(left, right, OPERATIONS[operator]);
    }
    case 'if': {
      const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map(inner);
      if (!condition || !then || !otherwise) return () => null;
      return (scope, variables) => {
        const holds = condition(scope, variables) === true;
        return scope.unanswered ? null : (holds ? then : otherwise)(scope, variables);
      };
    }
    case 'quantifier': {
      const body = compiled(expression.body, [...bound, expression.variable]);
      return quantifier(expression.quantifier, inner(expression.list), body, bound.length);
    }
  }
}

/** The values of all; null where one is none. */
function allOf(evaluators: readonly Evaluator[]): (scope: Scope, variables: Value[]) => Value[] | null {
  return (scope, variables) => {
    const values: Value[] = [];
    let whole = true;
    for (const evaluator of evaluators) {
      const value = evaluator(scope, variables);
      if (value === null) whole = false;
      else values.push(value);
    }
    return whole ? values : null;
  };
}

function record(names: readonly string[], values: (scope: Scope, variables: Value[]) => Value[] | null): Evaluator {
  return (scope, variables) => {
    const present = values(scope, variables);
    if (present === null) return null;
    const fields = new Map<string, Value>();
    names.forEach((name, i) => {
      const value = present[i];
      if (value !== undefined) fields.set(name, value);
    });
    return fields;
  };
}

function call(name: string, given: readonly Expression[], inner: (one: Expression) => Evaluator): Evaluator {
  const implementation = IMPLEMENTATIONS.get(name);
  if (implementation === undefined) return () => null;
  if (implementation.over === 'tags') {
    const captures = given.map((one) => (one.kind === 'capture' ? one.name : ''));
    return (scope) => {
      const tags = captures.map((capture) => scope.tag(capture)).filter((tag) => tag !== null);
      return tags.length === captures.length ? implementation.apply(scope.response, tags) : null;
    };
  }
  const values = allOf(given.map(inner));
  return (scope, variables) => {
    const present = values(scope, variables);
    if (present === null) return null;
    return implementation.over === 'response'
      ? implementation.apply(scope.response, present)
      : implementation.apply(present);
  };
}

/** `and` (of which false decides) and `or` (of which true does); the right side is not asked where the left decides. */
function logical(decisive: boolean, left: Evaluator, right: Evaluator): Evaluator {
  return (scope, variables) => {
    const first = left(scope, variables);
    if (first === decisive || scope.unanswered) return first;
    return joined(decisive, first, right(scope, variables));
  };
}

function joined(decisive: boolean, a: Maybe, b: Maybe): Maybe {
  if (a === decisive || b === decisive) return decisive;
  return a === !decisive && b === !decisive ? !decisive : null;
}

function quantifier(kind: 'all' | 'any' | 'count', list: Evaluator, body: Evaluator, slot: number): Evaluator {
  const decisive = kind === 'any';
  return (scope, variables) => {
    const items = list(scope, variables);
    if (!Array.isArray(items)) return null;
    let count = 0;
    let so: Maybe = !decisive;
    for (const item of items) {
      variables[slot] = item;
      const value = body(scope, variables);
      if (kind === 'count') {
        if (value === true) count++;
        continue;
      }
      so = joined(decisive, so, value);
      if (so === decisive || scope.unanswered) return so;
    }
    return kind === 'count' ? count : so;
  };
}

function pairwise(left: Evaluator, right: Evaluator, apply: (a: Value, b: Value) => Maybe): Evaluator {
  return (scope, variables) => {
    const a = left(scope, variables);
    const b = right(scope, variables);
    return a === null || b === null ? null : apply(a, b);
  };
}

type Comparison = '<' | '<=' | '>' | '>=';

const OPERATIONS: Record<Exclude<BinaryOperator, 'and' | 'or'>, (a: Value, b: Value) => Maybe> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  in: (part, whole) => contains(whole, part),
  'not in': (part, whole) => {
    const inside = contains(whole, part);
    return inside === null ? null : !inside;
  },
  '+': (a, b) => {
    if (typeof a === 'string' && typeof b === 'string') return a.length + b.length > LONGEST_TEXT ? null : a + b;
    return typeof a === 'number' && typeof b === 'number' ? finite(a + b) : null;
  },
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => a * b),
  '/': arithmetic((a, b) => a / b),
  '<': ordered('<'),
  '<=': ordered('<='),
  '>': ordered('>'),
  '>=': ordered('>='),
};

function arithmetic(apply: (a: number, b: number) => number): (a: Value, b: Value) => Maybe {
  return (a, b) => (typeof a === 'number' && typeof b === 'number' ? finite(apply(a, b)) : null);
}

function ordered(operator: Comparison): (a: Value, b: Value) => Maybe {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compare(operator, a, b);
    return typeof a === 'string' && typeof b === 'string' ? compare(operator, a, b) : null;
  };
}

function compare<T extends number | string>(operator: Comparison, left: T, right: T): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** An item of a list, a name of a record, or a part of a text. */
function contains(whole: Value, part: Value): boolean | null {
  if (Array.isArray(whole)) return whole.some((item) => equal(item, part));
  if (typeof part !== 'string') return null;
  if (whole instanceof Map) return whole.has(part);
  return typeof whole === 'string' ? whole.includes(part) : null;
}

/** An item of a list, from the end where the number is negative; a field of a record; none where it is not there. */
function at(whole: Value, index: Value): Maybe {
  if (whole instanceof Map) return typeof index === 'string' ? (whole.get(index) ?? null) : null;
  return Array.isArray(whole) && typeof index === 'number' && Number.isInteger(index)
    ? (whole.at(index) ?? null)
    : null;
}
