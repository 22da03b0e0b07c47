// `merf train FILE`: one arm with one seed, as a run on disk; where the file has stages, each is a run of its own before
// it, and must leave its gate open. Ctrl-C, SIGTERM and the run's control file all end it
// after the current step with a checkpoint; `--resume` goes on. `--detach` leaves it running in the background.

import { spawn } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { rootOfRun, runName } from '../../run/location.ts';
import type { Turn } from '../../run/queue.ts';
import { explain, MerfError } from '../../spec/error.ts';
import { wholeNumber } from '../arm.ts';
import type { PreparedRun } from '../training_run.ts';

interface Options {
  arm?: string;
  seed?: string;
  steps?: string;
  model?: string;
  out?: string;
  threads?: string;
  stage?: string;
  skipStages?: boolean;
  force?: boolean;
  resume?: string | true;
  detach?: boolean;
  jsonProgress?: boolean;
  untrusted?: boolean;
  now?: boolean;
}

export function registerTrain(program: Command): void {
  program
    .command('train')
    .description('Train a model with a .merf file; the run is kept in .merf/runs.')
    .argument('[file]', 'the .merf file')
    .option('--arm <arm>', 'which arm; needed when the file has several')
    .option('--seed <seed>', "which seed; otherwise the plan's first")
    .option('--steps <steps>', "how many steps; otherwise the plan's")
    .option('--model <model>', "bundled:tiny or a model folder; otherwise the plan's")
    .option('--out <folder>', 'where the run is kept; otherwise .merf/runs/<id>')
    .option('--threads <threads>', 'processor threads; otherwise half of them')
    .option('--stage <stage>', 'only this stage of the file')
    .option('--skip-stages', 'begin the run itself, whatever its stages would say')
    .option('--resume [run]', 'go on with a run: its id, its folder, or the newest unfinished one')
    .option('--force', 'begin it even where it needs more memory than this computer has')
    .option('--detach', 'train in the background and say where')
    .option('--now', 'start at once, also while another run trains on this machine')
    .option('--untrusted', 'ask no verifier and no judge; a file that has some is then refused')
    .option('--json-progress', 'print the run folder as {"run": …} first, then one JSON line for each event')
    .action(async (file: string | undefined, options: Options) => {
      if (options.detach) return detach();
      await trainHere(file, options);
    });
}

async function trainHere(file: string | undefined, options: Options): Promise<void> {
  const { resumeRun, startRun } = await import('../training_run.ts');
  const settings = {
    ...(options.arm !== undefined && { arm: options.arm }),
    ...(options.model !== undefined && { model: options.model }),
    ...(options.out !== undefined && { out: options.out }),
    ...(options.stage !== undefined && { stage: options.stage }),
    ...(options.skipStages === true && { skipStages: true }),
    ...(options.force === true && { force: true }),
    ...(options.seed !== undefined && { seed: wholeNumber('seed')(options.seed) }),
    ...(options.steps !== undefined && { steps: positive('steps', options.steps) }),
    ...(options.threads !== undefined && { threads: positive('threads', options.threads) }),
  };
  if (options.stage !== undefined && options.skipStages) {
    throw new MerfError('--stage and --skip-stages exclude each other.', 'Give one of them.');
  }
  const first =
    options.resume === undefined
      ? await startRun(needed(file), settings)
      : await resumeRun(options.resume === true ? null : options.resume, { ...settings, file });
  // whoever reads the output may go; the run goes on, and its folder says how it stands
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const { queueFolder, Turn } = await import('../../run/queue.ts');
  const turn = new Turn(queueFolder(), first.writer.folder, options.now !== true);
  try {
    for (let run: PreparedRun | null = first; run !== null; ) {
      const isThrough: boolean = await trainOne(run, turn, options.jsonProgress === true, options.untrusted !== true);
      run = isThrough ? ((await run.next?.()) ?? null) : null;
    }
  } finally {
    turn.leave();
  }
}

/** Trains a run to its end; false: it stopped before. @throws MerfError when a stage's gate is closed. */
async function trainOne(run: PreparedRun, turn: Turn, json: boolean, trusted: boolean): Promise<boolean> {
  const { train } = await import('../../training/train.ts');
  const { progressPrinter } = await import('../progress.ts');
  const { openScoring, usageText } = await import('../scoring.ts');
  const { writer, arm, seed, steps, stage, next } = run;
  const label = [arm.name, ...(stage === null ? [] : [stage.name]), `s${seed}`].join(' ');
  const name = runName(process.cwd(), writer.folder);
  if (json) process.stdout.write(`${JSON.stringify({ run: writer.folder })}\n`);
  else process.stdout.write(`${label}  ${steps} steps, model ${writer.record.model.name}, run ${name}\n`);
  const out = json ? 'none' : process.stdout.isTTY ? 'terminal' : 'lines';
  const printer = progressPrinter(steps, label, out, (text) => writer.log(text));
  const stop = stopOnSignals(
    () => {
      writer.update({ status: 'stopping' });
      if (!json)
        process.stdout.write('\nStopping after this step. Ctrl-C again: at once, as of the last checkpoint.\n');
    },
    () => {
      if (!json) process.stdout.write(`\nEnded. Go on with: merf train --resume ${name}\n`);
    },
  );
  const file = resolve(rootOfRun(writer.folder), writer.record.file);
  const scoring = openScoring(run.spec, file, trusted, rootOfRun(writer.folder));
  try {
    await scoring.externals.check();
    const { status, reason } = await train({
      ...run,
      turn,
      scorer: scoring.scorer,
      signal: stop.signal,
      progress: (progress) => {
        printer.show(progress);
        if (json && progress.kind !== 'working') process.stdout.write(`${JSON.stringify(progress)}\n`);
      },
    });
    printer.end();
    if (json) process.stdout.write(`${JSON.stringify({ kind: 'ended', status, reason })}\n`);
    else if (status === 'stopped')
      process.stdout.write(`${reason ?? 'Stopped.'} Go on with: merf train --resume ${name}\n`);
    else if (next === null) process.stdout.write(`Finished. See it with: merf report ${name}\n`);
    if (stage !== null && writer.record.gate === 'closed') throw closedGate(run);
    return status === 'finished';
  } catch (error) {
    printer.end();
    if (writer.record.status !== 'finished') noteFailure(writer, error);
    throw error;
  } finally {
    writer.releaseReserve();
    run.release();
    stop.release();
    const usage = usageText(scoring.externals);
    if (usage !== '') writer.log(usage.trimEnd());
    await scoring.end();
  }
}

function closedGate({ stage, writer, arm }: PreparedRun): MerfError {
  const file = basename(writer.record.file);
  return new MerfError(
    `The stage ${stage?.name} did not pass, and what comes after it was not begun. ${writer.record.reason}`,
    `Change the file and train again, or go on all the same: merf train ${file} --arm ${arm.name} --skip-stages.`,
  );
}

/** Writes down why the run failed, when that can still be written. */
function noteFailure(writer: { update(change: object): void; log(text: string): void }, error: unknown): void {
  try {
    writer.update({ status: 'failed', pid: null, reason: explain(error) });
    writer.log(error instanceof MerfError ? explain(error) : String(error instanceof Error ? error.stack : error));
  } catch {
    // the disk that failed the run cannot take this either; the message still reaches the terminal
  }
}

/** Starts the same command as a process of its own; resolves when it has its run folder, or passes on its refusal. */
async function detach(): Promise<void> {
  const { z } = await import('zod');
  const Started = z.object({ run: z.string() });
  const given = process.argv.slice(2).filter((argument) => argument !== '--detach' && argument !== '--json-progress');
  const script = process.argv[1];
  if (script === undefined) throw new MerfError('The program does not know its own file.', 'Run it as: merf train.');
  const child = spawn(process.execPath, [...process.execArgv, script, ...given, '--json-progress'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => {
    complaint += data.toString('utf8');
  });
  const folder = await new Promise<string | null>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(Started.parse(JSON.parse(line)).run));
    child.once('error', reject);
    child.once('close', () => resolve(null));
  });
  if (folder === null) {
    process.stderr.write(complaint);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(
    `Training in the background: ${folder}\nStop it with: merf runs stop ${runName(process.cwd(), folder)}\n`,
  );
  child.unref();
  child.stdout.destroy();
  child.stderr.destroy();
}

/** Milliseconds within which signals are one request. */
const AT_ONCE = 700;

/** The first signal asks the run to stop; another one later ends the process, and the run goes on from its checkpoint. */
function stopOnSignals(asked: () => void, ended: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  let first = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      // npm passes on a terminal's Ctrl-C that has come here already: at once is not a second one
      if (performance.now() - first < AT_ONCE) return;
      ended();
      process.exit(130);
    }
    first = performance.now();
    controller.abort();
    asked();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}

function needed(file: string | undefined): string {
  if (file !== undefined) return file;
  throw new MerfError('No .merf file was named.', 'Name one: merf train FILE --arm ARM, or go on with --resume.');
}

function positive(name: string, text: string): number {
  const number = wholeNumber(name)(text);
  if (number > 0) return number;
  throw new MerfError(`--${name} cannot be 0.`, 'Give 1 or more.');
}
