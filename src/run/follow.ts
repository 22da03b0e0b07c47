// Follows a run that grows: a reader that remembers how far it has read, and a watcher that says when to look again.
// A file that was put in the place of another (a resumed run took lines back) is read anew.

import { existsSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { EventLine, MetricsLine, type RunRecord } from './format.ts';
import { readLines, readStatus } from './read.ts';

/** What came since the last look. `restarted`: forget the lines before, these are all. */
export interface RunNews {
  record: RunRecord;
  metrics: MetricsLine[];
  events: EventLine[];
  restarted: boolean;
}

/** How far a file has been read, and which file it was: taking lines back puts another in its place. */
interface Mark {
  offset: number;
  inode: number;
}

const START: Mark = { offset: 0, inode: 0 };

export class RunReader {
  readonly folder: string;
  private readonly marks = { metrics: START, events: START };

  /** `tail`: bytes at the end of the metrics to begin with, where what came before does not matter. */
  constructor(folder: string, tail = Number.POSITIVE_INFINITY) {
    this.folder = folder;
    const { size, inode } = this.state('metrics');
    if (size > tail) this.marks.metrics = { offset: size - tail, inode };
  }

  /** The new lines since the last call; at the first call, all, or those in the tail. @throws MerfError when run.json cannot be read. */
  read(): RunNews {
    const restarted = this.replaced('metrics') || this.replaced('events');
    if (restarted) this.marks.metrics = this.marks.events = START;
    return {
      record: readStatus(this.folder),
      metrics: this.take('metrics', MetricsLine),
      events: this.take('events', EventLine),
      restarted,
    };
  }

  private take<T>(name: 'metrics' | 'events', schema: z.ZodType<T>): T[] {
    const mark = this.marks[name];
    const inode = mark.offset === 0 ? this.state(name).inode : mark.inode;
    const { lines, next } = readLines(this.path(name), schema, mark.offset);
    this.marks[name] = { offset: next, inode };
    return lines;
  }

  /** What was read is no longer what stands there: the file went, became shorter, or is another one. */
  private replaced(name: 'metrics' | 'events'): boolean {
    const mark = this.marks[name];
    const { size, inode } = this.state(name);
    return mark.offset > 0 && (size < mark.offset || inode !== mark.inode);
  }

  private state(name: 'metrics' | 'events'): { size: number; inode: number } {
    const found = statSync(this.path(name), { throwIfNoEntry: false });
    return { size: found?.size ?? 0, inode: found?.ino ?? 0 };
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
