// `x.field`, `x["field"]` and `list[0]`: a field of a record or an item of a list. A struct's fields are known, so a
// misspelt one is reported here; what a record or a list holds is known only when it is read, and is none where it is
// not there.

import type { Expression } from '../spec/expression.ts';
import { nearest } from '../spec/spelling.ts';
import { type Analysis, type Span, spanOf, spanOfProperty } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { lowerExpression, type Typed } from './expressions.ts';
import type * as Ast from './generated/ast.ts';
import type { Scope } from './scope.ts';
import { aType, common, fits, NUMBER, TEXT, type Type, UNKNOWN } from './types.ts';

/** `x.field`. */
export function lowerMember(node: Ast.Member, scope: Scope, analysis: Analysis): Typed {
  const of = lowerExpression(node.of, scope, analysis);
  const name = node.name ?? '';
  const type = fieldType(of.type, name, spanOf(node.of), spanOfProperty(node, 'name'), analysis);
  return { expression: { kind: 'index', of: of.expression, index: { kind: 'text', value: name } }, type };
}

/** `x[index]`. */
export function lowerIndex(node: Ast.Index, scope: Scope, analysis: Analysis): Typed {
  const of = lowerExpression(node.of, scope, analysis);
  const index = lowerExpression(node.index, scope, analysis);
  const expression: Expression = { kind: 'index', of: of.expression, index: index.expression };
  const at = node.index ? spanOf(node.index) : spanOf(node);
  if (of.type.kind === 'list') {
    expect(NUMBER, index.type, at, 'An item is asked for by its number, from 0; the last one is `[-1]`.', analysis);
    return { expression, type: of.type.of };
  }
  if (index.expression.kind === 'text') {
    return { expression, type: fieldType(of.type, index.expression.value, spanOf(node.of), at, analysis) };
  }
  if (of.type.kind === 'record' || of.type.kind === 'struct') {
    expect(TEXT, index.type, at, 'A field is asked for by its name.', analysis);
  } else reportNoParts(of.type, spanOf(node.of), analysis);
  return { expression, type: typeOfAnyField(of.type) };
}

/** The type of a field; reported where there is none of that name. */
function fieldType(of: Type, name: string, whole: Span, at: Span, analysis: Analysis): Type {
  if (of.kind === 'record') return of.of;
  if (of.kind !== 'struct') {
    reportNoParts(of, whole, analysis);
    return UNKNOWN;
  }
  const field = of.fields.find((one) => one.name === name);
  if (field) return field.type;
  const known = of.fields.map((one) => one.name);
  analysis.report(DIAGNOSTICS.unknownName, at, 'field', name, nearest(name, known), known);
  return UNKNOWN;
}

/** Of a field whose name is not known before: the type that all have, or unknown. */
function typeOfAnyField(of: Type): Type {
  if (of.kind === 'record') return of.of;
  if (of.kind !== 'struct') return UNKNOWN;
  const one = common(of.fields.map(({ type }) => type));
  return of.fields.every(({ type }) => fits(type, one)) ? one : UNKNOWN;
}

function reportNoParts(type: Type, at: Span, analysis: Analysis): void {
  if (type.kind === 'unknown') return;
  const remedy = 'Only these have fields and items.';
  analysis.report(DIAGNOSTICS.wrongType, at, 'a record or a list', aType(type), remedy);
}

function expect(wanted: Type, found: Type, at: Span, remedy: string, analysis: Analysis): void {
  if (!fits(found, wanted)) analysis.report(DIAGNOSTICS.wrongType, at, aType(wanted), aType(found), remedy);
}
