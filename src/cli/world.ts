// What is around a .merf file on this machine's disk, for the checker: other files' texts and models at once, data files
// after they have been read through. Answers are kept as long as the file's time and size stay the same.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FolderEntry, Surroundings, World } from '../language/surroundings.ts';
import { parseConfig } from '../model/config.ts';
import { storageTypeOf } from '../model/folder.ts';
import { cachedIds } from '../model/hub_cache.ts';
import { modelShape } from '../model/weights.ts';
import { explain, MerfError } from '../spec/error.ts';
import type { DataFacts, DeviceFacts, FileText, ModelFacts, Refusal, SplitFacts } from '../spec/facts.ts';
import { readDataFacts } from '../task/data/facts.ts';
import { readSplitFacts } from '../task/data/split.ts';
import { machineMemory } from '../training/machine_memory.ts';
import { modelFolder } from './model_folder.ts';
import { SlowAnswers, settle, type Wanted } from './slow_answers.ts';

/** A .merf file is written by hand; what is larger than this many bytes is something else. */
const LARGEST_TEXT = 4_000_000;

/** @param device what would train here; left out: this computer's processor */
export function diskWorld(device: DeviceFacts = processor()): World {
  const texts = new KeptByStamp(readText);
  const models = new KeptByStamp(readModel);
  const facts = new SlowAnswers<DataFacts | Refusal>();
  const splits = new SlowAnswers<SplitFacts | Refusal>();
  const around = (file: string): Surroundings => ({
    identity: (path) => (path === null ? resolve(file) : resolve(dirname(file), path)),
    text: (path) => texts.of(resolve(dirname(file), path)) ?? missing(path),
    data: ({ format, path: written }) => {
      const path = resolve(dirname(file), written);
      const stamp = stampOf(path);
      if (stamp === null) return missing(written);
      const make = (signal: AbortSignal) => orRefusal(readDataFacts(format, path, signal), signal);
      return facts.look(`${format} ${path}`, stamp, make, wantedBy(file));
    },
    split: (source, columns) => {
      const path = resolve(dirname(file), source.path);
      const stamp = stampOf(path);
      if (stamp === null) return missing(source.path);
      const make = (signal: AbortSignal) => orRefusal(readSplitFacts(source, path, columns, signal), signal);
      return splits.look(JSON.stringify([source, path, columns]), stamp, make, wantedBy(file));
    },
    model: (name) => {
      const folder = modelFolder(name, file);
      return folder === null ? null : models.of(join(folder, 'config.json'));
    },
    entries: (folder) => entriesOf(resolve(dirname(file), folder)),
    models: () => ['bundled:tiny', ...cachedIds()],
    device: () => device,
    settle: (signal) => settle(wantedBy(file), signal),
  });
  const wanted = new Map<string, Wanted>();
  const wantedBy = (file: string): Wanted => {
    const known = wanted.get(file) ?? new Map();
    wanted.set(file, known);
    return known;
  };
  return around;
}

function processor(): DeviceFacts {
  return { name: 'this computer', bytes: machineMemory() };
}

/** What was found, or why nothing could be; what was broken off stays an error. */
async function orRefusal<T>(finding: Promise<T>, signal: AbortSignal): Promise<T | Refusal> {
  try {
    return await finding;
  } catch (error) {
    if (signal.aborted || !(error instanceof MerfError)) throw error;
    return { refused: error.message, remedy: error.remedy };
  }
}

/** What was made of a file, until the file changes. */
class KeptByStamp<T> {
  private readonly make: (path: string) => T;
  private readonly kept = new Map<string, { stamp: string; made: T }>();

  constructor(make: (path: string) => T) {
    this.make = make;
  }

  /** null: there is no such file. */
  of(path: string): T | null {
    const stamp = stampOf(path);
    if (stamp === null) return null;
    const known = this.kept.get(path);
    if (known?.stamp === stamp) return known.made;
    const made = this.make(path);
    this.kept.set(path, { stamp, made });
    return made;
  }
}

/** What a person would name: nothing hidden, no packages. */
function entriesOf(folder: string): FolderEntry[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}

/** Time of the last change and size; null: there is no such file. */
function stampOf(path: string): string | null {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs} ${size}`;
  } catch {
    return null;
  }
}

function missing(path: string): Refusal {
  return { refused: `There is no file ${path}.`, remedy: 'Check the path; it counts from the folder of this file.' };
}

function readText(path: string): FileText | Refusal {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_TEXT) return { refused: `${path} is larger than any .merf file.`, remedy: 'Check the path.' };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return { refused: `${path} cannot be read: ${explain(error)}`, remedy: 'Name a .merf file, saved as UTF-8.' };
  }
}

/** Bytes of a weight; 4 where no file says less. */
function storageBytes(folder: string): number {
  try {
    return storageTypeOf(folder) === 'F32' ? 4 : 2;
  } catch {
    return 4; // opening it says what is wrong
  }
}

/** null: a config.json that is not one; opening the model says why. */
export function readModel(path: string): ModelFacts | null {
  try {
    const config = parseConfig(JSON.parse(readFileSync(path, 'utf8')), path);
    return { context: config.maxPositions, ...modelShape(config), storage: storageBytes(dirname(path)) };
  } catch {
    return null;
  }
}
