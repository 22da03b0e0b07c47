// What a compare panel is sent: its runs at first, then what is new in them while they go on, and the responses to one
// row when they are asked for. Nothing of VS Code here: tests talk to it as the panel does.

import type { RunNews } from '../run/follow.ts';
import { readRollouts, readRun, rolloutSets } from '../run/read.ts';
import { type RolloutSet, sampleOf } from '../run/view.ts';
import { explain } from '../spec/error.ts';
import type { Language } from '../webview/messages.ts';
import type { CompareState, FromCompare, TaskRow, ToCompare } from '../webview/messages_compare.ts';

type Load = Extract<FromCompare, { kind: 'load' }>;

export class CompareFeed {
  readonly folders: readonly string[];
  private readonly language: Language;
  private readonly send: (message: ToCompare) => void;
  private isSent = false;

  constructor(folders: readonly string[], language: Language, send: (message: ToCompare) => void) {
    this.folders = folders;
    this.language = language;
    this.send = send;
  }

  /** @throws MerfError when a run cannot be read. */
  sendAll(state: CompareState | null = null): void {
    this.send({
      kind: 'runs',
      language: this.language,
      runs: this.folders.map((folder) => readRun(folder)),
      sets: this.folders.map(rolloutSets),
      ...(state && { state }),
    });
    this.isSent = true;
  }

  /** A run of this window has grown. */
  hear({ folder, record, metrics, events, restarted }: RunNews & { folder: string }): void {
    if (!this.isSent || !this.folders.includes(folder)) return;
    try {
      if (restarted) this.sendAll();
      else this.send({ kind: 'more', folder, record, metrics, events, sets: rolloutSets(folder) });
    } catch (error) {
      this.send({ kind: 'error', text: explain(error) });
    }
  }

  load({ folders, set, row }: Load): void {
    const asked = folders.filter((folder) => this.folders.includes(folder));
    this.send({ kind: 'rollouts', set, ...answersTo(asked, set, row) });
  }
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
