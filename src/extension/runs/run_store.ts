// The runs of this window: found again in the run folders of every workspace folder, whoever started them, and kept
// current while something trains. The disk is the truth: this is a view of it, with a timer.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type RunNews as News, RunReader } from '../../run/follow.ts';
import { isActive, MetricsLine, type RunRecord, type SignOfLife } from '../../run/format.ts';
import { rootOfRun, runFolders } from '../../run/location.ts';
import { readLines, readStatus } from '../../run/read.ts';
import { signOfLife, silentFor } from '../../run/sign_of_life.ts';
import { inOrder } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';

export interface KnownRun {
  folder: string;
  /** As it stands: an unfinished run whose process is gone counts as stopped. */
  record: RunRecord;
  /** When run.json was written, in milliseconds. */
  written: number;
  /** Steps read so far; of a run that this window has not seen training only the last ones. */
  lines: readonly MetricsLine[];
  /** The last sign of life of one that is at work. */
  sign: SignOfLife | null;
}

export type RunNews = News & { folder: string };

/** Runs that are read before others have their turn. */
const AT_A_TIME = 20;
/** Bytes of the last steps, and how many steps are kept: enough for what the lists show. */
const TAIL = 16_384;
const STEPS_KEPT = 200;
const WHILE_ACTIVE = 700;
const WHILE_IDLE = 4000;

export class RunStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly news = new vscode.EventEmitter<RunNews>();
  private readonly ended = new vscode.EventEmitter<KnownRun>();
  /** The list or a state has changed. */
  readonly onDidChange = this.changed.event;
  /** A followed run has new lines. */
  readonly onDidGrow = this.news.event;
  /** A run that was active has ended. */
  readonly onDidEnd = this.ended.event;

  private readonly extraRoots = new Set<string>();
  private readonly readers = new Map<string, RunReader>();
  private readonly unreadable = new Set<string>();
  private known: KnownRun[] = [];
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  private refreshing: Promise<void> | undefined;
  private readonly log: vscode.LogOutputChannel;
  private readonly roots: () => string[];

  /** `roots` names the folders that hold `.merf/runs`, as they are configured now. */
  constructor(roots: () => string[], log: vscode.LogOutputChannel) {
    this.roots = roots;
    this.log = log;
  }

  runs(): readonly KnownRun[] {
    return this.known;
  }

  find(folder: string): KnownRun | undefined {
    return this.known.find((run) => run.folder === folder);
  }

  /** Also looks under this root from now on (a file outside of every workspace folder was trained). */
  async include(root: string): Promise<void> {
    this.extraRoots.add(root);
    await this.refresh();
  }

  /** Looks at the disk now. */
  refresh(): Promise<void> {
    this.refreshing ??= this.look().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    const roots = [...new Set([...this.roots(), ...this.extraRoots])];
    const before = new Map(this.known.map((run) => [run.folder, run]));
    const folders = roots.flatMap((root) => this.foldersUnder(root));
    const found: KnownRun[] = [];
    for (const [i, folder] of folders.entries()) {
      if (i % AT_A_TIME === AT_A_TIME - 1) await new Promise(setImmediate); // hundreds of runs hold nobody up
      found.push(...this.runAt(folder, before));
    }
    const next = found.sort((a, b) => b.record.created - a.record.created);
    const same = JSON.stringify(next.map(stamp)) === JSON.stringify(this.known.map(stamp));
    this.known = next;
    if (!same) this.changed.fire();
    for (const run of next) {
      const past = before.get(run.folder);
      if (past && isActive(past.record.status) && !isActive(run.record.status)) this.ended.fire(run);
    }
    if (this.disposed) return;
    const busy = next.some(({ record }) => isActive(record.status));
    this.timer = setTimeout(() => void this.refresh(), busy ? WHILE_ACTIVE : WHILE_IDLE);
  }

  private foldersUnder(root: string): string[] {
    try {
      return runFolders(root);
    } catch (error) {
      this.log.warn(
        `The runs under ${root} cannot be listed: ${error instanceof Error ? error.message : String(error)}`,
      );
      return [];
    }
  }

  /** The run in a folder; nothing where run.json cannot be read. An ended run is read again only when it changed. */
  private runAt(folder: string, before: ReadonlyMap<string, KnownRun>): KnownRun[] {
    const past = before.get(folder);
    try {
      const written = statSync(join(folder, 'run.json')).mtimeMs;
      if (past && past.written === written && !isActive(past.record.status)) return [past];
      const record = readStatus(folder);
      if (!isActive(record.status) && !(past && isActive(past.record.status))) {
        this.readers.delete(folder);
        return [{ folder, record, written, lines: lastLines(folder), sign: null }];
      }
      const known = this.readers.get(folder);
      const reader = known ?? new RunReader(folder, TAIL);
      this.readers.set(folder, reader);
      const news = reader.read();
      const lines =
        news.restarted || !known || !past ? news.metrics : [...past.lines, ...news.metrics].slice(-STEPS_KEPT);
      const moved = past?.written !== written || past.record.status !== news.record.status;
      if (moved || news.metrics.length > 0 || news.events.length > 0) this.news.fire({ folder, ...news });
      return [{ folder, record: news.record, written, lines, sign: signOfLife(folder, news.record) }];
    } catch (error) {
      if (!this.unreadable.has(folder)) this.log.warn(`${folder}: ${explain(error)}`);
      this.unreadable.add(folder);
      return [];
    }
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    for (const emitter of [this.changed, this.news, this.ended]) emitter.dispose();
  }
}

/** The steps in the last part of the file: enough for what the lists show. */
function lastLines(folder: string): MetricsLine[] {
  const path = join(folder, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  return readLines(path, MetricsLine, Math.max(0, statSync(path).size - TAIL)).lines;
}

function stamp({ folder, record, written, lines, sign }: KnownRun): unknown {
  return [folder, record.status, record.step, written, lines.length, sign?.time, sign && silentFor(sign) !== null];
}

/** The runs of the same experiment under the same root, the run itself among them. */
export function siblingsOf(runs: readonly KnownRun[], folder: string): KnownRun[] {
  const own = runs.find((run) => run.folder === folder);
  if (!own) return [];
  const root = rootOfRun(folder);
  return inOrder(
    runs.filter((run) => run.record.experiment === own.record.experiment && rootOfRun(run.folder) === root),
  );
}
