// Tasks by name: the rows behind `task knights_and_knaves(people: 3..7, train: 4500)`. Arguments and columns are
// declared in spec/tasks.ts, which the checker reads; here they are held against it once more, since a specification
// may come from a file. Secret columns hold the answer or give it away.

import { MerfError } from '../spec/error.ts';
import type { Column, Task } from '../spec/specification.ts';
import { TASKS, type TaskDeclaration, taskDeclaration } from '../spec/tasks.ts';
import { generateRows } from './knights_and_knaves.ts';

export type Row = Record<string, unknown>;

export interface TaskRows {
  columns: readonly Column[];
  train: Row[];
  test: Row[];
}

/** The columns of a built-in task's rows; undefined: there is no such task. */
export function taskColumns(name: string): readonly Column[] | undefined {
  return taskDeclaration(name)?.columns;
}

/**
 * Makes all rows of a task.
 * @throws MerfError when the task is unknown, an argument is out of its bounds, or so many rows do not exist.
 */
export function loadTask(task: Pick<Task, 'name' | 'arguments'>): TaskRows {
  const declaration = taskDeclaration(task.name);
  if (declaration === undefined) {
    const known = TASKS.map(({ name }) => name).join(', ');
    throw new MerfError(`There is no task ${task.name}.`, `Use one of: ${known}.`);
  }
  const given = readArguments(declaration, task.arguments);
  const number = (name: string): number => given(name).from;
  const rows = generateRows({
    people: given('people'),
    train: number('train'),
    test: number('test'),
    seed: number('seed'),
  });
  return { columns: declaration.columns, ...rows };
}

/** Every argument as a range within its bounds (a number is a range of one), the standard value where it is left out. */
function readArguments(
  declaration: TaskDeclaration,
  given: Task['arguments'],
): (name: string) => { from: number; to: number } {
  const unknown = Object.keys(given).find((name) => !declaration.arguments.some((argument) => argument.name === name));
  if (unknown !== undefined) {
    const known = declaration.arguments.map(({ name }) => name).join(', ');
    throw new MerfError(`Task ${declaration.name} has no argument ${unknown}.`, `Use: ${known}.`);
  }
  const ranges = new Map(
    declaration.arguments.map((argument) => {
      const value = given[argument.name] ?? argument.standard;
      const range = typeof value === 'object' ? value : { from: Number(value), to: Number(value) };
      const { from, to } = range;
      const whole = Number.isInteger(from) && Number.isInteger(to) && (argument.kind === 'range' || from === to);
      if (!whole || from < argument.min || to > argument.max || from > to) {
        throw new MerfError(
          `Task ${declaration.name}: ${argument.name} cannot be ${typeof value === 'object' ? `${from}..${to}` : value}.`,
          `Give a whole number${argument.kind === 'range' ? ' or a range' : ''} from ${argument.min} to ${argument.max}.`,
        );
      }
      return [argument.name, range];
    }),
  );
  return (name) => {
    const range = ranges.get(name);
    if (range === undefined) throw new RangeError(`task ${declaration.name} declares no argument ${name}`);
    return range;
  };
}
