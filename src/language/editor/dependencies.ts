// The files that the check of a text has looked at or for: when one of them appears, changes or goes, the text is checked
// again. An editor that watches files says so; for one that does not, their times and sizes are compared at the next check.

import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Surroundings } from '../surroundings.ts';
import { pathOf } from './uri.ts';

export class Dependencies {
  private readonly folder: string;
  /** By path: how the file was when it was asked for. */
  private readonly stamps = new Map<string, string>();

  /** @param file path of the text that is checked */
  constructor(file: string) {
    this.folder = dirname(file);
  }

  /** The same answers; every file that is asked for is noted. */
  of(around: Surroundings): Surroundings {
    return {
      ...around,
      text: (path) => {
        this.note(path);
        return around.text(path);
      },
      data: (source) => {
        this.note(source.path);
        return around.data(source);
      },
      model: (name) => {
        this.note(`${name}/config.json`);
        return around.model(name);
      },
    };
  }

  has(uri: string): boolean {
    return this.stamps.has(pathOf(uri) ?? '');
  }

  /** Something is not as it was. */
  isStale(): boolean {
    for (const [path, stamp] of this.stamps) if (stampOf(path) !== stamp) return true;
    return false;
  }

  private note(written: string): void {
    const path = resolve(this.folder, written);
    if (!this.stamps.has(path)) this.stamps.set(path, stampOf(path));
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'none';
  }
}

/** What an editor is asked to watch. */
export const WATCHED = '**/*.{merf,jsonl,csv,parquet,py,js,mjs}';
