// `merf data FILE`: the task's rows as JSON lines.

import { type Command, Option } from 'commander';
import { type Split, wholeNumber } from '../arm.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';

export function registerData(program: Command): void {
  program
    .command('data')
    .description("Print the task's rows as JSON lines.")
    .argument('<file>', 'the .merf file')
    .addOption(new Option('--split <split>', 'which rows').choices(['train', 'test']).default('train'))
    .option('--count <number>', 'how many from the start (all when left out)', wholeNumber('count'))
    .action(async (file: string, { split, count }: { split: Split; count?: number }) => {
      const spec = await loadSpecification(file);
      const { loadTask } = await import('../../task/registry.ts');
      for (const row of loadTask(spec.task)[split].slice(0, count)) await print(`${JSON.stringify(row)}\n`);
    });
}
