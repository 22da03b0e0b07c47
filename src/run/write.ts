// Writes a run. A file is replaced whole (written beside, flushed, renamed) or a line is appended by one write, so
// that after a crash at any moment every line but perhaps the last is complete; reopening cuts such a half line off.
// Reopening at a checkpoint also takes back what was written after it: no gap, no double. What a full disk refuses leaves
// no trace, so that it can be tried again; a small reserve lets the run say even then how it stands.

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
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MerfError } from '../spec/error.ts';
import { EventLine, MetricsLine, type RolloutLine, type RunRecord } from './format.ts';
import { rolloutSetOf, rolloutsFile } from './location.ts';
import { readRecord } from './read.ts';
import type { RolloutSet } from './view.ts';

/** Bytes that are given up when the disk is full: room for run.json. */
const RESERVE = 1 << 16;

/** The disk, or the person's part of it, has no room left: it can be tried again when there is some. */
export class DiskFull extends MerfError {}

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
    writer.fillReserve();
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
    writer.fillReserve();
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

  /** A full disk holds nobody up for the sake of the log. */
  log(text: string): void {
    unlessFull(() => appendText(join(this.folder, 'log.txt'), `${text}\n`));
  }

  /** Puts bytes aside for the moment when there is no room. */
  fillReserve(): void {
    replaceFile(this.reserve, Buffer.alloc(RESERVE));
  }

  /** Does some writing in the place of what was put aside, as far as that goes. */
  useReserve(write: (writer: RunWriter) => void): void {
    rmSync(this.reserve, { force: true });
    unlessFull(() => write(this));
  }

  /** Nothing has to be put aside for a run that nobody writes. */
  releaseReserve(): void {
    rmSync(this.reserve, { force: true });
  }

  private get reserve(): string {
    return join(this.folder, '.reserve');
  }
}

function unlessFull(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof DiskFull)) throw error;
  }
}

/** Writes beside, flushes, and renames: the file is the old or the new one, never a part. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  writing(dirname(path), () => {
    const temporary = join(dirname(path), `.${basename(path)}.tmp`);
    try {
      const file = openSync(temporary, 'w');
      try {
        writeFileSync(file, content);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
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
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new DiskFull(
        `The disk is full; ${where} cannot be written.`,
        'Free some space, then go on with: merf train --resume, or give the command again.',
        cause,
      );
    }
    if (code === 'EFBIG') {
      throw new MerfError(
        `A file in ${where} would become larger than this process may write.`,
        'Raise the limit (ulimit -f), then go on with: merf train --resume.',
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
  appendText(path, `${JSON.stringify(value)}\n`);
}

/** Appended whole, or not at all. */
function appendText(path: string, text: string): void {
  const before = statSync(path, { throwIfNoEntry: false })?.size;
  writing(dirname(path), () => {
    try {
      appendFileSync(path, text);
    } catch (error) {
      const now = statSync(path, { throwIfNoEntry: false });
      if (now?.isFile() && now.size > (before ?? 0)) truncateSync(path, before ?? 0);
      throw error;
    }
  });
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
