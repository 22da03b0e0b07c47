// Which parts of a response a rule's fired case rests on: the captures that its condition and its score read, where they
// stand. Of `otherwise` that is what the conditions above it read, as it is reached because they did not hold; of a
// condition over another rule, what that rule's own fired case rests on.

import type { Expression } from '../spec/expression.ts';
import { parts } from '../spec/expression_parts.ts';
import type { Rule } from '../spec/specification.ts';
import type { Captured } from './captures.ts';
import type { Span } from './extract/marked.ts';

export interface Evidence extends Span {
  capture: string;
}

/** By rule, in the order of the response; of a rule that read no capture that is there, none. */
export function evidenceOf(
  rules: readonly Rule[],
  fired: Readonly<Record<string, { case: number }>>,
  captured: (name: string) => Captured | null,
): Record<string, Evidence[]> {
  const read = new Map<string, Set<string>>();
  for (const rule of rules) {
    const index = fired[rule.name]?.case ?? -1;
    const judged = rule.cases[index];
    const isOtherwise = judged === undefined || judged.when === null;
    const conditions = isOtherwise ? rule.cases.map(({ when }) => when) : [judged.when];
    const captures = new Set<string>();
    for (const expression of [...conditions, judged?.score ?? null]) add(expression, read, captures);
    read.set(rule.name, captures);
  }
  const evidence = [...read].map(([name, captures]): [string, Evidence[]] => {
    const found = [...captures].flatMap((capture): Evidence[] => {
      const at = captured(capture);
      return at === null ? [] : [{ capture, start: at.start, end: at.end }];
    });
    return [name, found.sort((a, b) => a.start - b.start || b.end - a.end)];
  });
  return Object.fromEntries(evidence);
}

function add(expression: Expression | null, read: ReadonlyMap<string, Set<string>>, captures: Set<string>): void {
  for (const part of expression === null ? [] : parts(expression)) {
    if (part.kind === 'capture') captures.add(part.name);
    if (part.kind === 'rule') for (const name of read.get(part.name) ?? []) captures.add(name);
  }
}
