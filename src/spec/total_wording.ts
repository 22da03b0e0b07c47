// How the total reads to the model: "the sum of these scores", or its expression with the rules' titles in it.

import type { BinaryOperator, Expression } from './expression.ts';
import { plain } from './number_text.ts';
import type { Rule, Total } from './specification.ts';

/** `shown`: the rules it is told of. The numbers it reads beside them carry their weights already. */
export function totalWording(total: Total, shown: readonly Rule[], rules: readonly Rule[]): string {
  if (total.kind === 'expression') {
    const titles = new Map(rules.map(({ name, title }) => [name, title]));
    return formula(total.expression, titles, 0);
  }
  if (shown.length === 1) return 'this score';
  return total.kind === 'sum' ? 'the sum of these scores' : 'the product of these scores';
}

const PRECEDENCE: Partial<Record<BinaryOperator, number>> = { or: 1, and: 2, '+': 4, '-': 4, '*': 5, '/': 5 };
const COMPARISON = 3;

/** An expression in words; `around`: how tightly the operator around it binds. */
function formula(expression: Expression, titles: ReadonlyMap<string, string>, around: number): string {
  const inner = (one: Expression, level = 0): string => formula(one, titles, level);
  switch (expression.kind) {
    case 'number':
      return plain(expression.value);
    case 'text':
      return JSON.stringify(expression.value);
    case 'bool':
      return String(expression.value);
    case 'rule':
      return titles.get(expression.name) ?? expression.name;
    case 'column':
    case 'capture':
    case 'variable':
    case 'builtin':
      return expression.name;
    case 'negate':
      return `-${inner(expression.operand, 6)}`;
    case 'not':
      return `not ${inner(expression.operand, COMPARISON)}`;
    case 'isNone':
      return `${inner(expression.operand, COMPARISON)} is none`;
    case 'binary': {
      const level = PRECEDENCE[expression.operator] ?? COMPARISON;
      const sign = expression.operator === '*' ? '×' : expression.operator;
      const text = `${inner(expression.left, level)} ${sign} ${inner(expression.right, level + 1)}`;
      return level < around ? `(${text})` : text;
    }
    case 'if': {
      const { condition, then, otherwise } = expression;
      const text = `${inner(then)} if ${inner(condition)}, otherwise ${inner(otherwise)}`;
      return around > 0 ? `(${text})` : text;
    }
    case 'call':
      return `${expression.function}(${expression.arguments.map((one) => inner(one)).join(', ')})`;
    case 'external':
      return `${expression.name}(${expression.arguments.map((one) => inner(one)).join(', ')})`;
    case 'index':
      return `${inner(expression.of, 6)}[${inner(expression.index)}]`;
    case 'list':
      return `[${expression.items.map((one) => inner(one)).join(', ')}]`;
    case 'record':
      return `{ ${expression.fields.map(({ name, value }) => `${name}: ${inner(value)}`).join(', ')} }`;
    case 'quantifier': {
      const { quantifier, variable, list, body } = expression;
      return `${quantifier}(${variable} in ${inner(list)}: ${inner(body)})`;
    }
  }
}
