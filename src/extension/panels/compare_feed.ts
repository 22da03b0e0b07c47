// What a compare panel is sent: its runs at first, then what is new in them while they go on, and the responses to one
// row when they are asked for. Of the metrics only the steps that are compared: the last ones that every run has got to.
// Nothing of VS Code here: tests talk to it as the panel does.

import { LAST_STEPS } from '../../run/compare.ts';
import type { RunNews } from '../../run/follow.ts';
import type { MetricsLine } from '../../run/format.ts';
import { curveLines } from '../../run/metrics/curve_lines.ts';
import { MetricsIndex } from '../../run/metrics/metrics_index.ts';
import type { Series } from '../../run/metrics/series.ts';
import { readEvents, readRollouts, readStatus, rolloutSets } from '../../run/read.ts';
import { type RolloutSet, sampleOf } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';
import type { Language } from '../../webview/messages.ts';
import type { CompareState, FromCompare, TaskRow, ToCompare } from '../../webview/messages_compare.ts';

type Load = Extract<FromCompare, { kind: 'load' }>;

export class CompareFeed {
  readonly folders: readonly string[];
  private readonly language: Language;
  private readonly send: (message: ToCompare) => void;
  private readonly indices = new Map<string, MetricsIndex>();
  /** The step up to which the panel compares; null: it has been sent nothing yet. */
  private sentTo: number | null = null;
  private isDisposed = false;

  constructor(folders: readonly string[], language: Language, send: (message: ToCompare) => void) {
    this.folders = folders;
    this.language = language;
    this.send = send;
  }

  async sendAll(state: CompareState | null = null): Promise<void> {
    try {
      for (const folder of this.folders) await this.indexOf(folder).load();
      if (this.isDisposed) return;
      this.send({
        kind: 'runs',
        language: this.language,
        runs: this.folders.map((folder) => ({
          ...{ folder, record: readStatus(folder), events: readEvents(folder) },
          metrics: this.linesOf(folder),
        })),
        sets: this.folders.map(rolloutSets),
        ...(state && { state }),
      });
      this.sentTo = this.common();
    } catch (error) {
      this.send({ kind: 'error', text: explain(error) });
    }
  }

  /** A run of this window has grown. */
  async hear({ folder, record, events, restarted }: Omit<RunNews, 'metrics'> & { folder: string }): Promise<void> {
    if (this.sentTo === null || !this.folders.includes(folder)) return;
    if (restarted) return this.sendAll();
    try {
      await this.indexOf(folder).load();
      if (this.isDisposed) return;
      this.send({ kind: 'more', folder, record, metrics: this.linesOf(folder), events, sets: rolloutSets(folder) });
      // where the step that all have got to moves on, the others' lines of it are wanted too
      if (this.common() === this.sentTo) return;
      this.sentTo = this.common();
      for (const other of this.folders.filter((one) => one !== folder)) {
        const metrics = this.linesOf(other);
        const more = { record: readStatus(other), metrics, events: [], sets: rolloutSets(other) };
        this.send({ kind: 'more', folder: other, ...more });
      }
    } catch (error) {
      this.send({ kind: 'error', text: explain(error) });
    }
  }

  dispose(): void {
    this.isDisposed = true;
    for (const index of this.indices.values()) index.close();
  }

  load({ folders, set, row }: Load): void {
    const asked = folders.filter((folder) => this.folders.includes(folder));
    this.send({ kind: 'rollouts', set, ...answersTo(asked, set, row) });
  }

  private indexOf(folder: string): MetricsIndex {
    const index = this.indices.get(folder) ?? new MetricsIndex(folder);
    this.indices.set(folder, index);
    return index;
  }

  /** The last step that every run has got to. */
  private common(): number {
    return Math.min(...this.folders.map((folder) => this.indexOf(folder).latest().at(-1)?.step ?? 0));
  }

  /** The last line, without what it holds, and the lines that are compared. */
  private linesOf(folder: string): MetricsLine[] {
    const index = this.indexOf(folder);
    const common = this.common();
    const series = (name: string) => within(index.series(name), common - LAST_STEPS + 1, common);
    return curveLines({ series, latest: () => index.latest() }, index.names());
  }
}

/** The points from one step to another, both included. */
function within({ step, time, values }: Series, first: number, last: number): Series {
  const has = (_: number, i: number) => (step[i] ?? 0) >= first && (step[i] ?? 0) <= last;
  return { step: step.filter(has), time: time.filter(has), values: values.filter(has) };
}

/** The rows that every run answered in its set nearest to this one, and the responses to the row that is wanted. */
function answersTo(folders: readonly string[], set: RolloutSet, wanted: TaskRow | null) {
  const columns = folders.map((folder) => {
    const same = rolloutSets(folder).filter(({ kind }) => kind === set.kind);
    const [own] = same.sort((a, b) => Math.abs(a.step - set.step) - Math.abs(b.step - set.step));
    const lines = own ? readRollouts(folder, own) : [];
    return { folder, set: own ?? null, lines };
  });
  const keyOf = (line: { split: string; row_index: number }) => `${line.split} ${line.row_index}`;
  const [first, ...others] = columns.map(({ lines }) => new Map(lines.map((line) => [keyOf(line), line])));
  const common = [...(first ?? new Map())].filter(([key]) => others.every((other) => other.has(key)));
  const rows = common.map(([, line]): TaskRow => ({ split: line.split, index: line.row_index }));
  const row = rows.find((one) => one.split === wanted?.split && one.index === wanted.index) ?? rows[0] ?? null;
  const answers = columns.map(({ folder, set: own, lines }) => ({
    folder,
    set: own,
    samples: lines.flatMap((line, index) =>
      row && line.split === row.split && line.row_index === row.index ? [sampleOf(line, index, false)] : [],
    ),
  }));
  return { rows, row, columns: answers };
}
