// The two files of the index of rollouts, as one writer appends to them and anybody reads on where the last reading
// ended. Who may write: the window that holds index/lock.

import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { blockBytes, ColumnReader, fileBytes } from '../columns/column_file.ts';
import { ownFolder, stateInside } from '../inside.ts';
import { takeLock } from '../lock.ts';
import type { Block } from './block.ts';
import { blockOfStored, storedBlock } from './stored_block.ts';

const FOLDER = 'index';
const BLOCKS = join(FOLDER, 'rollouts.columns');
export const TEXTS = join(FOLDER, 'texts');

export class IndexFiles {
  readonly name = BLOCKS;
  private readonly folder: string;
  private release: (() => void) | null;
  private reader: ColumnReader | null = null;
  private inode = 0;
  /** All that was there has been read, so that more can be appended. */
  private isSettled = false;
  /** Something was read that does not fit: all is made anew. */
  private isSpoiled = false;

  constructor(folder: string) {
    this.folder = folder;
    this.release = hold(folder);
  }

  /** This window writes them, and nobody else: nothing in them is news. */
  get isWritten(): boolean {
    return this.release !== null && this.isSettled;
  }

  /** Another file has taken the place of the one that was read. */
  isReplaced(): boolean {
    const state = statSync(join(this.folder, BLOCKS), { throwIfNoEntry: false });
    const isOther = this.reader !== null && (state?.ino !== this.inode || state.size < this.reader.end);
    if (isOther) this.closeReader();
    return isOther;
  }

  /** Those that were not read yet. @throws MerfError when the files are not plain files of the run. */
  *blocks(): Generator<Block> {
    const path = join(this.folder, BLOCKS);
    const texts = stateInside(this.folder, TEXTS)?.bytes ?? 0;
    const state = stateInside(this.folder, BLOCKS);
    if (state === null) {
      this.isSpoiled = true;
      return;
    }
    if (!this.reader) {
      this.reader = new ColumnReader(path);
      this.inode = statSync(path).ino;
      this.isSpoiled = false;
    }
    for (let stored = this.reader.next(); stored; stored = this.reader.next()) {
      const block = blockOfStored(stored);
      if (block && block.start + block.size <= texts) yield block;
      else this.isSpoiled = true;
    }
    // a block that was cut short is not followed by another
    if (this.reader.end === 0) this.isSpoiled = true;
    else if (this.release && this.reader.end < state.bytes) truncateSync(path, this.reader.end);
  }

  /** After the reading; `used`: bytes of the texts that still count. Whether what is there was thrown away. */
  settle(used: number): boolean {
    if (this.release === null) return false;
    this.isSettled = true;
    const texts = statSync(join(this.folder, TEXTS), { throwIfNoEntry: false })?.size ?? 0;
    if (!this.isSpoiled && used >= texts / 2) return false;
    this.closeReader();
    for (const name of [BLOCKS, TEXTS]) rmSync(join(this.folder, name), { force: true });
    appendFileSync(join(this.folder, BLOCKS), fileBytes());
    return true;
  }

  /** Puts a block down, with its texts first; where they begin. null: it could not be. */
  append(block: Block, texts: Uint8Array): number | null {
    if (!this.isWritten) return null;
    try {
      const path = join(this.folder, TEXTS);
      const start = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      appendFileSync(path, texts);
      const { about, columns } = storedBlock({ ...block, start });
      appendFileSync(join(this.folder, BLOCKS), blockBytes(about, columns));
      return start;
    } catch {
      this.close();
      return null;
    }
  }

  close(): void {
    this.closeReader();
    this.release?.();
    this.release = null;
  }

  private closeReader(): void {
    this.reader?.close();
    this.reader = null;
  }
}

/** null: another window writes it, or it may not be written. */
function hold(folder: string): (() => void) | null {
  try {
    const own = ownFolder(folder, FOLDER);
    mkdirSync(own, { recursive: true });
    return takeLock(join(own, 'lock'));
  } catch {
    return null;
  }
}
