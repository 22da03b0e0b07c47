// Writes a run. A file is replaced whole (written beside, flushed, renamed) or a line is appended by one write, so
// that after a crash at any moment every line but perhaps the last is complete; reopening cuts such a half line off.
// Reopening at a checkpoint also takes back what was written after it: no gap, no double.

import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MerfError } from '../spec/error.ts';
import { EventLine, MetricsLine, type RolloutLine, type RunRecord } from './format.ts';
import { rolloutSetOf, rolloutsFile } from './location.ts';
import { readRecord } from './read.ts';
import type { RolloutSet } from './view.ts';

export class RunWriter {
  readonly folder: string;
  private current: RunRecord;

  private constructor(folder: string, record: RunRecord) {
    this.folder = folder;
    this.current = record;
  }

  /** Makes the folder and its first record; refuses one that already holds a run. */
  static create(folder: string, record: RunRecord): RunWriter {
    if (existsSync(join(folder, 'run.json'))) {
      throw new MerfError(`${folder} already holds a run.`, 'Choose another folder, or continue it with --resume.');
    }
    writing(folder, () => mkdirSync(join(folder, 'rollouts'), { recursive: true }));
    const writer = new RunWriter(folder, record);
    writer.update({});
    return writer;
  }

  /** Opens a run at a step: what was written after that step is taken back. */
  static reopen(folder: string, step: number): RunWriter {
    const writer = new RunWriter(folder, readRecord(folder));
    writing(folder, () => {
      keepLines(
        join(folder, 'metrics.jsonl'),
        (value) => (MetricsLine.safeParse(value).data?.step ?? Infinity) <= step,
      );
      keepLines(join(folder, 'events.jsonl'), (value) => (EventLine.safeParse(value).data?.step ?? Infinity) <= step);
      const rollouts = join(folder, 'rollouts');
      mkdirSync(rollouts, { recursive: true });
      for (const name of readdirSync(rollouts)) {
        if ((rolloutSetOf(name)?.step ?? Infinity) > step) rmSync(join(rollouts, name), { force: true });
      }
      rmSync(join(folder, 'control'), { force: true });
    });
    return writer;
  }

  get record(): RunRecord {
    return this.current;
  }

  /** Replaces run.json with the record changed so. */
  update(change: Partial<RunRecord>): void {
    this.current = { ...this.current, ...change, updated: Date.now() };
    replaceFile(join(this.folder, 'run.json'), `${JSON.stringify(this.current, null, 1)}\n`);
  }

  appendMetrics(line: MetricsLine): void {
    appendLine(join(this.folder, 'metrics.jsonl'), line);
  }

  appendEvent(line: EventLine): void {
    appendLine(join(this.folder, 'events.jsonl'), line);
  }

  writeRollouts(set: RolloutSet, lines: readonly RolloutLine[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    replaceFile(join(this.folder, rolloutsFile(set)), text);
  }

  log(text: string): void {
    writing(this.folder, () => appendFileSync(join(this.folder, 'log.txt'), `${text}\n`));
  }
}

/** Writes beside, flushes, and renames: the file is the old or the new one, never a part. */
export function replaceFile(path: string, content: string): void {
  writing(dirname(path), () => {
    const temporary = join(dirname(path), `.${basename(path)}.tmp`);
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  });
}

/** Does some writing; a disk that is full, read-only or gone becomes a sentence with its remedy. */
export function writing<T>(where: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : null);
    const cause = { cause: error };
    if (code === null) throw error;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
      throw new MerfError(
        `The disk is full; ${where} cannot be written.`,
        'Free some space, then go on with: merf train --resume, or give the command again.',
        cause,
      );
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
      throw new MerfError(
        `${where} cannot be written (${code}).`,
        'Give yourself the right to write there, or choose another folder with --out.',
        cause,
      );
    }
    throw new MerfError(
      `${where} cannot be written (${code}).`,
      'Check that the folder is still there and the disk works, then go on with: merf train --resume.',
      cause,
    );
  }
}

/** The operating system's name of what went wrong: `ENOSPC`; null: it was not the system that refused. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : null;
}

function appendLine(path: string, value: unknown): void {
  writing(dirname(path), () => appendFileSync(path, `${JSON.stringify(value)}\n`));
}

/** Keeps the complete lines that pass; a half line at the end goes. */
function keepLines(path: string, keep: (value: unknown) => boolean): void {
  if (!existsSync(path)) return;
  const complete = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const kept = complete.filter((line) => {
    try {
      return keep(JSON.parse(line));
    } catch {
      return false;
    }
  });
  replaceFile(path, kept.map((line) => `${line}\n`).join(''));
}
