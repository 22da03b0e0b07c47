// Which columns of a row the reward reads: a row handed to another trainer, or written into an example, carries these
// and no others.

import type { Expression } from './expression.ts';
import { parts } from './expression_parts.ts';
import type { Capture, Specification } from './specification.ts';

/** In the order of the task's columns. */
export function rewardColumns(spec: Pick<Specification, 'task' | 'captures' | 'rules'>): string[] {
  const read = new Set([
    ...rewardExpressions(spec).flatMap((part) => (part.kind === 'column' ? part.name : [])),
    ...spec.captures.flatMap(columnsOfCapture),
  ]);
  return spec.task.columns.map(({ name }) => name).filter((name) => read.has(name));
}

/** Whether the rules ask for the length of the response, or whether it was finished. */
export function rewardReads(spec: Pick<Specification, 'rules'>, name: 'tokens' | 'finished'): boolean {
  return rewardExpressions(spec).some((part) => part.kind === 'builtin' && part.name === name);
}

/** Every expression of the rules, and all inside them. */
export function rewardExpressions(spec: Pick<Specification, 'rules'>): Expression[] {
  return spec.rules.flatMap(({ cases }) =>
    cases.flatMap(({ when, score }) => [...(when === null ? [] : parts(when)), ...parts(score)]),
  );
}

function columnsOfCapture({ extractor }: Capture): string[] {
  switch (extractor.kind) {
    case 'assignments':
      // A hole `{name}` stands for the values of the column `names` (see reward/assignments.ts).
      return [...extractor.pattern.matchAll(/\{(\w+)\}/g)].map(([, hole]) => `${hole}s`);
    case 'choice':
      return Array.isArray(extractor.options) ? [] : [extractor.options.column];
    default:
      return [];
  }
}
