// Verifier scripts written into a folder of their own, gone after each test; and what is left of processes.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scripts {
  folder: () => string;
  /** The path of a file written there. */
  write: (name: string, text: string) => string;
}

export function scripts(): Scripts {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-verify-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder: () => folder,
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
  };
}

/** Command lines of the processes that have the words in them. */
export function processesWith(words: string): string[] {
  const listed = execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return listed.split('\n').filter((line) => line.includes(words) && !/^\s*\d+ Z/.test(line));
}

/** Waits until it holds, for at most so many milliseconds. */
export async function until(holds: () => boolean, milliseconds = 5000): Promise<boolean> {
  for (let waited = 0; waited < milliseconds; waited += 50) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return holds();
}
