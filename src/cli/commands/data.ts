// `merf data FILE`: what the task's rows are (how many, which columns of which types), and the rows as JSON lines.

import { type Command, Option } from 'commander';
import { showType } from '../../language/types.ts';
import type { Column, Specification } from '../../spec/specification.ts';
import { firstRows, type TaskRows } from '../../task/registry.ts';
import { type Split, wholeNumber } from '../arm.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';

export function registerData(program: Command): void {
  program
    .command('data')
    .description("Print the task's rows as JSON lines, or with --summary how many they are and their columns.")
    .argument('<file>', 'the .merf file')
    .addOption(new Option('--split <split>', 'which rows').choices(['train', 'test']).default('train'))
    .option('--count <number>', 'how many from the start (all when left out)', wholeNumber('count'))
    .option('--summary', 'print how many rows there are and which columns, in place of the rows')
    .action(async (file: string, { split, count, summary }: { split: Split; count?: number; summary?: boolean }) => {
      const spec = await loadSpecification(file);
      const { loadTask } = await import('../../task/registry.ts');
      const rows = await loadTask(spec.task, file);
      if (summary) return print(describe(spec, rows));
      for (const row of firstRows(rows[split], count)) await print(`${JSON.stringify(row)}\n`);
    });
}

const LONGEST = 60;

function describe({ task }: Specification, { columns, train, test }: TaskRows): string {
  const from = task.source === null ? task.name : `${task.source.format} ${task.source.path}`;
  const first = train.at(0) ?? {};
  const shown = columns.map((column) => [
    column.name,
    typeOf(column),
    short(JSON.stringify(first[column.name] ?? null)),
  ]);
  const widths = [0, 1].map((i) => Math.max(0, ...shown.map((cells) => cells[i]?.length ?? 0)));
  const lines = shown.map((cells) => `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}\n`);
  return `${from}: ${train.length} train rows, ${test.length} test rows\n${lines.join('')}`;
}

function typeOf({ type, secret }: Column): string {
  return secret ? `${showType(type)} (secret)` : showType(type);
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
