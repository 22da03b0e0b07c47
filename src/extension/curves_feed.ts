// What a curves panel is sent: all runs of its experiment at first and whenever the list changes, then only new lines.
// A line may be sent twice (once with everything, once as new): the panel counts a step once.

import { readRun } from '../run/read.ts';
import { explain } from '../spec/error.ts';
import type { CurvesState, ToCurves } from '../webview/messages.ts';
import { type RunStore, siblingsOf } from './run_store.ts';
import { uiLanguage } from './words.ts';

export class CurvesFeed {
  private readonly store: RunStore;
  private readonly folder: string;
  private readonly send: (message: ToCurves) => void;
  /** What a link asked for, until it is sent. */
  private wanted: CurvesState | null = null;
  private readonly listening: { dispose(): void }[];
  /** Folders the panel has; null: it has been sent nothing yet. */
  private sent: string[] | null = null;

  constructor(store: RunStore, folder: string, send: (message: ToCurves) => void) {
    this.store = store;
    this.folder = folder;
    this.send = send;
    this.listening = [
      store.onDidGrow((news) => {
        if (!this.sent?.includes(news.folder)) return;
        if (news.restarted) this.sendAll();
        else
          send({ kind: 'more', folder: news.folder, record: news.record, metrics: news.metrics, events: news.events });
      }),
      store.onDidChange(() => {
        const now = siblingsOf(store.runs(), folder).map((run) => run.folder);
        if (this.sent && JSON.stringify(now) !== JSON.stringify(this.sent)) this.sendAll();
      }),
    ];
  }

  /** Shows the panel in another state. */
  restore(state: CurvesState): void {
    this.wanted = state;
    if (this.sent) this.sendAll();
  }

  sendAll(): void {
    try {
      const siblings = siblingsOf(this.store.runs(), this.folder);
      this.sent = siblings.map((run) => run.folder);
      const runs = siblings.map((run) => readRun(run.folder));
      const experiment = runs[0]?.record.experiment ?? '';
      const state = this.wanted ? { state: this.wanted } : {};
      this.wanted = null;
      this.send({ kind: 'runs', language: uiLanguage(), experiment, runs, ...state });
    } catch (error) {
      this.send({ kind: 'error', text: explain(error) });
    }
  }

  dispose(): void {
    for (const one of this.listening) one.dispose();
  }
}
