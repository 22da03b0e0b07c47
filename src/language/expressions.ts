// Expressions of the syntax tree to expressions of the specification, with their types. Every name is resolved and
// every misfit is reported where it stands; what could not be understood becomes `false` of type unknown, which fits
// everywhere, so that one mistake is reported once. Calls are in calls.ts, fields and items in members.ts.

import type { BinaryOperator, Expression } from '../spec/expression.ts';
import { nearest } from '../spec/spelling.ts';
import { type Analysis, spanOf, spanOfProperty } from './analysis.ts';
import { lowerCall } from './calls.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type * as Ast from './generated/ast.ts';
import { readNumber, readText } from './literals.ts';
import { lowerIndex, lowerMember } from './members.ts';
import { type Meaning, Scope } from './scope.ts';
import { aType, BOOL, common, fits, NUMBER, showType, TEXT, type Type, UNKNOWN } from './types.ts';

export interface Typed {
  expression: Expression;
  type: Type;
}

const NOTHING: Typed = { expression: { kind: 'bool', value: false }, type: UNKNOWN };

/** One expression in a scope; `undefined` (from a broken file) is nothing of unknown type. */
export function lowerExpression(node: Ast.Expression | undefined, scope: Scope, analysis: Analysis): Typed {
  switch (node?.$type) {
    case 'NumberLiteral':
      return { expression: { kind: 'number', value: readNumber(node) }, type: NUMBER };
    case 'TextValue':
      return { expression: { kind: 'text', value: readText(node.literal).value }, type: TEXT };
    case 'BoolLiteral':
      return { expression: { kind: 'bool', value: node.image === 'true' }, type: BOOL };
    case 'ListLiteral':
      return lowerList(node, scope, analysis);
    case 'RecordLiteral':
      return lowerRecord(node, scope, analysis);
    case 'Group':
      return lowerExpression(node.inner, scope, analysis);
    case 'Name':
      return lowerName(node, scope, analysis);
    case 'Call':
      return lowerCall(node, scope, analysis);
    case 'Member':
      return lowerMember(node, scope, analysis);
    case 'Index':
      return lowerIndex(node, scope, analysis);
    case 'Signed':
      return lowerSigned(node, scope, analysis);
    case 'Not': {
      const operand = lowerAs(BOOL, node.operand, scope, analysis);
      return { expression: { kind: 'not', operand }, type: BOOL };
    }
    case 'Is':
      return lowerIs(node, scope, analysis);
    case 'Binary':
      return lowerBinary(node, scope, analysis);
    case 'IfThenElse':
      return lowerIf(node, scope, analysis);
    case 'Quantifier':
      return lowerQuantifier(node, scope, analysis);
    default:
      return NOTHING;
  }
}

/** One expression that must be of a type. */
export function lowerAs(
  wanted: Type,
  node: Ast.Expression | undefined,
  scope: Scope,
  analysis: Analysis,
  remedy = '',
): Expression {
  const typed = lowerExpression(node, scope, analysis);
  if (node && !fits(typed.type, wanted)) {
    analysis.report(DIAGNOSTICS.wrongType, spanOf(node), aType(wanted), aType(typed.type), remedy);
  }
  return typed.expression;
}

/**
 * The meaning of a name; reported when there is none, or when it is a rule that is not scored yet. A rule cannot read
 * itself: inside it its own name is that of the column or the word that it hides from the rules below.
 */
export function resolve(node: Ast.Name, scope: Scope, analysis: Analysis): Meaning | null {
  const name = node.name ?? '';
  const found = scope.find(name);
  const meaning = found?.isLater?.() === 'itself' ? (scope.findHidden(name) ?? found) : found;
  if (!meaning) {
    if (scope.isOpen()) return null;
    const known = scope.names();
    analysis.report(DIAGNOSTICS.unknownName, spanOf(node), 'name', name, nearest(name, known), known);
    return null;
  }
  analysis.use(spanOf(node), meaning.thing);
  meaning.onRead?.();
  const later = meaning.isLater?.() ?? null;
  if (later !== null) analysis.report(DIAGNOSTICS.readsLaterRule, spanOf(node), name, later === 'itself');
  return meaning;
}

function lowerName(node: Ast.Name, scope: Scope, analysis: Analysis): Typed {
  const meaning = resolve(node, scope, analysis);
  if (meaning?.external) {
    const form = `${node.name}(${meaning.external.parameters.join(', ')})`;
    analysis.report(DIAGNOSTICS.argumentCount, spanOf(node), form, 0);
    return NOTHING;
  }
  return meaning ? { expression: meaning.expression, type: meaning.type } : NOTHING;
}

function lowerList(node: Ast.ListLiteral, scope: Scope, analysis: Analysis): Typed {
  const items = node.items.map((item) => lowerExpression(item, scope, analysis));
  const of = common(items.map((item) => item.type));
  items.forEach((item, index) => {
    if (fits(item.type, of)) return;
    const remedy = 'All items of a list are of one type.';
    const span = spanOf(node.items[index]);
    analysis.report(DIAGNOSTICS.wrongType, span, aType(of), aType(item.type), remedy);
  });
  return { expression: { kind: 'list', items: items.map((item) => item.expression) }, type: { kind: 'list', of } };
}

/** Values of one type make a record of it; of several, a struct. */
function lowerRecord(node: Ast.RecordLiteral, scope: Scope, analysis: Analysis): Typed {
  const values = node.fields.map((field) => lowerExpression(field.value, scope, analysis));
  const names = new Set<string>();
  const fields = node.fields.map((field, index) => {
    const name = fieldName(field);
    if (names.has(name))
      analysis.report(DIAGNOSTICS.duplicateName, spanOf(field), 'a field', name, 'Remove one of them.');
    names.add(name);
    return { name, value: values[index] ?? NOTHING };
  });
  const of = common(values.map((value) => value.type));
  const isRecord = values.every((value) => fits(value.type, of));
  return {
    expression: { kind: 'record', fields: fields.map(({ name, value }) => ({ name, value: value.expression })) },
    type: isRecord
      ? { kind: 'record', of }
      : { kind: 'struct', fields: fields.map(({ name, value }) => ({ name, type: value.type })) },
  };
}

export function fieldName(field: Ast.Field): string {
  return field.name ?? readText(field.text).value;
}

function lowerSigned(node: Ast.Signed, scope: Scope, analysis: Analysis): Typed {
  const operand = lowerAs(NUMBER, node.operand, scope, analysis);
  return { expression: node.sign === '-' ? negate(operand) : operand, type: NUMBER };
}

/** A negative number stays a number. */
export function negate(operand: Expression): Expression {
  return operand.kind === 'number' ? { kind: 'number', value: 0 - operand.value } : { kind: 'negate', operand };
}

function lowerIs(node: Ast.Is, scope: Scope, analysis: Analysis): Typed {
  if (!node.isNone) {
    const operator = node.isNegated ? '!=' : '==';
    return lowerEquality(node, operator, node.operand, node.value, scope, analysis);
  }
  const operand = lowerExpression(node.operand, scope, analysis).expression;
  const isNone: Expression = { kind: 'isNone', operand };
  return { expression: node.isNegated ? { kind: 'not', operand: isNone } : isNone, type: BOOL };
}

function lowerBinary(node: Ast.Binary, scope: Scope, analysis: Analysis): Typed {
  const operator = binaryOperator(node.operator);
  const binary = (left: Expression, right: Expression, type: Type): Typed => ({
    expression: { kind: 'binary', operator, left, right },
    type,
  });
  switch (operator) {
    case '==':
    case '!=':
      return lowerEquality(node, operator, node.left, node.right, scope, analysis);
    case 'and':
    case 'or':
      return binary(lowerAs(BOOL, node.left, scope, analysis), lowerAs(BOOL, node.right, scope, analysis), BOOL);
    case 'in':
    case 'not in': {
      const left = lowerExpression(node.left, scope, analysis);
      const right = lowerAs({ kind: 'list', of: left.type }, node.right, scope, analysis, IN_REMEDY);
      return binary(left.expression, right, BOOL);
    }
    default: {
      const isOrder = operator.startsWith('<') || operator.startsWith('>');
      const left = lowerAs(NUMBER, node.left, scope, analysis);
      const right = lowerAs(NUMBER, node.right, scope, analysis);
      return binary(left, right, isOrder ? BOOL : NUMBER);
    }
  }
}

const IN_REMEDY = 'For a part of a text write `contains(text, part)`.';

function binaryOperator(written: string): BinaryOperator {
  const operator = written.replace(/\s+/g, ' ');
  return OPERATORS.find((known) => known === operator) ?? (operator.startsWith('not') ? 'not in' : '==');
}

const OPERATORS: readonly BinaryOperator[] = ['+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in'];

function lowerEquality(
  node: Ast.Expression,
  operator: '==' | '!=',
  leftNode: Ast.Expression | undefined,
  rightNode: Ast.Expression | undefined,
  scope: Scope,
  analysis: Analysis,
): Typed {
  const left = lowerExpression(leftNode, scope, analysis);
  const right = lowerExpression(rightNode, scope, analysis);
  if (!fits(left.type, right.type)) {
    const remedy = 'Values of different types are never equal.';
    analysis.report(DIAGNOSTICS.wrongType, spanOf(rightNode), aType(left.type), aType(right.type), remedy);
  }
  reportImpossibleScore(node, left.expression, right.expression, scope, analysis);
  reportImpossibleScore(node, right.expression, left.expression, scope, analysis);
  return { expression: { kind: 'binary', operator, left: left.expression, right: right.expression }, type: BOOL };
}

function reportImpossibleScore(
  node: Ast.Expression,
  rule: Expression,
  value: Expression,
  scope: Scope,
  analysis: Analysis,
): void {
  if (rule.kind !== 'rule' || value.kind !== 'number') return;
  const scores = scope.find(rule.name)?.scores?.() ?? null;
  if (scores === null || scores.includes(value.value)) return;
  analysis.report(
    DIAGNOSTICS.impossibleScore,
    spanOf(node),
    rule.name,
    showScore(value.value),
    scores.map(showScore).join(', '),
  );
}

/** A score as it is written in a file: `+1`, `-1.5`, `0`. */
export function showScore(score: number): string {
  return score > 0 ? `+${score}` : String(score);
}

function lowerIf(node: Ast.IfThenElse, scope: Scope, analysis: Analysis): Typed {
  const condition = lowerAs(BOOL, node.condition, scope, analysis);
  const then = lowerExpression(node.then, scope, analysis);
  const otherwise = lowerExpression(node.otherwise, scope, analysis);
  if (!fits(otherwise.type, then.type)) {
    const remedy = 'Both branches give a value of one type.';
    const span = spanOf(node.otherwise);
    analysis.report(DIAGNOSTICS.wrongType, span, aType(then.type), aType(otherwise.type), remedy);
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: plain data of the specification; nothing awaits it.
    expression: { kind: 'if', condition, then: then.expression, otherwise: otherwise.expression },
    type: common([then.type, otherwise.type]),
  };
}

function lowerQuantifier(node: Ast.Quantifier, scope: Scope, analysis: Analysis): Typed {
  const list = lowerExpression(node.list, scope, analysis);
  if (node.list && !fits(list.type, { kind: 'list', of: UNKNOWN })) {
    analysis.report(DIAGNOSTICS.wrongType, spanOf(node.list), 'a list', aType(list.type), '');
  }
  const type = list.type.kind === 'list' ? list.type.of : UNKNOWN;
  const name = node.variable?.name ?? '';
  const inner = new Scope(scope);
  if (node.variable) {
    const definition = spanOfProperty(node.variable, 'name');
    const signature = `${name}: ${showType(type)}`;
    const doc = `Each item in turn of the list of \`${node.kind}\`.`;
    const thing = analysis.define({ kind: 'variable', name, signature, doc, definition, extent: spanOf(node) });
    inner.add({ thing, type, expression: { kind: 'variable', name } });
  }
  const body = lowerAs(BOOL, node.body, inner, analysis);
  const quantifier = node.kind ?? 'all';
  return {
    expression: { kind: 'quantifier', quantifier, variable: name, list: list.expression, body },
    type: quantifier === 'count' ? NUMBER : BOOL,
  };
}
