// Tasks by name: the rows behind `task knights_and_knaves(people: 3..7, train: 4500)`. Arguments and columns are
// declared in spec/tasks.ts, which the checker reads; here they are held against it once more, since a specification
// may come from a file. Secret columns hold the answer or give it away.

import { dirname, resolve } from 'node:path';
import { MerfError } from '../spec/error.ts';
import type { Column, Task } from '../spec/specification.ts';
import { TASKS, taskDeclaration } from '../spec/tasks.ts';
import { Arguments } from './arguments.ts';
import { arithmeticRows } from './arithmetic.ts';
import { countdownRows } from './countdown.ts';
import { generateRows as knightsAndKnavesRows } from './knights_and_knaves.ts';
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
  return { columns: declaration.columns, ...rowsOf(new Arguments(declaration, task.arguments)), hash: null };
}

function rowsOf(given: Arguments): Record<'train' | 'test', Row[]> {
  const sizes = { train: given.number('train'), test: given.number('test'), seed: given.number('seed') };
  switch (given.task) {
    case 'knights_and_knaves':
      return knightsAndKnavesRows({ people: given.range('people'), ...sizes });
    case 'countdown':
      return countdownRows({ numbers: given.range('numbers'), largest: given.number('largest'), ...sizes });
    case 'arithmetic': {
      const [operands, digits] = [given.range('operands'), given.range('digits')];
      return arithmeticRows({ operands, digits, operators: given.text('operators'), ...sizes });
    }
    default:
      throw new MerfError(`Task ${given.task} has no file to read.`, `Name it: ${given.task}("rows.${given.task}").`);
  }
}
