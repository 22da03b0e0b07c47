// A run's checkpoint by what a person calls it: the last one, the best one, or that of a step.

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkpointFolder, findRunFolder } from '../run/location.ts';
import { readRecord } from '../run/read.ts';
import { MerfError } from '../spec/error.ts';
import { checkpoints } from '../training/checkpoint.ts';

/** `which`: `last`, `best`, or a step's number. @throws MerfError when the run has none such. */
export function checkpointNamed(run: string, which: string): { runFolder: string; folder: string } {
  const runFolder = findRunFolder(process.cwd(), run);
  const { id, best } = readRecord(runFolder);
  const there = checkpoints(runFolder);
  const steps = there.map((folder) => Number(basename(folder).slice('step-'.length)));
  const remedy =
    steps.length === 0 ? 'Let it train until it has written one.' : `Use best, last or one of: ${steps.join(', ')}.`;
  const found =
    which === 'last'
      ? there.at(-1)
      : which === 'best'
        ? best && join(runFolder, best.folder)
        : /^\d+$/.test(which)
          ? join(runFolder, checkpointFolder(Number(which)))
          : undefined;
  if (found !== undefined && existsSync(found)) return { runFolder, folder: found };
  const asked = /^\d+$/.test(which) ? `of step ${which}` : `called ${which}`;
  throw new MerfError(`The run ${id} has no checkpoint ${asked}.`, remedy);
}
