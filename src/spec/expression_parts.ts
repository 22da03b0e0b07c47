// What an expression is made of.

import type { Expression } from './expression.ts';

/** The expression and all inside it. */
export function parts(expression: Expression): Expression[] {
  const found = [expression];
  for (const each of found) found.push(...inside(each));
  return found;
}

function inside(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'list':
      return expression.items;
    case 'record':
      return expression.fields.map((field) => field.value);
    case 'call':
    case 'external':
      return expression.arguments;
    case 'index':
      return [expression.of, expression.index];
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
