// Which columns of a row the reward reads: a row handed to another trainer carries these and no others.

import type { Expression } from '../spec/expression.ts';
import type { Specification } from '../spec/specification.ts';

/** In the order of the task's columns. */
export function rewardColumns(spec: Pick<Specification, 'task' | 'captures' | 'rules'>): string[] {
  const read = new Set<string>();
  for (const { cases } of spec.rules) {
    for (const { when, score } of cases) {
      if (when !== null) collect(when, read);
      collect(score, read);
    }
  }
  for (const { extractor } of spec.captures) {
    if (extractor.kind !== 'assignments') continue;
    // A hole `{name}` stands for the values of the column `names` (see reward/assignments.ts).
    for (const [, hole] of extractor.pattern.matchAll(/\{(\w+)\}/g)) read.add(`${hole}s`);
  }
  return spec.task.columns.map(({ name }) => name).filter((name) => read.has(name));
}

function collect(expression: Expression, read: Set<string>): void {
  switch (expression.kind) {
    case 'column':
      read.add(expression.name);
      return;
    case 'list':
      for (const item of expression.items) collect(item, read);
      return;
    case 'record':
      for (const { value } of expression.fields) collect(value, read);
      return;
    case 'call':
      for (const argument of expression.arguments) collect(argument, read);
      return;
    case 'not':
    case 'negate':
    case 'isNone':
      collect(expression.operand, read);
      return;
    case 'binary':
      collect(expression.left, read);
      collect(expression.right, read);
      return;
    case 'if':
      collect(expression.condition, read);
      collect(expression.then, read);
      collect(expression.otherwise, read);
      return;
    case 'quantifier':
      collect(expression.list, read);
      collect(expression.body, read);
      return;
  }
}
