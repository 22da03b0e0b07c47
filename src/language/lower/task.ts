// `task knights_and_knaves(people: 3..7, train: 4500)`: the task, its arguments against its declaration, its columns.

import type { Column, Task } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type TaskArgument as ArgumentDeclaration, TASKS, taskDeclaration } from '../../spec/tasks.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { builtinScope, Scope } from '../scope.ts';
import { showType, UNKNOWN } from '../types.ts';
import { isDataFormat, type LoweredColumn, type LoweredData, lowerDataTask } from './data_task.ts';

export interface LoweredTask {
  task: Task;
  /** The columns as names of expressions, around the language's own. */
  scope: Scope;
  columns: ReadonlyMap<string, { column: Column; thing: NamedThing }>;
  /** There may be columns that are not known. */
  isOpen: boolean;
  /** Of a task that reads its rows from a file. */
  data: LoweredData | null;
}

export function lowerTask(node: Ast.TaskSection | undefined, analysis: Analysis): LoweredTask {
  const name = node?.name ?? '';
  const declaration = taskDeclaration(name);
  const task: Task = { name, arguments: {}, columns: declaration?.columns ?? [], source: null };
  if (node && declaration) {
    analysis.use(spanOfProperty(node, 'name'), {
      kind: 'task',
      name,
      signature: `task ${name}`,
      doc: `${declaration.doc}\n\n${declaration.arguments.map(describeArgument).join('\n')}`,
      definition: null,
      extent: spanOf(node),
    });
    lowerArguments(node, declaration.arguments, task, analysis);
    if (node.hasColumns && !isDataFormat(name)) {
      analysis.report(DIAGNOSTICS.columnsOfBuiltIn, spanOfProperty(node, 'name'), name);
    }
  } else if (node) {
    const known = TASKS.map((each) => each.name);
    const span = spanOfProperty(node, 'name');
    analysis.report(DIAGNOSTICS.unknownName, span, 'task', name, nearest(name, known), known);
  }

  const data = node && isDataFormat(name) ? lowerDataTask(node, name, analysis) : null;
  task.source = data?.source ?? null;
  const isOpen = data ? data.isOpen : declaration === undefined;
  const scope = new Scope(builtinScope(), isOpen);
  const columns = new Map<string, { column: Column; thing: NamedThing }>();
  const all: LoweredColumn[] = data ? data.columns : task.columns.map((column) => ({ ...column, ...GIVEN }));
  for (const { definition, extent, isUnknown, ...column } of all) {
    const thing: NamedThing = {
      kind: 'column',
      name: column.name,
      signature: `column ${column.name}: ${showType(isUnknown ? UNKNOWN : column.type)}${column.secret ? ' (secret)' : ''}`,
      doc: column.secret
        ? `${column.doc}\n\nSecret: rules may read it; a prompt or a motivation never shows it.`
        : column.doc,
      definition,
      extent,
      isSecret: column.secret,
    };
    if (definition) analysis.define(thing);
    columns.set(column.name, { column, thing });
    scope.add({ thing, type: isUnknown ? UNKNOWN : column.type, expression: { kind: 'column', name: column.name } });
  }
  if (data) task.columns = [...columns.values()].map(({ column }) => column);
  return { task, scope, columns, isOpen, data };
}

/** A column that the task brings along. */
const GIVEN = { definition: null, extent: null, isUnknown: false };

function lowerArguments(
  node: Ast.TaskSection,
  declared: readonly ArgumentDeclaration[],
  task: Task,
  analysis: Analysis,
): void {
  const known = declared.map((each) => each.name);
  const isData = isDataFormat(task.name);
  for (const [index, argument] of node.arguments.entries()) {
    if (isData && index === 0 && !argument.name) continue;
    const name = argument.name ?? '';
    const span = argument.name ? spanOfProperty(argument, 'name') : spanOf(argument);
    const declaration = declared.find((each) => each.name === name);
    if (!declaration) {
      analysis.report(DIAGNOSTICS.unknownArgument, span, task.name, name, nearest(name, known), known);
      continue;
    }
    analysis.use(span, {
      kind: 'argument',
      name,
      signature: `${name}: ${showWanted(declaration)}`,
      doc: declaration.doc,
      definition: null,
      extent: null,
    });
    // Their values are data_task.ts's to read.
    if (isData) continue;
    if (Object.hasOwn(task.arguments, name))
      analysis.report(DIAGNOSTICS.duplicateName, span, 'an argument', name, 'Remove one of them.');
    const value = argumentValue(argument);
    task.arguments[name] = value;
    if (!argumentFits(value, declaration)) {
      analysis.report(DIAGNOSTICS.argumentRange, spanOf(argument), name, showWanted(declaration));
    }
  }
}

function argumentValue(argument: Ast.TaskArgument): Task['arguments'][string] {
  if (argument.text) return readText(argument.text).value;
  if (argument.bool) return argument.bool === 'true';
  const from = readNumber(argument.from);
  return argument.to ? { from, to: readNumber(argument.to) } : from;
}

function argumentFits(value: Task['arguments'][string], declaration: ArgumentDeclaration): boolean {
  if (declaration.kind === 'text') {
    return typeof value === 'string' && (declaration.pattern === null || new RegExp(declaration.pattern).test(value));
  }
  const inside = (x: number) => Number.isInteger(x) && x >= declaration.min && x <= declaration.max;
  if (typeof value === 'number') return inside(value);
  if (typeof value !== 'object') return false;
  return declaration.kind === 'range' && inside(value.from) && inside(value.to) && value.from <= value.to;
}

function showWanted(declaration: ArgumentDeclaration): string {
  if (declaration.kind === 'text') return declaration.wanted;
  const { kind, min, max } = declaration;
  return kind === 'range'
    ? `a whole number or a range \`from..to\` between ${min} and ${max}`
    : `a whole number from ${min} to ${max}`;
}

export function describeArgument(argument: ArgumentDeclaration): string {
  const shown = shownStandard(argument.standard);
  const otherwise = shown === null ? '' : `; ${shown} when left out`;
  return `- \`${argument.name}\`: ${argument.doc} ${capitalised(showWanted(argument))}${otherwise}.`;
}

function shownStandard(standard: ArgumentDeclaration['standard']): string | null {
  return typeof standard === 'object' && standard !== null
    ? `${standard.from}..${standard.to}`
    : (standard?.toString() ?? null);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
