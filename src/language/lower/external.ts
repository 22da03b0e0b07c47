// What verifiers and judges have in common: a name that is called, parameters, and what may be answered.

import { functionDeclaration } from '../../spec/functions.ts';
import type { ExternalResult } from '../../spec/specification.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber } from '../literals.ts';
import { BOOL, NUMBER, TEXT, type Type } from '../types.ts';
import type { LoweredResponse } from './response.ts';

/** A verifier's or a judge's head. */
export interface Head {
  name: string;
  doc: string;
  parameters: string[];
  result: ExternalResult;
  /** What the name means; hover shows it. */
  thing: NamedThing;
  /** The parameters' entries by name: what a hole of a judge's prompt refers to. */
  things: ReadonlyMap<string, NamedThing>;
}

const STANDARD_RESULT: ExternalResult = { kind: 'number', min: 0, max: 1 };

/** Reads the head and lets expressions call the name. */
export function lowerHead(
  node: Ast.VerifierSection | Ast.JudgeSection,
  kind: 'verifier' | 'judge',
  { scope, unread }: LoweredResponse,
  analysis: Analysis,
): Head {
  const name = node.name ?? '';
  const doc = analysis.docOf(node);
  const things = lowerParameters(node, kind, analysis);
  const parameters = [...things.keys()];
  const result = lowerResult(node.result, analysis);
  const form = `${name}(${parameters.join(', ')})`;
  const definition = spanOfProperty(node, 'name');
  const signature = `${kind} ${form}: ${showResult(result)}`;
  const thing = analysis.define({ kind, name, signature, doc, definition, extent: spanOf(node) });
  const existing = scope.has(name);
  if (existing) {
    analysis.report(DIAGNOSTICS.duplicateName, definition, `a ${existing.thing.kind}`, name, ANOTHER_NAME);
  } else if (functionDeclaration(name)) {
    const found = `\`${name}\` is a function of the language.`;
    analysis.report(DIAGNOSTICS.externalDescription, definition, found, ANOTHER_NAME);
  } else if (name !== '') {
    unread.set(name, definition);
    scope.add({
      thing,
      type: typeOf(result),
      expression: { kind: 'external', name, arguments: [] },
      external: { parameters, result },
      onRead: () => unread.delete(name),
    });
  }
  return { name, doc, parameters, result, thing, things };
}

function lowerParameters(
  node: Ast.VerifierSection | Ast.JudgeSection,
  kind: 'verifier' | 'judge',
  analysis: Analysis,
): Map<string, NamedThing> {
  const things = new Map<string, NamedThing>();
  for (const parameter of node.parameters) {
    const name = parameter.name ?? '';
    const definition = spanOfProperty(parameter, 'name');
    if (things.has(name)) analysis.report(DIAGNOSTICS.duplicateName, definition, 'a parameter', name, ANOTHER_NAME);
    const doc = kind === 'verifier' ? 'Given to the script by this name.' : 'Fills its holes in `prompt`.';
    const signature = `${name}, a parameter of ${node.name ?? ''}`;
    const thing: NamedThing = { kind: 'variable', name, signature, doc, definition, extent: definition };
    things.set(name, analysis.define(thing));
  }
  return things;
}

function lowerResult(node: Ast.ResultType | undefined, analysis: Analysis): ExternalResult {
  if (!node) return STANDARD_RESULT;
  if (node.word) return { kind: node.word };
  const [min, max] = [readNumber(node.from), readNumber(node.to)];
  if (min < max) return { kind: 'number', min, max };
  const found = `The range ${min}..${max} is empty.`;
  analysis.report(DIAGNOSTICS.externalDescription, spanOf(node), found, 'Write the lower number first: `0..1`.');
  return STANDARD_RESULT;
}

function typeOf({ kind }: ExternalResult): Type {
  return kind === 'bool' ? BOOL : kind === 'text' ? TEXT : NUMBER;
}

/** `0..10`, `bool`, `text`. */
export function showResult(result: ExternalResult): string {
  return result.kind === 'number' ? `${result.min}..${result.max}` : result.kind;
}

/** A time or an amount with its unit, in seconds or megabytes; null: the unit is another one. */
export function measured(value: number, unit: string | undefined, of: 'time' | 'memory'): number | null {
  const factors: Record<string, number> = of === 'time' ? { s: 1, ms: 0.001, min: 60 } : { MB: 1, GB: 1024 };
  const factor = unit === undefined ? 1 : factors[unit];
  return factor === undefined ? null : value * factor;
}
