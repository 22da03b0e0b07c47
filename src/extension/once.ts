// Something that is said once on this machine, whichever window comes first: whoever makes the file may speak. Several
// windows follow the same run, and a window that is loaded again reads what has been said before.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEPT_FOR = 30 * 24 * 3600 * 1000;

export class Once {
  private readonly folder: string;

  /** `folder` is shared by all windows. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** True for the first who asks with this key, of all windows; where no file can be made, for everyone. */
  first(key: string): boolean {
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(join(this.folder, createHash('sha256').update(key).digest('hex').slice(0, 32)), '', { flag: 'wx' });
      return true;
    } catch (error) {
      return !(error instanceof Error && 'code' in error && error.code === 'EEXIST');
    }
  }

  /** Forgets what was said more than thirty days ago. */
  tidy(now = Date.now()): void {
    try {
      for (const name of readdirSync(this.folder)) {
        const path = join(this.folder, name);
        if (now - statSync(path).mtimeMs > KEPT_FOR) rmSync(path, { force: true });
      }
    } catch {
      // nothing has been said yet, or another window tidies
    }
  }
}
