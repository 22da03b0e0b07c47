// `merf handover FILE --arm A --to trl --out DIR`: the same experiment as another trainer's files.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { MerfError } from '../../spec/error.ts';
import { findArm } from '../arm.ts';
import { copyCompanions } from '../companions.ts';
import { ownFolder } from '../model_folder.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';

export function registerHandover(program: Command): void {
  program
    .command('handover')
    .description('Write an arm of the experiment as files for another trainer.')
    .argument('<file>', 'the .merf file')
    .option('--arm <arm>', 'the arm (may be left out when there is one)')
    .addOption(new Option('--to <trainer>', 'which trainer').choices(['trl']).default('trl'))
    .requiredOption('--out <folder>', 'the folder to write')
    .action(async (file: string, { arm: name, out }: { arm?: string; out: string }) => {
      const spec = await loadSpecification(file);
      const arm = findArm(spec, name);
      const { loadTask } = await import('../../task/registry.ts');
      const { trlFolder } = await import('../../handover/trl.ts');
      const files = trlFolder({
        spec,
        arm,
        rows: await loadTask(spec.task, file),
        file: { name: basename(file), text: readFileSync(file, 'utf8') },
        model: ownFolder(arm.train.model, file) ?? arm.train.model,
      });
      const beside = copyCompanions(spec, file, out, new Set(files.keys()));
      writeFolder(out, files);
      const written = [...[...files.keys()].map((path) => join(out, path)), ...beside];
      await print(`${written.join('\n')}\nRun it there: trl grpo --config grpo.yaml\n`);
    });
}

function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    const target = join(folder, path);
    try {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new MerfError(
        `${target} cannot be written (${reason}).`,
        'Choose a folder with --out that can be written.',
        {
          cause: error,
        },
      );
    }
  }
}
