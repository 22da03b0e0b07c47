// What the checker may ask about the world around a file. Checking is pure and synchronous over the text and these
// answers; an answer may be "not yet", and then nothing is said about the matter until somebody has found it out and the
// text is checked again. Paths are as written in the file; whoever answers knows from which folder they count.

import type { DataFacts, DeviceFacts, FileText, ModelFacts, Refusal, SplitColumns, SplitFacts } from '../spec/facts.ts';
import type { DataSource } from '../spec/specification.ts';

/** Not known yet. */
export const PENDING = 'pending';
export type Lookup<T> = T | typeof PENDING;

export interface FolderEntry {
  name: string;
  isFolder: boolean;
}

export interface Surroundings {
  /** Two paths of one file have one identity; of the file itself, null: it is in no file. */
  identity(path: string | null): string | null;
  /** The text of another .merf file. */
  text(path: string): Lookup<FileText | Refusal>;
  data(source: Pick<DataSource, 'format' | 'path'>): Lookup<DataFacts | Refusal>;
  /** How the rows are divided. Only of a file whose facts are known. */
  split(source: DataSource, columns: SplitColumns): Lookup<SplitFacts | Refusal>;
  /** null: there is no such model on this machine. */
  model(name: string): Lookup<ModelFacts | null>;
  /** What is in a folder, for completion; nothing where there is no such folder. */
  entries(folder: string): readonly FolderEntry[];
  /** Names of models on this machine, for completion. */
  models(): readonly string[];
  /** What would train here. */
  device(): Lookup<DeviceFacts>;
  /**
   * Finds out what was asked and is not known yet; true: something has become known, and a new check may say more.
   * Aborted, it resolves with false.
   */
  settle(signal?: AbortSignal): Promise<boolean>;
}

/** What is around a file at this path. */
export type World = (path: string) => Surroundings;

/** Around a text that is in no file: nothing is known, and nothing will be. */
export const NOTHING_AROUND: Surroundings = {
  identity: (path) => path,
  text: () => PENDING,
  data: () => PENDING,
  split: () => PENDING,
  model: () => PENDING,
  entries: () => [],
  models: () => [],
  device: () => PENDING,
  settle: () => Promise.resolve(false),
};

export function isRefusal(found: object): found is Refusal {
  return 'refused' in found;
}

/** The same answers; `onPending` is told of each that is not known yet. */
export function watched(around: Surroundings, onPending: () => void): Surroundings {
  const noted = <T>(found: Lookup<T>): Lookup<T> => {
    if (found === PENDING) onPending();
    return found;
  };
  return {
    identity: (path) => around.identity(path),
    text: (path) => noted(around.text(path)),
    data: (source) => noted(around.data(source)),
    split: (source, columns) => noted(around.split(source, columns)),
    model: (name) => noted(around.model(name)),
    entries: (folder) => around.entries(folder),
    models: () => around.models(),
    device: () => noted(around.device()),
    settle: (signal) => around.settle(signal),
  };
}
