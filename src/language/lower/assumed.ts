// What an example assumes beside its row: `tokens 300`, `finished false`, and `given run_tests 1`, which a verifier or a
// judge answers there instead of being asked.

import type { Example, ExternalResult } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber } from '../literals.ts';
import type { Scope } from '../scope.ts';
import { showResult } from './external.ts';

export function lowerTokens(node: Ast.ExampleTokens, example: Example, analysis: Analysis): void {
  const tokens = readNumber(node.tokens);
  if (Number.isInteger(tokens) && tokens >= 0) example.tokens = tokens;
  else
    analysis.report(DIAGNOSTICS.exampleAssumes, spanOf(node), '`tokens` is a count.', 'Write a whole number from 0.');
}

export function lowerFinished(node: Ast.ExampleFinished, example: Example): void {
  example.finished = node.finished !== 'false';
}

/** `value` is the literal as JSON, null where it is none (which is reported already). */
export function lowerGiven(
  node: Ast.ExampleGiven,
  value: unknown,
  example: Example,
  scope: Scope,
  analysis: Analysis,
): void {
  const name = node.name ?? '';
  const span = spanOfProperty(node, 'name');
  const found = scope.find(name);
  if (found?.external === undefined) {
    const known = scope.names().filter((each) => scope.find(each)?.external !== undefined);
    analysis.report(DIAGNOSTICS.unknownName, span, 'verifier or judge', name, nearest(name, known), known);
    return;
  }
  analysis.use(span, found.thing);
  if (Object.hasOwn(example.given, name)) {
    analysis.report(DIAGNOSTICS.duplicateName, span, 'an answer of', name, 'Remove one of them.');
  }
  const { result } = found.external;
  if (fits(value, result)) example.given[name] = value;
  else if (value !== null) {
    const what = `\`${name}\` never answers that.`;
    analysis.report(DIAGNOSTICS.exampleAssumes, spanOf(node.value), what, `It answers ${showResult(result)}.`);
  }
}

function fits(value: unknown, result: ExternalResult): value is boolean | number | string {
  switch (result.kind) {
    case 'bool':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && value >= result.min && value <= result.max;
  }
}
