// Follows a run that grows: a reader that remembers how far it has read, and a watcher that says when to look again.
// A file that became shorter (a resumed run took lines back) is read anew.

import { existsSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { EventLine, MetricsLine, type RunRecord } from './format.ts';
import { readLines, readStatus } from './read.ts';
import type { RunView } from './view.ts';

/** What came since the last look. `restarted`: forget the lines before, these are all. */
export interface RunNews {
  record: RunRecord;
  metrics: MetricsLine[];
  events: EventLine[];
  restarted: boolean;
}

export class RunReader {
  readonly folder: string;
  private readonly offsets = { metrics: 0, events: 0 };

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The new lines since the last call; at the first call, all. @throws MerfError when run.json cannot be read. */
  read(): RunNews {
    const restarted = this.shrank('metrics') || this.shrank('events');
    if (restarted) this.offsets.metrics = this.offsets.events = 0;
    return {
      record: readStatus(this.folder),
      metrics: this.take('metrics', MetricsLine),
      events: this.take('events', EventLine),
      restarted,
    };
  }

  private take<T>(name: 'metrics' | 'events', schema: z.ZodType<T>): T[] {
    const { lines, next } = readLines(this.path(name), schema, this.offsets[name]);
    this.offsets[name] = next;
    return lines;
  }

  private shrank(name: 'metrics' | 'events'): boolean {
    const path = this.path(name);
    return this.offsets[name] > 0 && (!existsSync(path) || statSync(path).size < this.offsets[name]);
  }

  private path(name: 'metrics' | 'events'): string {
    return join(this.folder, `${name}.jsonl`);
  }
}

/** Calls back soon after something in the folder changed, and every `interval` ms in any case; stops when called. */
export function watchFolder(folder: string, changed: () => void, interval = 2000): () => void {
  let soon: NodeJS.Timeout | undefined;
  const later = () => {
    soon ??= setTimeout(() => {
      soon = undefined;
      changed();
    }, 100);
  };
  const poll = setInterval(changed, interval);
  const watcher = existsSync(folder) ? watch(folder, later) : undefined;
  // a watcher may fail (too many watches, a removed folder); polling goes on
  watcher?.on('error', () => watcher.close());
  return () => {
    clearInterval(poll);
    clearTimeout(soon);
    watcher?.close();
  };
}

/** The view with the news applied. */
export function withNews(view: RunView | null, folder: string, news: RunNews): RunView {
  const before = view === null || news.restarted ? { metrics: [], events: [] } : view;
  return {
    folder,
    record: news.record,
    metrics: [...before.metrics, ...news.metrics],
    events: [...before.events, ...news.events],
  };
}
