// What a curves panel is sent: all runs of its experiment at first and whenever the list changes, then only new lines. Of
// a large run only what lists and axes need, the names of its metrics, and the curves of the first charts; the panel asks
// for others as they come into view.
// A line may be sent twice (once with everything, once as new): the panel counts a step once. Nothing of VS Code here.

import type { RunNews } from '../../run/follow.ts';
import type { MetricsLine } from '../../run/format.ts';
import { ALWAYS, curveLines } from '../../run/metrics/curve_lines.ts';
import { firstMetrics } from '../../run/metrics/first_metrics.ts';
import { MetricsIndex } from '../../run/metrics/metrics_index.ts';
import { MOST_POINTS } from '../../run/metrics/reduced.ts';
import { type SentCurves, sentCurves } from '../../run/metrics/sent_curves.ts';
import { readEvents, readStatus } from '../../run/read.ts';
import type { RunView } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';
import type { CurvesState, FromCurves, Language, ToCurves } from '../../webview/messages.ts';

/** A run with no more values is sent whole. */
const WHOLE = 20_000;
/** Values of the first charts of all large runs together; of the others they come when they are asked for. */
const MOST_FIRST = 60_000;
/** After so many new values of a run the panel is sent everything anew, reduced. */
const MOST_NEW = 200_000;

export interface CurvesSource {
  language: Language;
  /** Folders of the experiment's runs, as they are listed. */
  folders(): string[];
  onDidGrow(hear: (news: RunNews & { folder: string }) => void): { dispose(): void };
  onDidChange(hear: () => void): { dispose(): void };
}

interface Sent {
  index: MetricsIndex;
  /** Metrics that the panel has of it; null: all. */
  names: Set<string> | null;
  /** Values that were sent as new lines. */
  fresh: number;
}

export class CurvesFeed {
  private readonly source: CurvesSource;
  private readonly send: (message: ToCurves) => void;
  /** What a link asked for, until it is sent. */
  private wanted: CurvesState | null = null;
  private readonly listening: { dispose(): void }[];
  /** What the panel has, by folder; null: it has been sent nothing yet. */
  private sent: Map<string, Sent> | null = null;
  private readonly indices = new Map<string, MetricsIndex>();
  private sending: AbortController | null = null;
  private isDisposed = false;

  constructor(source: CurvesSource, send: (message: ToCurves) => void) {
    this.source = source;
    this.send = send;
    this.listening = [
      source.onDidGrow((news) => this.grow(news)),
      source.onDidChange(() => {
        if (this.sent && JSON.stringify(source.folders()) !== JSON.stringify([...this.sent.keys()]))
          void this.sendAll();
      }),
    ];
  }

  /** Shows the panel in another state. */
  restore(state: CurvesState): void {
    this.wanted = state;
    if (this.sent) void this.sendAll();
  }

  /** Sends what there is; another call before it is done takes its place. */
  async sendAll(): Promise<void> {
    this.sending?.abort();
    const sending = new AbortController();
    this.sending = sending;
    try {
      const sent = new Map<string, Sent>();
      const runs: RunView[] = [];
      const curves: SentCurves[] = [];
      let first = 0;
      for (const folder of this.source.folders()) {
        const index = this.indexOf(folder);
        await index.load();
        if (sending.signal.aborted || this.isDisposed) return;
        const { names, run } = viewOf(folder, index);
        sent.set(folder, { index, names, fresh: 0 });
        runs.push(run);
        if (names === null) continue;
        const shown = firstMetrics(run.record.specification, run.names ?? []);
        first += shown.length * Math.min(index.count, MOST_POINTS);
        if (first > MOST_FIRST) continue;
        for (const name of shown) names.add(name);
        curves.push(sentCurves(folder, index, shown, { range: null, smoothing: 0 }));
      }
      this.sent = sent;
      const experiment = runs[0]?.record.experiment ?? '';
      const state = this.wanted ? { state: this.wanted } : {};
      this.wanted = null;
      this.send({ kind: 'runs', language: this.source.language, experiment, runs, curves, ...state });
    } catch (error) {
      this.send({ kind: 'error', text: explain(error) });
    }
  }

  /** Metrics that the panel has come to show. */
  async series({ folder, names, range, smoothing }: Extract<FromCurves, { kind: 'series' }>): Promise<void> {
    const sent = this.sent?.get(folder);
    if (!sent) return;
    for (const name of names) sent.names?.add(name);
    await sent.index.load();
    if (this.isDisposed) return;
    this.send({ kind: 'series', ...sentCurves(folder, sent.index, names, { range, smoothing }) });
  }

  dispose(): void {
    this.isDisposed = true;
    for (const one of this.listening) one.dispose();
    for (const index of this.indices.values()) index.close();
  }

  private indexOf(folder: string): MetricsIndex {
    const index = this.indices.get(folder) ?? new MetricsIndex(folder);
    this.indices.set(folder, index);
    return index;
  }

  private grow({ folder, record, metrics, events, restarted }: RunNews & { folder: string }): void {
    const sent = this.sent?.get(folder);
    if (!sent) return;
    const { names } = sent;
    const lines = names === null ? metrics : metrics.map((line) => only(line, names));
    sent.fresh += lines.reduce((sum, { values }) => sum + Object.keys(values).length, 0);
    if (restarted || sent.fresh > MOST_NEW) void this.sendAll();
    else this.send({ kind: 'more', folder, record, metrics: lines, events });
  }
}

/** What a panel is sent of a run at first, and which metrics that holds; null: all. */
function viewOf(folder: string, index: MetricsIndex): { names: Set<string> | null; run: RunView } {
  const all = index.names();
  const isWhole = all.length * index.count <= WHOLE && index.count <= MOST_POINTS;
  const metrics = curveLines(index, isWhole ? all : ALWAYS);
  const view = { folder, record: readStatus(folder), metrics, events: readEvents(folder) };
  return isWhole ? { names: null, run: view } : { names: new Set(ALWAYS), run: { ...view, names: all } };
}

function only(line: MetricsLine, names: ReadonlySet<string>): MetricsLine {
  return { ...line, values: Object.fromEntries(Object.entries(line.values).filter(([name]) => names.has(name))) };
}
