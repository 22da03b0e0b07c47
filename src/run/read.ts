// Reads a run from disk. Every line is checked; a line that cannot be read is left out and counted, a half line at
// the end (a writer at work, or a crash) waits for its rest. Long files are read from an offset on (follow.ts).

import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { EventLine, isActive, MetricsLine, RolloutLine, RunRecord } from './format.ts';
import { rolloutSetOf, rolloutsFile, runFolders } from './location.ts';
import { isAlive } from './process.ts';
import type { RolloutSet, RunView } from './view.ts';

/** run.json as it is written. @throws MerfError when it is missing or not of this format. */
export function readRecord(folder: string): RunRecord {
  const path = join(folder, 'run.json');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      const remedy = `Put a copy of it back, or begin a run with the last checkpoint: merf train FILE --model ${join(folder, 'checkpoints', 'step-…')}.`;
      throw new MerfError(`${path} is damaged: it is not JSON.`, remedy, { cause: error });
    }
    throw new MerfError(`${path} cannot be read.`, 'Give the folder of a run, such as .merf/runs/<id>.', {
      cause: error,
    });
  }
  const record = RunRecord.safeParse(json);
  if (record.success) return record.data;
  const issue = record.error.issues[0];
  throw new MerfError(
    `${path} is not a run this version can read (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`,
    'Open it with the version that wrote it.',
  );
}

/** The record as it stands: a run whose process has gone is stopped, whatever its file says. */
export function readStatus(folder: string): RunRecord {
  const record = readRecord(folder);
  if (!isActive(record.status) || isAlive(record.pid)) return record;
  return { ...record, status: 'stopped', pid: null, reason: 'The process ended before the run did.' };
}

/** Every readable run under a root. */
export function listRuns(root: string): { folder: string; record: RunRecord }[] {
  return runFolders(root).flatMap((folder) => {
    try {
      return [{ folder, record: readStatus(folder) }];
    } catch {
      return [];
    }
  });
}

/** Everything the curves need. */
export function readRun(folder: string): RunView {
  return {
    folder,
    record: readStatus(folder),
    metrics: readLines(join(folder, 'metrics.jsonl'), MetricsLine).lines,
    events: readEvents(folder),
  };
}

export function readEvents(folder: string): EventLine[] {
  return readLines(join(folder, 'events.jsonl'), EventLine).lines;
}

/** Which rollouts a run has, training steps before held-out ones, by step. */
export function rolloutSets(folder: string): RolloutSet[] {
  const rollouts = join(folder, 'rollouts');
  if (!existsSync(rollouts)) return [];
  return readdirSync(rollouts)
    .flatMap((name) => rolloutSetOf(name) ?? [])
    .sort((a, b) => (a.kind === b.kind ? a.step - b.step : a.kind < b.kind ? 1 : -1));
}

export function readRollouts(folder: string, set: RolloutSet): RolloutLine[] {
  return readLines(join(folder, rolloutsFile(set)), RolloutLine).lines;
}

export interface Lines<T> {
  lines: T[];
  /** Where the next reading starts: after the last complete line. */
  next: number;
  /** Numbers (from 1, counted from the offset) of complete lines that could not be read. */
  unreadable: number[];
}

/** The complete lines of a file from a byte offset on; a missing file has none. */
export function readLines<T>(path: string, schema: z.ZodType<T>, offset = 0): Lines<T> {
  const bytes = readFrom(path, offset);
  const end = bytes.lastIndexOf(0x0a) + 1;
  const result: Lines<T> = { lines: [], next: offset + end, unreadable: [] };
  const texts = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  texts.forEach((text, i) => {
    const value = parse(text, schema);
    if (value === undefined) result.unreadable.push(i + 1);
    else result.lines.push(value);
  });
  return result;
}

function parse<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function readFrom(path: string, offset: number): Buffer {
  if (!existsSync(path)) return Buffer.alloc(0);
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    let filled = 0;
    while (filled < buffer.length) {
      const read = readSync(file, buffer, filled, buffer.length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return buffer.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
