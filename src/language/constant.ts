// Conditions that do not depend on the response: those that read nothing of it or of its row, and comparisons of an
// expression with itself. Proofs by the values that expressions can have are in spec/reachability.ts.

import type { Expression } from '../spec/expression.ts';
import { parts } from '../spec/expression_parts.ts';

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
  return a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Functions of tag captures read the response, and so does `repetition(n)` without a text; a call without arguments is
 * reported for its count.
 */
function readsAnything(expression: Expression): boolean {
  return parts(expression).some(
    (part) =>
      READERS.includes(part.kind) ||
      (part.kind === 'call' &&
        (part.arguments.length === 0 || (part.function === 'repetition' && part.arguments.length === 1))),
  );
}

const READERS: readonly Expression['kind'][] = ['column', 'capture', 'rule', 'builtin'];
