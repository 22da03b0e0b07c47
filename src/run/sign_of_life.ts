// What a run is doing inside its step, in one small file that is replaced at most once a second: progress.json. A slow
// step gives signs, a hung one gives none, so the time since the last sign, beside the longest silence so far, tells
// them apart. Signs come from the work itself, not from a clock.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActive, type RunRecord, SignOfLife } from './format.ts';

const FILE = 'progress.json';
/** Milliseconds between two writings of the file. */
const WRITES_EVERY = 1000;
/** Milliseconds of silence from which a run is called silent, and how many times its longest silence so far. */
const SILENT_AFTER = 60_000;
const SILENT_TIMES = 3;

export type Phase = SignOfLife['phase'];

export class LifeSigns {
  private readonly folder: string;
  private last = Date.now();
  private written = 0;
  private silence = 0;
  private phase: Phase | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** `done` of `of` in the phase of a step; `secondsLeft`: of the whole run, null: not known yet. */
  sign(sign: Pick<SignOfLife, 'step' | 'phase' | 'done' | 'of' | 'secondsLeft'>): void {
    const now = Date.now();
    this.silence = Math.max(this.silence, (now - this.last) / 1000);
    this.last = now;
    const isNew = sign.phase !== this.phase;
    this.phase = sign.phase;
    if (now - this.written < WRITES_EVERY && !(isNew && this.written === 0)) return;
    this.written = now;
    const text = JSON.stringify({ ...sign, time: now, silence: this.silence } satisfies SignOfLife);
    const temporary = join(this.folder, `.${FILE}.tmp`);
    try {
      writeFileSync(temporary, text);
      renameSync(temporary, join(this.folder, FILE));
    } catch {
      // only a sign: a disk that refuses it is found by whatever must be written
      rmSync(temporary, { force: true });
    }
  }

  /** A wait that somebody asked for is no silence. */
  waited(): void {
    this.last = Date.now();
  }
}

/** The last sign of a run that is at work; null: it is not, or has given none. */
export function signOfLife(folder: string, { status }: Pick<RunRecord, 'status'>): SignOfLife | null {
  if (!isActive(status) || status === 'queued' || status === 'paused') return null;
  try {
    return SignOfLife.safeParse(JSON.parse(readFileSync(join(folder, FILE), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Seconds since the last sign, when they are so many that the run may hang; null: it is at work. */
export function silentFor({ time, silence }: SignOfLife, now = Date.now()): number | null {
  const passed = now - time;
  return passed > Math.max(SILENT_AFTER, SILENT_TIMES * silence * 1000) ? passed / 1000 : null;
}

/** What is left of the time that the sign estimated. */
export function secondsLeftBy({ secondsLeft, time }: SignOfLife, now = Date.now()): number | null {
  return secondsLeft === null ? null : Math.max(0, secondsLeft - (now - time) / 1000);
}
