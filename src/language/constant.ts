// Conditions that do not depend on the response: those that read nothing of it or of its row, and comparisons of an
// expression with itself. What is left out: proofs by range (`x > 3` after `x > 5`).

import type { Expression } from '../spec/expression.ts';

/** Why a condition is the same for every response; null when it is not known to be. */
export function constantBecause(condition: Expression): string | null {
  if (!readsAnything(condition)) return 'it reads nothing of the response or the row';
  if (condition.kind === 'binary') {
    const { operator, left, right } = condition;
    const compares = operator !== 'and' && operator !== 'or' && operator !== 'in' && operator !== 'not in';
    if (compares && sameExpression(left, right)) return `both sides of \`${operator}\` are the same`;
  }
  return condition.kind === 'not' ? constantBecause(condition.operand) : null;
}

export function sameExpression(a: Expression, b: Expression): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function readsAnything(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'bool':
    case 'variable':
      return false;
    case 'column':
    case 'capture':
    case 'rule':
    case 'builtin':
      return true;
    case 'list':
      return expression.items.some(readsAnything);
    case 'record':
      return expression.fields.some((field) => readsAnything(field.value));
    case 'call':
      // Functions of tag captures read the response; a call without arguments is reported for its count.
      return expression.arguments.length === 0 || expression.arguments.some(readsAnything);
    case 'not':
    case 'negate':
    case 'isNone':
      return readsAnything(expression.operand);
    case 'binary':
      return readsAnything(expression.left) || readsAnything(expression.right);
    case 'if':
      return [expression.condition, expression.then, expression.otherwise].some(readsAnything);
    case 'quantifier':
      return readsAnything(expression.list) || readsAnything(expression.body);
  }
}
