// What an expression reads: its parts, and the columns among them.

import type { Expression } from '../spec/expression.ts';

/** The expression and all inside it. */
export function parts(expression: Expression): Expression[] {
  return [expression, ...inside(expression).flatMap(parts)];
}

/** Names of the columns it reads. */
export function columnsOf(expression: Expression): string[] {
  return parts(expression).flatMap((part) => (part.kind === 'column' ? part.name : []));
}

function inside(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items;
    case 'record':
      return expression.fields.map((field) => field.value);
    case 'call':
      return expression.arguments;
    case 'not':
    case 'negate':
    case 'isNone':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'if':
      return [expression.condition, expression.then, expression.otherwise];
    case 'quantifier':
      return [expression.list, expression.body];
    default:
      return [];
  }
}
