// The index of a run's rollouts, kept beside them: index/rollouts.columns has a block for each file of rollouts,
// index/texts their small letters. It is made file by file, the newest first, and a file that has changed is read again;
// what does not fit is thrown away, as everything in it can be made anew. One window writes it (index/lock); another, or
// one that may not write there, keeps in memory what it makes. Responses themselves are read by their byte range. Work
// that takes long is done in turns, so that others in this process have theirs.

import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { explain, MerfError } from '../../spec/error.ts';
import { atOnce } from '../columns/at_once.ts';
import { inTurns } from '../columns/turns.ts';
import { RolloutLine } from '../format.ts';
import { type FileState, ownFolder, plainState } from '../inside.ts';
import { rolloutsFile } from '../location.ts';
import { rolloutSets } from '../read.ts';
import type { RolloutSet } from '../view.ts';
import { type Block, BlockBuilder, type TextLines } from './block.ts';
import { IndexFiles, TEXTS } from './index_files.ts';
import { indexedLine } from './indexed_line.ts';
import { fileLines, LONGEST_LINE, readRange } from './lines.ts';
import { type BlockTexts, blockTexts, type FindBytes, textLines } from './texts.ts';

const LINES_KEPT = 64;
/** Files that are looked at before others have their turn. */
const FILES = 100;
/** Bytes of a file of rollouts that is read itself rather than waiting for the index. */
const QUICK = 16 * 1024 * 1024;

export class RolloutIndex {
  readonly folder: string;
  /** By file name, those that fit their file. */
  private readonly known = new Map<string, Block>();
  /** Texts that could not be written down. */
  private readonly inMemory = new WeakMap<Block, Uint8Array>();
  /** What could not be read, by file name: a sentence each. */
  private readonly refused = new Map<string, string>();
  private readonly files: IndexFiles;
  private loading: Promise<void> | null = null;
  private ordered: readonly Block[] | null = null;
  private openTexts: number | null = null;
  private scratch = Buffer.alloc(0);
  private readonly lines = new Map<Block, TextLines>();

  private constructor(folder: string) {
    this.folder = folder;
    this.files = new IndexFiles(folder);
  }

  /** Empty; `load` takes what is kept beside the run, `update` makes the rest. */
  static open(folder: string): RolloutIndex {
    return new RolloutIndex(folder);
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

  /** Takes what is written down and fits; also what another window has written since. */
  load(signal?: AbortSignal): Promise<void> {
    this.loading ??= this.loadNow(signal).finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async loadNow(signal?: AbortSignal): Promise<void> {
    try {
      if (this.files.isWritten) return;
      if (this.files.isReplaced()) {
        this.closeTexts();
        for (const [name, block] of this.known) if (!this.inMemory.has(block)) this.forget(name);
      }
      await inTurns(this.reading(), signal);
    } catch (error) {
      this.files.close();
      this.refused.set(this.files.name, explain(error));
    }
  }

  private *reading(): Generator<void> {
    for (const block of this.files.blocks()) {
      this.learn(rolloutsFile(block.set), block);
      yield;
    }
    yield* this.finding();
    const used = [...this.known.values()].reduce((sum, { size }) => sum + size, 0);
    if (!this.files.settle(used)) return;
    this.known.clear();
    this.ordered = null;
    this.closeTexts();
  }

  /** Files whose block is not made. */
  missing(): RolloutSet[] {
    return atOnce(this.finding());
  }

  private *finding(): Generator<void, RolloutSet[]> {
    const sets = rolloutSets(this.folder);
    const files = new Set(sets.map(rolloutsFile));
    const stateOf = this.states();
    for (const name of this.known.keys()) if (!files.has(name)) this.forget(name);
    for (const name of this.refused.keys()) if (!files.has(name)) this.refused.delete(name);
    const missing: RolloutSet[] = [];
    for (const [i, set] of sets.entries()) {
      if (i % FILES === 0) yield;
      const name = rolloutsFile(set);
      const block = this.known.get(name);
      const state = stateOf(name);
      if (block && state && isOf(block, state)) continue;
      if (block) this.forget(name);
      if (state !== null) missing.push(set);
    }
    return missing;
  }

  /** The block of one set, made now if it is not there; null: it has no file, or one that cannot be read. */
  ensure(set: RolloutSet): Block | null {
    const name = rolloutsFile(set);
    const state = this.states()(name);
    const block = this.known.get(name);
    if (state === null) return null;
    if (block && isOf(block, state)) return block;
    atOnce(this.making(set));
    return this.known.get(name) ?? null;
  }

  /** Makes it now, in turns, from its own file: a step can be looked at before the index has been read. */
  async prepare(set: RolloutSet, signal?: AbortSignal): Promise<void> {
    const name = rolloutsFile(set);
    const state = this.states()(name);
    if (state && state.bytes > QUICK && !this.known.has(name)) await this.load(signal);
    const block = this.known.get(name);
    if (state && !(block && isOf(block, state))) await inTurns(this.making(set), signal);
  }

  /** Makes what is missing. `progress` hears how many of how many are made; whether there was anything to make. */
  async update(progress: (done: number, all: number) => void = () => {}, signal?: AbortSignal): Promise<boolean> {
    await this.load(signal);
    const missing = ((await inTurns(this.finding(), signal)) ?? []).reverse();
    const all = this.known.size + missing.length;
    const { known } = this;
    const making = (set: RolloutSet) => this.making(set);
    function* work() {
      for (const set of missing) {
        if (!known.has(rolloutsFile(set))) yield* making(set);
        yield;
      }
    }
    await inTurns(work(), signal, () => progress(known.size, all));
    return missing.length > 0;
  }

  /** To be used before the next block's are asked for: one memory serves them all. */
  textsOf(block: Block): BlockTexts {
    return blockTexts(block, this.inMemory.get(block) ?? this.textBytes(block.start, block.size), findBuffer);
  }

  /** A line of each of its texts; the last blocks' are kept. */
  linesOf(block: Block): TextLines {
    const { start, size, lines: length } = block;
    const read = () => this.inMemory.get(block) ?? this.textBytes(start + size - length, length);
    const lines = this.lines.get(block) ?? textLines(block, read());
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
    const state = this.states()(name);
    if (block && state && isOf(block, state)) throw unreadable(name, index);
    this.forget(name);
    throw gone(name, index);
  }

  close(): void {
    this.closeTexts();
    this.files.close();
  }

  private textBytes(start: number, size: number): Uint8Array {
    this.openTexts ??= openSync(join(this.folder, TEXTS), 'r');
    if (this.scratch.length < size) this.scratch = Buffer.allocUnsafeSlow(2 * size);
    return this.scratch.subarray(0, readSync(this.openTexts, this.scratch, 0, size, start));
  }

  private closeTexts(): void {
    if (this.openTexts !== null) closeSync(this.openTexts);
    this.openTexts = null;
  }

  /** Reads a file line by line, and puts its block down. */
  private *making(set: RolloutSet): Generator<void> {
    const name = rolloutsFile(set);
    this.forget(name);
    this.refused.delete(name);
    try {
      if (this.states()(name) === null) return;
      const builder = new BlockBuilder();
      let unreadable = 0;
      const lines = fileLines(join(this.folder, name), LONGEST_LINE);
      let step = lines.next();
      for (; !step.done; step = lines.next()) {
        const { offset, length, bytes } = step.value;
        const line = bytes === null ? null : indexedLine(bytes);
        if (line) builder.add({ line, offset, length });
        else unreadable++;
        yield;
      }
      const { block, texts } = builder.finish(set, { ...step.value, unreadable });
      const start = this.files.append(block, texts);
      const placed = { ...block, start: start ?? 0 };
      if (start === null) this.inMemory.set(placed, texts);
      this.learn(name, placed);
    } catch (error) {
      this.refused.set(name, explain(error));
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

function isOf(block: Block, { bytes, modified }: FileState): boolean {
  return block.bytes === bytes && block.modified === modified;
}

const findBuffer: FindBytes = (bytes, needle, from, to) => {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).indexOf(needle);
  return found < 0 ? -1 : from + found;
};

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

function unreadable(name: string, index: number): MerfError {
  return new MerfError(
    `Response ${index + 1} of ${name} cannot be read: its tokens or its row are not as a run writes them.`,
    'Choose another, or take the file from where it was trained.',
  );
}

function gone(name: string, index: number): MerfError {
  return new MerfError(
    `Response ${index + 1} of ${name} is not there any more.`,
    'Choose another, or look at the step again.',
  );
}
