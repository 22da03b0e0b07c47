// One trainer for a run: a file that names the process which writes it. A process that has died holds nothing: whoever
// comes next takes the file over. A reused process number is told from the old one by when it started, where the system
// says so (Linux).

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { plainState } from './inside.ts';
import { isAlive } from './process.ts';
import { writing } from './write.ts';

export const Holder = z.object({
  pid: z.number().int().positive(),
  /** When the process started, in the system's own count; null where it does not say. */
  started: z.string().nullable(),
});
export type Holder = z.infer<typeof Holder>;

export function thisProcess(): Holder {
  return { pid: process.pid, started: startOf(process.pid) };
}

const LOCK = 'lock';

/** Takes the run for this process; the function gives it back. @throws MerfError when a living process holds it. */
export function lockRun(folder: string): () => void {
  const path = join(folder, LOCK);
  const release = takeLock(path);
  if (release === null) throw held(folder, holderOf(path));
  return release;
}

/** Takes a lock for this process; the function gives it back. null: a living process holds it. */
export function takeLock(path: string): (() => void) | null {
  const mine = join(dirname(path), `.${basename(path)}.${process.pid}`);
  const isTaken = writing(dirname(path), () => {
    writeFileSync(mine, JSON.stringify(thisProcess()));
    try {
      // a link fails where there is a lock already: whoever comes second sees it
      for (let tries = 0; !linked(mine, path); tries++) {
        const holder = holderOf(path);
        if ((holder !== null && isHolding(holder)) || tries > 9) return false;
        takeAway(path, holder);
      }
      return true;
    } finally {
      rmSync(mine, { force: true });
    }
  });
  if (!isTaken) return null;
  return () => {
    if (holderOf(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

/** Whether a living process trains this run. */
export function isLocked(folder: string): boolean {
  const holder = holderOf(join(folder, LOCK));
  return holder !== null && isHolding(holder);
}

/** Whether the process is still there, and the very one. */
export function isHolding({ pid, started }: Holder): boolean {
  if (!isAlive(pid)) return false;
  const now = startOf(pid);
  return now === null || started === now;
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead process's lock aside; another's that has come in between is put back. */
function takeAway(path: string, dead: Holder | null): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // someone else was faster
  }
  const found = holderOf(aside);
  if (found !== null && JSON.stringify(found) !== JSON.stringify(dead)) linked(aside, path);
  rmSync(aside, { force: true });
}

function holderOf(path: string): Holder | null {
  try {
    // no pipe or device is waited for
    if (plainState(path) === null) return null;
    return Holder.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** When a process started, in the system's own count; null where it does not say. */
function startOf(pid: number): string | null {
  try {
    // after the name in parentheses, which may hold anything, come the fields from the third on; the 22nd is the start
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function held(folder: string, holder: Holder | null): MerfError {
  const who = holder === null ? 'another process' : `process ${holder.pid}`;
  return new MerfError(
    `The run in ${folder} is being trained right now, by ${who}.`,
    'Watch it, or stop it first: merf runs stop RUN.',
  );
}
