// The index of a run's rollouts, kept beside them: index/rollouts.jsonl has a line (a block) for each file of rollouts,
// index/texts their small letters. It is made file by file, the newest first, and a file that has changed is read again;
// what does not fit is thrown away, as everything in it can be made anew. One window writes it (index/lock); another, or
// one that may not write there, keeps in memory what it makes. Responses themselves are read by their byte range.

import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explain, MerfError } from '../../spec/error.ts';
import { RolloutLine } from '../format.ts';
import { type FileState, ownFolder, plainState, stateInside } from '../inside.ts';
import { rolloutsFile } from '../location.ts';
import { takeLock } from '../lock.ts';
import { rolloutSets } from '../read.ts';
import type { RolloutSet } from '../view.ts';
import { type Block, blockOf, makeBlock, type PlacedLine, StoredBlock, type TextLines } from './block.ts';
import { eachLine, LONGEST_LINE, readRange } from './lines.ts';
import { type BlockTexts, blockTexts, type FindBytes } from './texts.ts';

const FORMAT = 1;
const HEAD = `${JSON.stringify({ rollouts: FORMAT })}\n`;
const FOLDER = 'index';
const BLOCKS = join(FOLDER, 'rollouts.jsonl');
const TEXTS = join(FOLDER, 'texts');
/** Milliseconds of work before others in this process get their turn. */
const TURN = 20;
const LINES_KEPT = 64;

export class RolloutIndex {
  readonly folder: string;
  /** By file name, those that fit their file. */
  private known = new Map<string, Block>();
  /** Texts that could not be written down. */
  private readonly inMemory = new WeakMap<Block, Uint8Array>();
  /** What could not be read, by file name: a sentence each. */
  private readonly refused = new Map<string, string>();
  private release: (() => void) | null = null;
  private kept: FileState | null = null;
  private texts = 0;
  private ordered: readonly Block[] | null = null;
  private openTexts: number | null = null;
  private readonly lines = new Map<Block, TextLines>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** With what is kept of it; `update` makes the rest. */
  static open(folder: string): RolloutIndex {
    const index = new RolloutIndex(folder);
    index.release = index.hold();
    index.load();
    return index;
  }

  /** Those that are made, in the order of the sets. */
  get blocks(): readonly Block[] {
    this.ordered ??= rolloutSets(this.folder).flatMap((set) => this.known.get(rolloutsFile(set)) ?? []);
    return this.ordered;
  }

  /** Sentences about files that could not be read. */
  get problems(): string[] {
    return [...this.refused.values()];
  }

  /** Files whose block is not made. */
  missing(): RolloutSet[] {
    const sets = rolloutSets(this.folder);
    const files = new Set(sets.map(rolloutsFile));
    const stateOf = this.states();
    for (const name of this.known.keys()) if (!files.has(name)) this.forget(name);
    for (const name of this.refused.keys()) if (!files.has(name)) this.refused.delete(name);
    return sets.filter((set) => {
      const name = rolloutsFile(set);
      const block = this.known.get(name);
      const state = stateOf(name);
      if (block && state && block.bytes === state.bytes && block.modified === state.modified) return false;
      if (block) this.forget(name);
      return state !== null;
    });
  }

  /** The block of one set, made now if it is not there; null: it has no file, or one that cannot be read. */
  ensure(set: RolloutSet): Block | null {
    const name = rolloutsFile(set);
    const state = this.states()(name);
    const block = this.known.get(name);
    if (state === null) return null;
    return block && block.bytes === state.bytes && block.modified === state.modified ? block : this.make(set);
  }

  /** Makes what is missing. `progress` hears how many of how many are made; whether there was anything to make. */
  async update(progress: (done: number, all: number) => void = () => {}, signal?: AbortSignal): Promise<boolean> {
    if (this.release === null) this.reload();
    const missing = this.missing().reverse();
    const all = this.known.size + missing.length;
    let began = performance.now();
    for (const set of missing) {
      if (signal?.aborted) return true;
      this.ensure(set);
      if (performance.now() - began < TURN) continue;
      progress(this.known.size, all);
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
    return missing.length > 0;
  }

  textsOf(block: Block): BlockTexts {
    return blockTexts(block, this.inMemory.get(block) ?? this.textBytes(block), findBuffer);
  }

  /** A line of each of its texts; the last blocks' are kept. */
  linesOf(block: Block): TextLines {
    const lines = this.lines.get(block) ?? this.textsOf(block).lines();
    this.lines.delete(block);
    this.lines.set(block, lines);
    for (const old of this.lines.keys()) {
      if (this.lines.size <= LINES_KEPT) break;
      this.lines.delete(old);
    }
    return lines;
  }

  /** One response as it was written. @throws MerfError when it is not there any more. */
  read(set: RolloutSet, index: number): RolloutLine {
    const name = rolloutsFile(set);
    const block = this.ensure(set);
    const offset = block?.columns.offset[index];
    const length = block?.columns.length[index];
    if (offset === undefined || length === undefined) throw gone(name, index);
    const line = parsed(readRange(join(this.folder, name), offset, length).toString('utf8'));
    if (line) return line;
    this.forget(name);
    throw gone(name, index);
  }

  close(): void {
    if (this.openTexts !== null) closeSync(this.openTexts);
    this.openTexts = null;
    this.release?.();
    this.release = null;
  }

  private textBytes({ start, size }: Block): Uint8Array {
    this.openTexts ??= openSync(join(this.folder, TEXTS), 'r');
    const bytes = Buffer.allocUnsafe(size);
    return bytes.subarray(0, readSync(this.openTexts, bytes, 0, size, start));
  }

  private make(set: RolloutSet): Block | null {
    const name = rolloutsFile(set);
    this.forget(name);
    this.refused.delete(name);
    try {
      if (stateInside(this.folder, name) === null) return null;
      const lines: PlacedLine[] = [];
      let unreadable = 0;
      const state = eachLine(join(this.folder, name), LONGEST_LINE, ({ offset, length, text }) => {
        const line = text === null ? null : parsed(text);
        if (line) lines.push({ line, offset, length });
        else unreadable++;
      });
      const { block: stored, texts } = makeBlock(set, lines, { ...state, unreadable });
      const written = this.write(stored, texts);
      const block = blockOf(written ?? stored);
      if (!block) return null;
      if (!written) this.inMemory.set(block, texts);
      this.learn(name, block);
      return block;
    } catch (error) {
      this.refused.set(name, explain(error));
      return null;
    }
  }

  /** Puts a block down, with its texts first; null: it could not be, and stays in memory. */
  private write(block: StoredBlock, texts: Uint8Array): StoredBlock | null {
    if (this.release === null) return null;
    const placed = { ...block, start: this.texts };
    try {
      appendFileSync(join(this.folder, TEXTS), texts);
      this.texts += texts.length;
      appendFileSync(join(this.folder, BLOCKS), `${JSON.stringify(placed)}\n`);
      return placed;
    } catch {
      this.close();
      return null;
    }
  }

  /** Takes what is written down and still fits; throws all away when it is of another kind, or mostly out of date. */
  private load(): void {
    this.known.clear();
    this.ordered = null;
    try {
      this.kept = stateInside(this.folder, BLOCKS);
      this.texts = stateInside(this.folder, TEXTS)?.bytes ?? 0;
      let used = 0;
      let fits = this.kept === null ? this.texts === 0 : true;
      let isFirst = true;
      if (this.kept) {
        eachLine(join(this.folder, BLOCKS), LONGEST_LINE, ({ text }) => {
          if (isFirst) fits = `${text}\n` === HEAD;
          else if (fits) {
            const block = text === null ? null : storedBlock(text);
            if (block && block.start + block.size <= this.texts) this.learn(rolloutsFile(block.set), block);
            else fits = false;
          }
          isFirst = false;
        });
      }
      this.missing();
      for (const block of this.known.values()) used += block.size;
      const isStale = this.release !== null && used < this.texts / 2;
      if (!fits || isFirst || isStale) this.begin();
    } catch (error) {
      this.close();
      this.refused.set(BLOCKS, explain(error));
    }
  }

  /** Another window writes it: takes what has come since. */
  private reload(): void {
    try {
      const now = stateInside(this.folder, BLOCKS);
      if (now?.bytes === this.kept?.bytes && now?.modified === this.kept?.modified) return;
      if (this.openTexts !== null) closeSync(this.openTexts);
      this.openTexts = null;
      this.load();
    } catch {
      // what is in memory goes on
    }
  }

  private begin(): void {
    this.known.clear();
    this.ordered = null;
    if (this.release === null) return;
    this.texts = 0;
    if (this.openTexts !== null) closeSync(this.openTexts);
    this.openTexts = null;
    for (const name of [BLOCKS, TEXTS]) rmSync(join(this.folder, name), { force: true });
    appendFileSync(join(this.folder, BLOCKS), HEAD);
  }

  /** null: another window writes it, or it may not be written. */
  private hold(): (() => void) | null {
    try {
      const own = ownFolder(this.folder, FOLDER);
      mkdirSync(own, { recursive: true });
      return takeLock(join(own, 'lock'));
    } catch {
      return null;
    }
  }

  /** States of the files of rollouts; null: not there, or not to be read. */
  private states(): (name: string) => FileState | null {
    try {
      ownFolder(this.folder, 'rollouts');
    } catch (error) {
      this.refused.set('rollouts', explain(error));
      return () => null;
    }
    return (name) => {
      try {
        return plainState(join(this.folder, name));
      } catch (error) {
        this.refused.set(name, explain(error));
        return null;
      }
    };
  }

  private learn(name: string, block: Block): void {
    this.known.set(name, block);
    this.ordered = null;
    if (block.unreadable > 0) this.refused.set(name, unreadableLines(name, block.unreadable));
  }

  private forget(name: string): void {
    if (this.known.delete(name)) this.ordered = null;
  }
}

const findBuffer: FindBytes = (bytes, needle, from, to) => {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).indexOf(needle);
  return found < 0 ? -1 : from + found;
};

function storedBlock(text: string): Block | null {
  try {
    const stored = StoredBlock.safeParse(JSON.parse(text)).data;
    return stored ? blockOf(stored) : null;
  } catch {
    return null;
  }
}

function parsed(text: string): RolloutLine | null {
  try {
    return RolloutLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function unreadableLines(name: string, count: number): string {
  return explain(
    new MerfError(
      `${count} ${count === 1 ? 'line' : 'lines'} of ${name} cannot be read and ${count === 1 ? 'is' : 'are'} left out.`,
      'The others are shown; take the file from where it was trained.',
    ),
  );
}

function gone(name: string, index: number): MerfError {
  return new MerfError(
    `Response ${index + 1} of ${name} is not there any more.`,
    'Choose another, or look at the step again.',
  );
}
