// `task knights_and_knaves(people: 3..7, train: 4500)`: the task, its arguments against its declaration, its columns.

import type { Column, Task } from '../../spec/specification.ts';
import { type TaskArgument as ArgumentDeclaration, TASKS, taskDeclaration } from '../../spec/tasks.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { builtinScope, Scope } from '../scope.ts';
import { nearest } from '../spelling.ts';
import { showType } from '../types.ts';

export interface LoweredTask {
  task: Task;
  /** The columns as names of expressions, around the language's own. */
  scope: Scope;
  columns: ReadonlyMap<string, { column: Column; thing: NamedThing }>;
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
  } else if (node) {
    const known = TASKS.map((each) => each.name);
    const span = spanOfProperty(node, 'name');
    analysis.report(DIAGNOSTICS.unknownName, span, 'task', name, nearest(name, known), known);
  }

  const scope = new Scope(builtinScope(), declaration === undefined);
  const columns = new Map<string, { column: Column; thing: NamedThing }>();
  for (const column of task.columns) {
    const thing: NamedThing = {
      kind: 'column',
      name: column.name,
      signature: `column ${column.name}: ${showType(column.type)}${column.secret ? ' (secret)' : ''}`,
      doc: column.secret
        ? `${column.doc}\n\nSecret: rules may read it; a prompt or a motivation never shows it.`
        : column.doc,
      definition: null,
      extent: null,
      isSecret: column.secret,
    };
    columns.set(column.name, { column, thing });
    scope.add({ thing, type: column.type, expression: { kind: 'column', name: column.name } });
  }
  return { task, scope, columns };
}

function lowerArguments(
  node: Ast.TaskSection,
  declared: readonly ArgumentDeclaration[],
  task: Task,
  analysis: Analysis,
): void {
  const known = declared.map((each) => each.name);
  for (const argument of node.arguments) {
    const name = argument.name ?? '';
    const span = spanOfProperty(argument, 'name');
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
  const inside = (x: number) => Number.isInteger(x) && x >= declaration.min && x <= declaration.max;
  if (typeof value === 'number') return inside(value);
  if (typeof value !== 'object') return false;
  return declaration.kind === 'range' && inside(value.from) && inside(value.to) && value.from <= value.to;
}

function showWanted({ kind, min, max }: ArgumentDeclaration): string {
  return kind === 'range'
    ? `a whole number or a range \`from..to\` between ${min} and ${max}`
    : `a whole number from ${min} to ${max}`;
}

export function describeArgument(argument: ArgumentDeclaration): string {
  const { standard } = argument;
  const shown = typeof standard === 'number' ? String(standard) : `${standard.from}..${standard.to}`;
  return `- \`${argument.name}\`: ${argument.doc} ${capitalised(showWanted(argument))}; ${shown} when left out.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
