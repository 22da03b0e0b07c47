// `merf runs import PATH`: a run that TensorBoard, TRL or verl logged, as a run here; `merf runs export RUN`: the other
// way round.

import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { FORMAT_NAMES } from '../../run/formats/foreign.ts';
import { importRuns } from '../../run/formats/import.ts';
import { writeTensorboard } from '../../run/formats/tensorboard.ts';
import { writeTrl } from '../../run/formats/trl.ts';
import { writeVerl } from '../../run/formats/verl.ts';
import { findRunFolder } from '../../run/location.ts';
import { readRun } from '../../run/read.ts';
import { numberOption } from '../number_option.ts';
import { print } from '../output.ts';

const FORMATS = ['tensorboard', 'trl', 'verl'] as const;
type Format = (typeof FORMATS)[number];

const WRITERS = {
  tensorboard: (run: ReturnType<typeof readRun>, out: string) => [writeTensorboard(run, out)],
  trl: writeTrl,
  verl: writeVerl,
} as const;

export function registerForeignRuns(runs: Command): void {
  runs
    .command('import')
    .description('Take in a run that TensorBoard, TRL or verl logged; again, to take in what was added.')
    .argument('<path>', 'TensorBoard folder, TRL output folder, or folder of verl’s rollouts')
    .addOption(new Option('--format <format>', 'left out: what the path holds').choices(FORMATS))
    .option('--experiment <name>', 'what it is listed under (default: the folder’s name)')
    .option('--arm <name>', 'the arm it is (default: the format, or the folder in the log folder)')
    .option(
      '--seed <n>',
      'its seed, to be compared with other runs of that seed',
      numberOption('seed', { min: 0, max: 2 ** 31, integer: true }),
    )
    .option('--json', 'the runs’ folders as JSON')
    .action(async (path: string, _options: ImportFlags, command: Command) => {
      // `merf runs` has a --json too, which takes this one
      const { json, ...rest } = command.optsWithGlobals<ImportFlags>();
      const folders = await importRuns(process.cwd(), resolve(path), rest);
      if (json) return print(`${JSON.stringify(folders)}\n`);
      for (const folder of folders) await print(`${basename(folder)}\n`);
    });
  runs
    .command('export')
    .description('Write a run as TensorBoard, TRL or verl would have logged it.')
    .argument('<run>', 'its id or folder')
    .addOption(new Option('--format <format>', 'whose format').choices(FORMATS).makeOptionMandatory())
    .requiredOption('--out <folder>', 'where the files go')
    .action(async (run: string, { format, out }: { format: Format; out: string }) => {
      const view = readRun(findRunFolder(process.cwd(), run));
      const files = WRITERS[format](view, resolve(out));
      await print(`${view.record.id} as ${FORMAT_NAMES[format]}: ${files.length} files in ${out}\n`);
    });
}

interface ImportFlags {
  format?: Format;
  experiment?: string;
  arm?: string;
  seed?: number;
  json?: boolean;
}
