// What the rules hold each capture against: `roles == solution` links the capture roles with the column solution, and
// `doc.total == total` its field. From the links the probe knows which captures are answers, what a right one says, and
// which words and numbers a condition looks for.

import { evaluate, type Scope } from '../reward/evaluate.ts';
import { columnReader, type Row } from '../reward/row.ts';
import type { Maybe } from '../reward/value.ts';
import type { Expression } from '../spec/expression.ts';
import { parts } from '../spec/expression_parts.ts';
import { rewardExpressions } from '../spec/reward_columns.ts';
import type { Specification } from '../spec/specification.ts';

/** The name under which a specification without captures has its whole response. */
export const RESPONSE = 'response';

export interface Link {
  capture: string;
  /** Field of the capture; [] where all of it is compared. */
  path: string[];
  source: Source;
}

/** A value that does not depend on the response. */
export interface Source {
  expression: Expression;
  columns: string[];
}

export function linksOf(spec: Pick<Specification, 'rules'>): Link[] {
  const found = new Map<string, Link>();
  for (const part of rewardExpressions(spec)) {
    for (const [one, other] of comparedIn(part)) {
      for (const [read, source] of [
        [one, other],
        [other, one],
      ] as const) {
        const target = captureIn(read);
        if (target === null || captureIn(source) !== null) continue;
        for (const each of sourcesIn(source)) {
          const link = { ...target, source: each };
          found.set(JSON.stringify(link), link);
        }
      }
    }
  }
  return [...found.values()];
}

/** The value of a source on a row; none where it cannot be computed from the row alone. */
export function sourceValue(spec: Pick<Specification, 'task'>, row: Row, { expression }: Source): Maybe {
  const scope: Scope = {
    column: columnReader(spec, row),
    capture: () => null,
    tag: () => null,
    rule: () => null,
    external: () => null,
    unanswered: false,
    response: '',
    tokens: null,
    finished: null,
  };
  return evaluate(expression, scope);
}

/** Pairs that are compared, or looked for in each other. */
function comparedIn(part: Expression): [Expression, Expression][] {
  switch (part.kind) {
    case 'binary':
      return part.operator === 'and' || part.operator === 'or' ? [] : [[part.left, part.right]];
    case 'call':
      return part.arguments.flatMap((one, i) =>
        part.arguments.slice(i + 1).map((other): [Expression, Expression] => [one, other]),
      );
    case 'quantifier':
      return [[part.body, part.list]];
    default:
      return [];
  }
}

function captureIn(expression: Expression): { capture: string; path: string[] } | null {
  switch (expression.kind) {
    case 'capture':
      return { capture: expression.name, path: [] };
    case 'builtin':
      return expression.name === 'response' ? { capture: RESPONSE, path: [] } : null;
    case 'index': {
      const whole = captureIn(expression.of);
      const { index } = expression;
      const field = index.kind === 'text' || index.kind === 'number' ? [String(index.value)] : [];
      return whole && { ...whole, path: [...whole.path, ...field] };
    }
    default:
      for (const inner of parts(expression).slice(1)) {
        const found = captureIn(inner);
        if (found !== null) return found;
      }
      return null;
  }
}

/** The expression itself, or where it depends on more than the row, the columns in it. */
function sourcesIn(expression: Expression): Source[] {
  const inside = parts(expression);
  const columns = inside.filter((part) => part.kind === 'column');
  const names = [...new Set(columns.map((part) => part.name))];
  const isFixed = inside.every(({ kind }) => !['variable', 'rule', 'external', 'builtin'].includes(kind));
  if (isFixed) return [{ expression, columns: names }];
  return names.map((name) => ({ expression: { kind: 'column', name }, columns: [name] }));
}
