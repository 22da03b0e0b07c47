// Judges' answers on disk, by a digest of everything that was asked: a file each, written beside and renamed, so that
// any number of processes may share the folder and a crash leaves no half of one. What cannot be read or written is as
// if it were not there. The folder is bounded: the oldest answers go.

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Entry = z.object({ format: z.literal(1), value: z.union([z.boolean(), z.number(), z.string()]) });

const MOST_ENTRIES = 100_000;
/** Every so many new answers the folder is looked through. */
const LOOK_EVERY = 1000;

export class AnswerCache {
  private readonly folder: string;
  private readonly most: number;
  private written = 0;

  constructor(folder: string, most = MOST_ENTRIES) {
    this.folder = folder;
    this.most = most;
  }

  /** `asked` is everything that the answer depends on, as JSON. */
  static key(asked: unknown): string {
    return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  }

  async get(key: string): Promise<boolean | number | string | null> {
    try {
      const path = this.path(key);
      const entry = Entry.parse(JSON.parse(await readFile(path, 'utf8')));
      const now = new Date();
      await utimes(path, now, now);
      return entry.value;
    } catch {
      return null;
    }
  }

  async put(key: string, value: boolean | number | string): Promise<void> {
    const path = this.path(key);
    const beside = `${path}.${randomUUID()}`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(beside, JSON.stringify({ format: 1, value }), { mode: 0o600 });
      await rename(beside, path);
      if (this.written++ % LOOK_EVERY === 0) await this.shrink();
    } catch {
      await rm(beside, { force: true }).catch(() => {});
    }
  }

  private path(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.json`);
  }

  /** Takes away the answers that were not read for longest, a tenth more than there are too many. */
  private async shrink(): Promise<void> {
    const names = await readdir(this.folder, { recursive: true });
    const files = names.filter((name) => /\.json(\.[-\w]+)?$/.test(name));
    if (files.length <= this.most) return;
    const dated = await Promise.all(
      files.map(async (name) => {
        const path = join(this.folder, name);
        return { path, time: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
      }),
    );
    dated.sort((a, b) => a.time - b.time);
    const gone = dated.slice(0, files.length - Math.floor(this.most * 0.9));
    for (const { path } of gone) await rm(path, { force: true });
  }
}
