// The extracted answer beside the truth: which captures a specification compares with which secret columns, found in
// the conditions of its rules (`roles == solution`), and the two values side by side. Pure.

import type { Sample } from '../../run/view.ts';
import type { Expression } from '../../spec/expression.ts';
import { parts } from '../../spec/expression_parts.ts';
import type { Specification } from '../../spec/specification.ts';

export interface Comparison {
  capture: string;
  column: string;
}

/** One line of the table: a name ('' for a plain value), what was read, what is true. */
export interface AnswerRow {
  name: string;
  found: string | null;
  truth: string;
}

/** Pairs of a capture and a column that some condition compares, each once, in the order of the rules. */
export function comparisonsOf(specification: Specification): Comparison[] {
  const pairs = new Map<string, Comparison>();
  const visit = (expression: Expression): void => {
    if (expression.kind === 'binary' && (expression.operator === '==' || expression.operator === '!=')) {
      pair(expression.left, expression.right);
      pair(expression.right, expression.left);
    }
    if (expression.kind === 'call' && expression.function.startsWith('same_')) {
      const [left, right] = expression.arguments;
      if (left && right) pair(left, right);
      if (left && right) pair(right, left);
    }
  };
  const pair = (left: Expression, right: Expression) => {
    if (left.kind !== 'capture' || right.kind !== 'column') return;
    pairs.set(`${left.name}\n${right.name}`, { capture: left.name, column: right.name });
  };
  for (const rule of specification.rules) for (const { when } of rule.cases) if (when) parts(when).forEach(visit);
  return [...pairs.values()];
}

/** A record is compared name by name, anything else as one value. */
export function answerRows(sample: Sample, { capture, column }: Comparison): AnswerRow[] {
  const found = sample.captures[capture];
  const truth = sample.row[column];
  if (!isRecord(truth)) return [{ name: '', found: found == null ? null : show(found), truth: show(truth) }];
  const read = isRecord(found) ? found : {};
  return Object.entries(truth).map(([name, value]) => {
    const own = Object.hasOwn(read, name) ? read[name] : null;
    return { name, found: own == null ? null : show(own), truth: show(value) };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
