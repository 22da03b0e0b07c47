// Requests to a training process: one small file in the run's folder, written whole, removed when obeyed.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ControlRequest } from './format.ts';
import { replaceFile } from './write.ts';

/** Asks the process that writes the run to stop after its current step. */
export function requestStop(folder: string): void {
  request(folder, 'stop');
}

/** Asks it to wait after its current step, or to go on. */
export function requestPause(folder: string, command: 'pause' | 'continue'): void {
  request(folder, command);
}

function request(folder: string, command: ControlRequest['command']): void {
  replaceFile(join(folder, 'control'), JSON.stringify({ command } satisfies ControlRequest));
}

/** The request that waits, which is taken away; null: none. */
export function takeRequest(folder: string): ControlRequest | null {
  const path = join(folder, 'control');
  if (!existsSync(path)) return null;
  const text = readFileSync(path, 'utf8');
  rmSync(path, { force: true });
  try {
    return ControlRequest.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
