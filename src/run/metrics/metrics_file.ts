// The file of a run's metrics by column: read part by part as far as it fits metrics.jsonl, appended to by one process at
// a time, and cut off where it does not fit. Columns stay on the disk until they are asked for.

import { appendFileSync, existsSync, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Column } from '../columns/column.ts';
import { blockBytes, type ColumnBlock, ColumnReader, fileBytes } from '../columns/column_file.ts';
import { ownFolder, stateInside } from '../inside.ts';
import { takeLock } from '../lock.ts';
import { readRange } from '../rollouts/lines.ts';

const FOLDER = 'index';
const COLUMNS = join(FOLDER, 'metrics.columns');
/** Bytes at the end of a part's lines by which they are known again. */
const TAIL = 64;

const offset = z.number().int().min(0);
/** Which bytes of metrics.jsonl a part was made of. */
const About = z.object({ from: offset, to: offset, tail: z.string() });

/** Some lines of metrics by column; what a line did not have is NaN. */
export interface MetricsPart {
  from: number;
  to: number;
  count: number;
  names: readonly string[];
  step: Column;
  time: Column;
  column(name: string): Column | null;
}

/** The same before it is written. */
export interface NewPart {
  from: number;
  to: number;
  step: Column;
  time: Column;
  columns: ReadonlyMap<string, Column>;
}

export class MetricsFile {
  private readonly folder: string;
  private readonly path: string;
  private readonly lines: string;
  private reader: ColumnReader | null = null;
  private end = 0;
  private lock: (() => void) | null = null;
  /** Something was not written: nothing can follow it. */
  private isBroken = false;

  /** `lines`: the name of the file that it is made of. */
  constructor(folder: string, lines: string) {
    this.folder = folder;
    this.lines = lines;
    this.path = join(folder, COLUMNS);
  }

  /** Those that fit, from the first on. */
  *parts(): Generator<MetricsPart> {
    this.close();
    try {
      if (stateInside(this.folder, COLUMNS) === null) return;
    } catch {
      this.isBroken = true; // it is not a file of this run: neither read nor written
      return;
    }
    const size = stateInside(this.folder, this.lines)?.bytes ?? 0;
    const reader = new ColumnReader(this.path);
    this.reader = reader;
    let to = 0;
    for (let block = reader.next(); block; block = reader.next()) {
      const part = this.partOf(block);
      if (!part || part.from < to || part.to > size) break;
      this.end = reader.end;
      to = part.to;
      yield part;
    }
  }

  /** Puts a part down, and gives it back as it is read; in memory where it cannot be written. */
  append(part: NewPart): MetricsPart {
    const { from, to, step, time, columns } = part;
    const names = [...columns.keys()];
    const inMemory = {
      from,
      to,
      count: step.length,
      names,
      step,
      time,
      column: (name: string) => columns.get(name) ?? null,
    };
    if (!this.take()) return inMemory;
    const about: z.infer<typeof About> = { from, to, tail: this.tailOf(to) };
    const named = [...columns].map(([name, column]): [string, Column] => [`=${name}`, column]);
    try {
      appendFileSync(this.path, blockBytes(about, new Map([['step', step], ['time', time], ...named])));
      this.reader ??= new ColumnReader(this.path);
      const block = this.reader.next();
      const written = block && this.partOf(block);
      this.end = this.reader.end;
      if (written) return written;
    } catch {
      // the disk is full, or the folder has gone
    }
    this.isBroken = true;
    return inMemory;
  }

  /** Others may append. */
  release(): void {
    this.lock?.();
    this.lock = null;
  }

  close(): void {
    this.release();
    this.reader?.close();
    this.reader = null;
    this.end = 0;
    this.isBroken = false;
  }

  /** Whether this process may append now: it holds the lock, and the file ends where it was read to. */
  private take(): boolean {
    if (this.isBroken) return false;
    if (this.lock) return true;
    try {
      mkdirSync(ownFolder(this.folder, FOLDER), { recursive: true });
      this.lock = takeLock(join(this.folder, FOLDER, 'metrics.lock'));
      if (!this.lock) throw new Error('held');
      if (this.end === 0) {
        this.reader?.close();
        this.reader = null;
        rmSync(this.path, { force: true });
        appendFileSync(this.path, fileBytes());
      } else if (existsSync(this.path) && statSync(this.path).size > this.end) this.cut();
      return true;
    } catch {
      this.isBroken = true;
      return false;
    }
  }

  /** What follows the last part that fits is thrown away. */
  private cut(): void {
    truncateSync(this.path, this.end);
    this.reader?.close();
    const reader = new ColumnReader(this.path);
    this.reader = reader;
    while (reader.end < this.end && reader.next());
  }

  private partOf({ about, places, column: columnOf }: ColumnBlock): MetricsPart | null {
    const found = About.safeParse(about).data;
    // copies, as what is read is one piece of memory for all columns
    const [step, time] = [columnOf('step')?.slice(), columnOf('time')?.slice()];
    if (!found || !step || !time || found.tail !== this.tailOf(found.to)) return null;
    if ([...places.values()].some(({ count }) => count !== step.length)) return null;
    const names = [...places.keys()].filter((name) => name.startsWith('=')).map((name) => name.slice(1));
    const { from, to } = found;
    return {
      from,
      to,
      count: step.length,
      names,
      step,
      time,
      column: (name) => {
        const place = places.get(`=${name}`);
        return place && this.reader ? this.reader.column(place) : null;
      },
    };
  }

  private tailOf(to: number): string {
    const from = Math.max(0, to - TAIL);
    return readRange(join(this.folder, this.lines), from, to - from).toString('base64');
  }
}
