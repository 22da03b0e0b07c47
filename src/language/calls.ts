// Calls: of builtin functions, whose arguments are held against the table in spec/functions.ts, and of the file's
// verifiers and judges, which take a value of any type for each of their parameters.

import type { Expression } from '../spec/expression.ts';
import { FUNCTIONS, type FunctionDeclaration, type FunctionParameter, functionDeclaration } from '../spec/functions.ts';
import { nearest } from '../spec/spelling.ts';
import { type Analysis, type NamedThing, type Span, spanOf, spanOfProperty } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { lowerAs, lowerExpression, resolve, type Typed } from './expressions.ts';
import type * as Ast from './generated/ast.ts';
import { lowerPattern } from './patterns.ts';
import type { Meaning, Scope } from './scope.ts';
import { accepts, aType, NUMBER, resultOf, showParameterType, showResult, TEXT, type Type, UNKNOWN } from './types.ts';

export function lowerCall(node: Ast.Call, scope: Scope, analysis: Analysis): Typed {
  const name = node.function ?? '';
  const declaration = functionDeclaration(name);
  if (!declaration) {
    const meaning = scope.find(name);
    if (meaning?.external) return lowerExternalCall(node, meaning, meaning.external, scope, analysis);
    const known = [
      ...FUNCTIONS.map((each) => each.name),
      ...scope.names().filter((each) => scope.find(each)?.external),
    ];
    const span = spanOfProperty(node, 'function');
    analysis.report(DIAGNOSTICS.unknownName, span, 'function', name, nearest(name, known), known);
    for (const argument of node.arguments) lowerExpression(argument.value, scope, analysis);
    return { expression: { kind: 'bool', value: false }, type: UNKNOWN };
  }
  analysis.use(spanOfProperty(node, 'function'), functionThing(declaration));
  if (!takes(declaration, node.arguments.length)) {
    analysis.report(DIAGNOSTICS.argumentCount, spanOf(node), showForm(declaration), node.arguments.length);
  }
  const lowered: Expression[] = [];
  const types: Type[] = [];
  node.arguments.forEach((argument, index) => {
    const parameter = declaration.parameters[Math.min(index, declaration.parameters.length - 1)];
    const { expressions, type } = lowerArgument(argument, parameter, scope, analysis);
    lowered.push(...expressions);
    types.push(type);
  });
  const type = resultOf(declaration.result, types);
  return { expression: { kind: 'call', function: name, arguments: lowered }, type };
}

function lowerExternalCall(
  node: Ast.Call,
  meaning: Meaning,
  { parameters, result }: NonNullable<Meaning['external']>,
  scope: Scope,
  analysis: Analysis,
): Typed {
  const { name } = meaning.thing;
  analysis.use(spanOfProperty(node, 'function'), meaning.thing);
  meaning.onRead?.();
  if (node.arguments.length !== parameters.length) {
    const form = `${name}(${parameters.join(', ')})`;
    analysis.report(DIAGNOSTICS.argumentCount, spanOf(node), form, node.arguments.length);
  }
  const given = node.arguments.map((argument) => {
    if (argument.to) reportPoint(argument, 'one value', analysis);
    return lowerExpression(argument.value, scope, analysis).expression;
  });
  const range = result.kind === 'number' ? { range: { min: result.min, max: result.max } } : {};
  return { expression: { kind: 'external', name, arguments: given, ...range }, type: { kind: result.kind } };
}

function reportPoint(node: Ast.CallArgument, wanted: string, analysis: Analysis): void {
  const remedy = 'Only `linear` and `cosine` take points.';
  analysis.report(DIAGNOSTICS.wrongType, spanOf(node), wanted, 'a point', remedy);
}

function takes(declaration: FunctionDeclaration, count: number): boolean {
  const least = declaration.parameters.filter((parameter) => !parameter.optional).length;
  const isOpen = declaration.parameters.some((parameter) => parameter.repeated);
  return count >= least && (isOpen || count <= declaration.parameters.length);
}

/** One argument: an expression, or the two numbers of a point. */
interface Argument {
  expressions: Expression[];
  type: Type;
}

function lowerArgument(
  node: Ast.CallArgument,
  parameter: FunctionParameter | undefined,
  scope: Scope,
  analysis: Analysis,
): Argument {
  if (parameter?.type.kind === 'point') {
    const x = lowerAs(NUMBER, node.value, scope, analysis);
    if (!node.to) {
      const remedy = 'Write the two numbers of a point as `x -> y`.';
      analysis.report(DIAGNOSTICS.wrongType, spanOf(node), 'a point', 'one value', remedy);
    }
    return { expressions: [x, lowerAs(NUMBER, node.to, scope, analysis)], type: NUMBER };
  }
  const wanted = parameter ? showParameterType(parameter.type) : 'value';
  if (node.to) reportPoint(node, `a ${wanted}`, analysis);
  if (parameter?.type.kind === 'tag') return { expressions: [lowerTag(node.value, scope, analysis)], type: TEXT };
  const typed = lowerExpression(node.value, scope, analysis);
  const { expression, type } = typed;
  if (parameter && !accepts(parameter.type, type)) {
    const what = `\`${parameter.name}\` (${wanted})`;
    analysis.report(DIAGNOSTICS.wrongType, spanOf(node), what, aType(type), '');
  } else if (parameter?.type.kind === 'pattern') checkPattern(node, expression, analysis);
  return { expressions: [expression], type };
}

/** A pattern is known before any response is: a text in quotes that RE2 can read. */
function checkPattern(node: Ast.CallArgument, expression: Expression, analysis: Analysis): void {
  if (node.value?.$type === 'TextValue') lowerPattern(node.value, analysis);
  else if (expression.kind !== 'text') {
    const remedy = 'Write it there; for a text that is known only later there is `contains`.';
    analysis.report(DIAGNOSTICS.wrongType, spanOf(node), 'a pattern in quotes', 'an expression', remedy);
  }
}

/** The name of a capture made with `tag`. */
function lowerTag(node: Ast.Expression | undefined, scope: Scope, analysis: Analysis): Expression {
  let found = 'an expression';
  if (node?.$type === 'Name') {
    const meaning = resolve(node, scope, analysis);
    if (!meaning || meaning.isTag) return meaning?.expression ?? { kind: 'bool', value: false };
    found = `the ${meaning.thing.signature}`;
  }
  const remedy = 'Name a capture that `response` makes with `tag("…")`.';
  analysis.report(DIAGNOSTICS.wrongType, spanOf(node), 'a tag capture', found, remedy);
  return { kind: 'bool', value: false };
}

/** `clamp(x, low, high)`, `exactly(parts, …)`, `round(x, [digits])`. */
export function showForm(declaration: FunctionDeclaration): string {
  const parameters = declaration.parameters.map((parameter) => {
    if (parameter.repeated) return `${parameter.name}, …`;
    return parameter.optional ? `[${parameter.name}]` : parameter.name;
  });
  return `${declaration.name}(${parameters.join(', ')})`;
}

/** `clamp(x: number, low: number, high: number): number`. */
export function showSignature(declaration: FunctionDeclaration): string {
  const parameters = declaration.parameters.map(showParameter);
  return `${declaration.name}(${parameters.join(', ')}): ${showResult(declaration.result)}`;
}

/** `x: number`, `digits?: number`, `parts: tag capture, …`. */
export function showParameter({ name, type, optional, repeated }: FunctionParameter): string {
  return `${name}${optional ? '?' : ''}: ${showParameterType(type)}${repeated ? ', …' : ''}`;
}

function functionThing(declaration: FunctionDeclaration): NamedThing {
  const examples = declaration.examples.map((example) => `- \`${example.source}\` is ${example.value}`);
  const none: Span | null = null;
  return {
    kind: 'function',
    name: declaration.name,
    signature: showSignature(declaration),
    doc: `${declaration.doc}\n\n${examples.join('\n')}`,
    definition: none,
    extent: none,
  };
}
