// Two or more arms trained at the same time, each by its own `merf train` process with one thread; where there is a
// single processor, one after the other. Their events come as JSON lines.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { MerfError } from '../../spec/error.ts';
import type { Progress } from '../../training/train.ts';

export interface ArmRun {
  arm: string;
  folder: string;
}

export type ArmEvent = Progress | { kind: 'ended'; status: string; reason: string | null };

/**
 * Trains every arm; resolves when all have ended, or when `signal` asked them to stop and they did. Arms that were still
 * waiting then do not begin. @throws MerfError when one of them failed; the others are asked to stop.
 */
export async function trainArms(
  runs: readonly ArmRun[],
  argumentsOf: (run: ArmRun) => string[],
  heard: (arm: string, event: ArmEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const atOnce = Math.max(1, Math.min(runs.length, availableParallelism()));
  const waiting = [...runs];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const worker = async () => {
    for (let run = waiting.shift(); run !== undefined && !stop.aborted; run = waiting.shift()) {
      const { arm } = run;
      try {
        await trainOne(argumentsOf(run), (event) => heard(arm, event), arm, stop);
      } catch (error) {
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed.signal.aborted) throw failed.signal.reason;
}

function trainOne(
  given: readonly string[],
  heard: (event: ArmEvent) => void,
  arm: string,
  signal: AbortSignal,
): Promise<void> {
  const script = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, script, 'train', ...given, '--json-progress'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => {
    complaint += data.toString('utf8');
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = readEvent(line);
    if (event !== null) heard(event);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', interrupt);
      if (code === 0 || signal.aborted) return resolve();
      const said = complaint.replace(/^merf: /, '').trim() || `it ended with code ${code}.`;
      reject(new MerfError(`The arm ${arm} could not be trained: ${said}`, ''));
    });
  });
}

/** The child is this same program: its lines have the shapes of `Progress`, after a first one that names the run. */
function readEvent(line: string): ArmEvent | null {
  try {
    const event: ArmEvent | { run: string } = JSON.parse(line);
    return 'kind' in event ? event : null;
  } catch {
    return null;
  }
}
