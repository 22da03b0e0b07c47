// Brings runs of other programs in: what a path holds is looked at, read, and written as a run of ours under the root.
// Given again, the same path becomes the same run, with what has been added since; notes kept beside it stay.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MerfError } from '../../spec/error.ts';
import { plainName, rolloutSetOf, rolloutsFile, runsFolder } from '../location.ts';
import { replaceFile, writing } from '../write.ts';
import { FORMAT_NAMES, type ForeignFormat, type ForeignRun, recordOf } from './foreign.ts';
import { eventFolders, readTensorboard } from './tensorboard.ts';
import { isTrl, readTrl } from './trl.ts';
import { isVerl, readVerl } from './verl.ts';

export interface ImportOptions {
  /** Left out: what the path holds. */
  format?: ForeignFormat | undefined;
  experiment?: string | undefined;
  arm?: string | undefined;
  seed?: number | undefined;
}

/** Imports every run at a path (a folder, or a file in it); the runs' folders. @throws MerfError */
export async function importRuns(root: string, path: string, options: ImportOptions = {}): Promise<string[]> {
  const folder = folderOf(path);
  const format = options.format ?? formatOf(folder);
  if (format === null) {
    throw new MerfError(
      `${folder} holds no run that can be read.`,
      'Give a TensorBoard folder (events.out.tfevents.…), a TRL output folder (trainer_state.json or completions/), or verl’s rollouts (1.jsonl, 2.jsonl, …).',
    );
  }
  const found =
    format === 'tensorboard' ? readTensorboard(folder) : [format === 'trl' ? await readTrl(folder) : readVerl(folder)];
  const filled = found.filter((run) => run.metrics.length > 0 || run.rollouts.size > 0);
  if (filled.length === 0) {
    throw new MerfError(
      `${folder} holds no number and no response that ${FORMAT_NAMES[format]} wrote.`,
      'Wait until the training has logged its first step, then import it again.',
    );
  }
  const { experiment, arm, seed } = options;
  return filled.map((run) =>
    written(root, {
      ...run,
      experiment: experiment ?? run.experiment,
      arm: arm ?? run.arm,
      seed: seed ?? run.seed,
    }),
  );
}

function folderOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new MerfError(`${path} is not there.`, 'Check the path.');
  if (found.isDirectory()) return realpathSync(path);
  const folder = dirname(realpathSync(path));
  return basename(folder) === 'completions' ? dirname(folder) : folder;
}

function formatOf(folder: string): ForeignFormat | null {
  if (isTrl(folder)) return 'trl';
  if (isVerl(folder)) return 'verl';
  return eventFolders(folder).length > 0 ? 'tensorboard' : null;
}

function written(root: string, run: ForeignRun): string {
  const mark = createHash('sha256').update(run.path).digest('hex').slice(0, 8);
  const id = `${plainName(basename(run.path)).replace(/^_+/, '') || 'run'}-${run.format}-${mark}`;
  const folder = join(runsFolder(resolve(root)), id);
  writing(folder, () => mkdirSync(join(folder, 'rollouts'), { recursive: true }));
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  for (const name of readdirSync(join(folder, 'rollouts'))) {
    const set = rolloutSetOf(name);
    if (set && !run.rollouts.has(set.step)) rmSync(join(folder, 'rollouts', name));
  }
  for (const [step, rollouts] of run.rollouts) {
    replaceFile(join(folder, rolloutsFile({ kind: 'train', step })), lines(rollouts));
  }
  replaceFile(join(folder, 'metrics.jsonl'), lines(run.metrics));
  replaceFile(join(folder, 'events.jsonl'), '');
  replaceFile(join(folder, 'run.json'), `${JSON.stringify(recordOf(run, id), null, 1)}\n`);
  return folder;
}
