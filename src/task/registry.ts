// Tasks by name: the rows behind `task knights_and_knaves(people: 3..7, train: 4500)`. Arguments and columns are
// declared in spec/tasks.ts, which the checker reads; here they are held against it once more, since a specification
// may come from a file. Secret columns hold the answer or give it away.

import { dirname, resolve } from 'node:path';
import { MerfError } from '../spec/error.ts';
import type { Column, Task } from '../spec/specification.ts';
import { TASKS, type TaskDeclaration, taskDeclaration } from '../spec/tasks.ts';
import { generateRows } from './knights_and_knaves.ts';
import type { Row, Rows } from './rows.ts';

export { firstRows, type Row, type Rows } from './rows.ts';

export interface TaskRows {
  columns: readonly Column[];
  train: Rows;
  test: Rows;
  /** Of the data file they are from: SHA-256 of its bytes, in hexadecimal; null: they were made. */
  hash: string | null;
}

/** The columns of a built-in task's rows; undefined: there is no such task. */
export function taskColumns(name: string): readonly Column[] | undefined {
  return taskDeclaration(name)?.columns;
}

/**
 * All rows of a task.
 * @param file the .merf file, from whose folder a data file's path counts
 * @throws MerfError when the rows cannot be made, or the data file cannot be used.
 */
export async function loadTask({ source, ...task }: Task, file: string): Promise<TaskRows> {
  if (!source) return makeRows(task);
  const { loadDataRows } = await import('./data/load.ts');
  return { columns: task.columns, ...(await loadDataRows(source, task.columns, dirname(resolve(file)))) };
}

/**
 * Makes all rows of a built-in task.
 * @throws MerfError when the task is unknown, an argument is out of its bounds, or so many rows do not exist.
 */
export function makeRows(task: Pick<Task, 'name' | 'arguments'>): TaskRows & Record<'train' | 'test', Row[]> {
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
  return { columns: declaration.columns, ...rows, hash: null };
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
