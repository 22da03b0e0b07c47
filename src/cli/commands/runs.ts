// `merf runs`: what has been trained here and how it stands; `merf runs stop RUN` ends one after its current step,
// `pause` lets it wait there, `continue` go on.

import type { Command } from 'commander';
import { requestPause, requestStop } from '../../run/control.ts';
import { isActive, type SignOfLife } from '../../run/format.ts';
import { findRunFolder, runFolders } from '../../run/location.ts';
import { listRuns, readRecord, readStatus } from '../../run/read.ts';
import { secondsLeftBy, signOfLife, silentFor } from '../../run/sign_of_life.ts';
import { explain, MerfError } from '../../spec/error.ts';
import { print } from '../output.ts';
import { duration, WORKS } from '../progress.ts';
import { registerForeignRuns } from './foreign_runs.ts';

export function registerRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('List the runs kept in .merf/runs.')
    .option('--json', 'one JSON line a run')
    .action(async (options: { json?: boolean }) => {
      const found = listRuns(process.cwd());
      const damaged = runFolders(process.cwd()).filter((folder) => !found.some((run) => run.folder === folder));
      if (found.length + damaged.length === 0 && !options.json) {
        return print('There are no runs here. merf train FILE starts one.\n');
      }
      for (const { folder, record } of found) {
        const { id, arm, seed, stage, status, step, steps, reason, gate } = record;
        const sign = signOfLife(folder, record);
        const silent = sign && silentFor(sign);
        if (options.json) {
          const line = { folder, id, arm, seed, stage, status, step, steps, reason, gate, best: record.best };
          await print(`${JSON.stringify({ ...line, ...(sign && { progress: { ...sign, silent } }) })}\n`);
          continue;
        }
        const words = [id, stage && `stage ${stage}`, status, `${step}/${steps}`, sign && signText(sign), reason];
        await print(`${words.filter(Boolean).join('  ')}\n`);
      }
      for (const folder of damaged) process.stderr.write(`merf: ${whyUnreadable(folder)}\n`);
    });
  registerForeignRuns(runs);
  registerPause(runs, 'pause', 'Let a run wait after its current step.', 'waits after its current step');
  registerPause(runs, 'continue', 'Let a run that waits go on.', 'goes on');
  runs
    .command('stop')
    .description('End a run after its current step; merf train --resume goes on.')
    .argument('<run>', 'its id or folder')
    .action(async (run: string) => {
      const folder = findRunFolder(process.cwd(), run);
      const { status, id } = readStatus(folder);
      if (!isActive(status)) {
        throw new MerfError(`The run ${id} is not training; it is ${status}.`, 'Nothing has to be stopped.');
      }
      requestStop(folder);
      await print(`${id} stops after its current step.\n`);
    });
}

/** `writing responses 40/128 of step 13, 2 s ago, 5 min 10 s left`; of a silent one that it may hang. */
function signText(sign: SignOfLife): string {
  const { phase, step, done, of, time } = sign;
  const when = phase === 'evaluate' || phase === 'checkpoint' ? 'after' : 'of';
  const what = `${WORKS[phase]}${of > 0 ? ` ${done}/${of}` : ''} ${when} step ${step}`;
  const silent = silentFor(sign);
  if (silent !== null) return `${what}, no sign of life for ${duration(silent)}: it may hang`;
  const left = secondsLeftBy(sign);
  const parts = [what, `${duration((Date.now() - time) / 1000)} ago`, left !== null && `${duration(left)} left`];
  return parts.filter(Boolean).join(', ');
}

function registerPause(runs: Command, command: 'pause' | 'continue', description: string, says: string): void {
  runs
    .command(command)
    .description(description)
    .argument('<run>', 'its id or folder')
    .action(async (run: string) => {
      const folder = findRunFolder(process.cwd(), run);
      const { status, id } = readStatus(folder);
      if (!isActive(status)) {
        throw new MerfError(`The run ${id} is not training; it is ${status}.`, 'Go on with: merf train --resume RUN.');
      }
      requestPause(folder, command);
      await print(`${id} ${says}.\n`);
    });
}

function whyUnreadable(folder: string): string {
  try {
    return `${readRecord(folder).id} was being written; look again.`;
  } catch (error) {
    return explain(error);
  }
}
