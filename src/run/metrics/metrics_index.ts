// The metrics of a run by column, kept beside it: index/metrics.columns has a block for every 128 lines of metrics.jsonl,
// so that one metric is read without parsing the others. The last lines, which fill no block yet, stay in memory. A block
// knows which bytes of metrics.jsonl it was made of and how they ended; one that does not fit them any more (a resumed
// run took lines back) is made anew with all that follow. Whoever cannot write keeps its blocks in memory.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { atOnce } from '../columns/at_once.ts';
import { type Column, narrowed } from '../columns/column.ts';
import { inTurns } from '../columns/turns.ts';
import { MetricsLine } from '../format.ts';
import { stateInside } from '../inside.ts';
import { fileLines, LONGEST_LINE } from '../rollouts/lines.ts';
import { MetricsFile, type MetricsPart } from './metrics_file.ts';
import type { Series } from './series.ts';

const LINES = 'metrics.jsonl';
const LINES_IN_BLOCK = 128;

export class MetricsIndex {
  private readonly folder: string;
  private readonly file: MetricsFile;
  private parts: MetricsPart[] = [];
  /** Lines that fill no part yet: at least the last one. */
  private rest: { line: MetricsLine; from: number; to: number }[] = [];
  /** How far metrics.jsonl has been read, and which file that was. */
  private next = 0;
  private inode = 0;
  private loading: Promise<void> | null = null;

  constructor(folder: string) {
    this.folder = folder;
    this.file = new MetricsFile(folder, LINES);
  }

  /** Reads what there is, and what has come since. @throws MerfError when metrics.jsonl is not a file of the run. */
  load(signal?: AbortSignal): Promise<void> {
    this.loading ??= inTurns(this.reading(), signal)
      .then(() => {})
      .finally(() => {
        this.loading = null;
      });
    return this.loading;
  }

  /** The same at once, for who has no others to wait for. */
  loadNow(): void {
    atOnce(this.reading());
  }

  /** Every metric that a line had, in the order in which they came. */
  names(): string[] {
    const names = new Set<string>();
    for (const part of this.parts) for (const name of part.names) names.add(name);
    for (const { line } of this.rest) for (const name of Object.keys(line.values)) names.add(name);
    return [...names];
  }

  /** Lines that have been read. */
  get count(): number {
    return this.parts.reduce((sum, { count }) => sum + count, this.rest.length);
  }

  /** The last lines that fill no part: of any run that has a line, its last one. */
  latest(): MetricsLine[] {
    return this.rest.map(({ line }) => line);
  }

  /** A metric's points, where it was written. */
  series(name: string): Series {
    const series: Series = { step: [], time: [], values: [] };
    const put = (step: number, time: number, value: number) => {
      if (Number.isNaN(value)) return;
      series.step.push(step);
      series.time.push(time);
      series.values.push(value);
    };
    for (const part of this.parts) {
      const values = part.column(name);
      if (!values) continue;
      const { step, time } = part;
      for (let i = 0; i < values.length; i++)
        put(step[i] ?? Number.NaN, time[i] ?? Number.NaN, values[i] ?? Number.NaN);
    }
    for (const { line } of this.rest)
      if (Object.hasOwn(line.values, name)) put(line.step, line.time, line.values[name] ?? Number.NaN);
    return series;
  }

  close(): void {
    this.file.close();
  }

  private *reading(): Generator<void> {
    const state = stateInside(this.folder, LINES);
    if (state === null) return this.forget();
    const path = join(this.folder, LINES);
    const { ino } = statSync(path);
    if (this.inode !== ino || state.bytes < this.next) this.forget();
    this.inode = ino;
    try {
      if (this.next === 0) {
        for (const part of this.file.parts()) {
          this.parts.push(part);
          this.next = part.to;
          yield;
        }
      }
      for (const { offset, length, bytes } of fileLines(path, LONGEST_LINE, this.next)) {
        const line = bytes === null ? null : parsed(bytes.toString('utf8'));
        if (line) this.rest.push({ line, from: offset, to: offset + length + 1 });
        this.next = offset + length + 1;
        if (this.rest.length > LINES_IN_BLOCK) this.fill();
        yield;
      }
    } finally {
      this.file.release();
    }
  }

  /** Makes a part of the first lines. */
  private fill(): void {
    const lines = this.rest.splice(0, LINES_IN_BLOCK);
    const columns = new Map<string, number[]>();
    for (const [i, { line }] of lines.entries()) {
      for (const [name, value] of Object.entries(line.values)) {
        const column = columns.get(name) ?? [];
        columns.set(name, column);
        while (column.length < i) column.push(Number.NaN);
        column.push(value);
      }
    }
    const whole = (values: number[]): Column => {
      while (values.length < lines.length) values.push(Number.NaN);
      return narrowed(values);
    };
    const part = {
      from: lines[0]?.from ?? 0,
      to: lines.at(-1)?.to ?? 0,
      step: narrowed(lines.map(({ line }) => line.step)),
      time: narrowed(lines.map(({ line }) => line.time)),
      columns: new Map([...columns].map(([name, values]) => [name, whole(values)])),
    };
    this.parts.push(this.file.append(part));
  }

  private forget(): void {
    this.parts = [];
    this.rest = [];
    this.next = 0;
    this.inode = 0;
    this.file.close();
  }
}

function parsed(text: string): MetricsLine | null {
  try {
    return MetricsLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
