// The value of an expression. Total and deterministic: every expression has a value for every response and row, and
// none of them throws. `none` is contagious: a comparison or a function of none is none, `not none` is none, and a
// condition that is none does not hold, so no wording of a condition lets a missing capture pass. `and` and `or` are
// Kleene's: `false and none` is false, `true or none` is true.

import type { BinaryOperator, Expression } from '../spec/expression.ts';
import { finite, IMPLEMENTATIONS, LONGEST_TEXT } from './functions.ts';
import { equal, type Maybe, type Value } from './value.ts';

/** What the names in an expression stand for. */
export interface Scope {
  column(name: string): Maybe;
  capture(name: string): Maybe;
  /** The tag by which a capture is found; null when it is not made with `tag`. */
  tag(capture: string): string | null;
  /** The score of a rule's chosen case. */
  rule(name: string): Maybe;
  response: string;
  /** Length of the response in tokens; null where nobody counted. */
  tokens: number | null;
  finished: boolean | null;
}

type Variables = ReadonlyMap<string, Value>;

/** Whether a case's condition holds: none does not. */
export function holds(condition: Expression, scope: Scope): boolean {
  return evaluate(condition, scope) === true;
}

export function evaluate(expression: Expression, scope: Scope): Maybe {
  return valueIn(expression, scope, new Map());
}

function valueIn(expression: Expression, scope: Scope, variables: Variables): Maybe {
  const value = (one: Expression): Maybe => valueIn(one, scope, variables);
  switch (expression.kind) {
    case 'number':
      return finite(expression.value);
    case 'text':
    case 'bool':
      return expression.value;
    case 'list':
      return allPresent(expression.items.map(value));
    case 'record': {
      const fields = allPresent(expression.fields.map((field) => value(field.value)));
      return fields && new Map(expression.fields.flatMap(({ name }, i) => entry(name, fields[i])));
    }
    case 'column':
      return scope.column(expression.name);
    case 'capture':
      return scope.capture(expression.name);
    case 'rule':
      return scope.rule(expression.name);
    case 'variable':
      return variables.get(expression.name) ?? null;
    case 'builtin':
      return scope[expression.name];
    case 'call':
      return call(expression.function, expression.arguments, scope, value);
    case 'external':
    case 'index':
      return null;
    case 'not': {
      const operand = value(expression.operand);
      return typeof operand === 'boolean' ? !operand : null;
    }
    case 'negate': {
      const operand = value(expression.operand);
      return typeof operand === 'number' ? finite(-operand) : null;
    }
    case 'isNone':
      return value(expression.operand) === null;
    case 'binary':
      if (expression.operator === 'and') return both(value(expression.left), () => value(expression.right));
      if (expression.operator === 'or') return either(value(expression.left), () => value(expression.right));
      return binary(expression.operator, value(expression.left), value(expression.right));
    case 'if':
      return value(expression.condition) === true ? value(expression.then) : value(expression.otherwise);
    case 'quantifier': {
      const list = value(expression.list);
      if (!Array.isArray(list)) return null;
      const body = (item: Value): Maybe =>
        valueIn(expression.body, scope, new Map(variables).set(expression.variable, item));
      if (expression.quantifier === 'count') return list.filter((item) => body(item) === true).length;
      const combine = expression.quantifier === 'all' ? both : either;
      return list.reduce<Maybe>((so, item) => combine(so, () => body(item)), expression.quantifier === 'all');
    }
  }
}

function entry(name: string, value: Value | undefined): [string, Value][] {
  return value === undefined ? [] : [[name, value]];
}

function allPresent(values: Maybe[]): Value[] | null {
  const present = values.filter((value) => value !== null);
  return present.length === values.length ? present : null;
}

function both(left: Maybe, right: () => Maybe): Maybe {
  if (left === false) return false;
  const other = right();
  if (other === false) return false;
  return left === true && other === true ? true : null;
}

function either(left: Maybe, right: () => Maybe): Maybe {
  if (left === true) return true;
  const other = right();
  if (other === true) return true;
  return left === false && other === false ? false : null;
}

function call(name: string, given: Expression[], scope: Scope, value: (one: Expression) => Maybe): Maybe {
  const implementation = IMPLEMENTATIONS.get(name);
  if (implementation === undefined) return null;
  if (implementation.over === 'tags') {
    const tags = given.map((one) => (one.kind === 'capture' ? scope.tag(one.name) : null));
    const known = tags.filter((tag) => tag !== null);
    return known.length === given.length ? implementation.apply(scope.response, known) : null;
  }
  const present = allPresent(given.map(value));
  return present && implementation.apply(present);
}

function binary(operator: Exclude<BinaryOperator, 'and' | 'or'>, left: Maybe, right: Maybe): Maybe {
  if (left === null || right === null) return null;
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return contains(right, left);
    case 'not in': {
      const inside = contains(right, left);
      return inside === null ? null : !inside;
    }
  }
  if (typeof left === 'number' && typeof right === 'number') {
    switch (operator) {
      case '+':
        return finite(left + right);
      case '-':
        return finite(left - right);
      case '*':
        return finite(left * right);
      case '/':
        return finite(left / right);
      default:
        return compare(operator, left, right);
    }
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (operator === '+') return left.length + right.length > LONGEST_TEXT ? null : left + right;
    if (operator === '-' || operator === '*' || operator === '/') return null;
    return compare(operator, left, right);
  }
  return null;
}

function compare<T extends number | string>(operator: '<' | '<=' | '>' | '>=', left: T, right: T): boolean {
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
