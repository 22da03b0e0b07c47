// One response of a run, as the command line names it: `RUN --step N --sample I [--held-out PROMPT]`.

import { type Command, Option } from 'commander';
import type { RolloutLine, RunRecord } from '../run/format.ts';
import { findRunFolder } from '../run/location.ts';
import { readRecord, readRollouts, rolloutSets } from '../run/read.ts';
import { type RolloutSet, sameSet } from '../run/view.ts';
import { MerfError } from '../spec/error.ts';
import { wholeNumber } from './arm.ts';

export interface ResponseOptions {
  step: number;
  sample: number;
  heldOut?: 'motivation' | 'none';
}

export interface ResponseOfRun {
  folder: string;
  record: RunRecord;
  line: RolloutLine;
}

/** Gives a command the argument and the options that name a response. */
export function namesResponse(command: Command): Command {
  return command
    .argument('<run>', 'its id or folder')
    .requiredOption('--step <number>', 'the step', wholeNumber('step'))
    .requiredOption('--sample <number>', 'which of its responses, from 0', wholeNumber('sample'))
    .addOption(
      new Option('--held-out <prompt>', 'of the held-out rows after that step, under this prompt').choices([
        'motivation',
        'none',
      ]),
    );
}

/** @throws MerfError when the run keeps no such response; it says which there are. */
export function responseOfRun(run: string, { step, sample, heldOut }: ResponseOptions): ResponseOfRun {
  const folder = findRunFolder(process.cwd(), run);
  const record = readRecord(folder);
  const set: RolloutSet = { kind: heldOut ?? 'train', step };
  const lines = readRollouts(folder, set);
  const line = lines[sample];
  if (line !== undefined) return { folder, record, line };
  const steps = rolloutSets(folder).filter(({ kind }) => kind === set.kind);
  const known =
    steps.length === 0 ? 'none are kept' : `kept are those of step ${steps.map((one) => one.step).join(', ')}`;
  throw steps.some((one) => sameSet(one, set))
    ? new MerfError(`Step ${step} has no response ${sample}.`, `Give a number from 0 to ${lines.length - 1}.`)
    : new MerfError(`There are no responses of step ${step} in ${record.id}.`, `Give another --step: ${known}.`);
}
