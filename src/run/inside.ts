// Files of a run's folder that may be read and written: plain files that lie in it. A link that leads elsewhere, a
// device or a pipe in a file's place is refused: a run folder may come from anywhere.

import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MerfError } from '../spec/error.ts';

export interface FileState {
  bytes: number;
  modified: number;
}

/** The state of a plain file of the folder; null: it is not there. @throws MerfError when it is anything else. */
export function stateInside(folder: string, name: string): FileState | null {
  ownFolder(folder, dirname(name));
  return plainState(join(folder, name));
}

/** A folder of the run, by its path; it may not be there yet. @throws MerfError when it is a link to elsewhere. */
export function ownFolder(folder: string, name: string): string {
  const path = join(folder, name);
  const real = realOf(path);
  if (name !== '.' && real !== null && real !== join(realOf(folder) ?? folder, name)) throw leadsOut(path);
  return path;
}

/** The same of a file whose folder has been looked at. */
export function plainState(path: string): FileState | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.isSymbolicLink()) throw leadsOut(path);
  if (found.isFile()) return { bytes: found.size, modified: found.mtimeMs };
  throw new MerfError(
    `${basename(path)} is not a file.`,
    'Remove it from the run’s folder, or take the run from where it was trained.',
  );
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function leadsOut(path: string): MerfError {
  return new MerfError(
    `${basename(path)} in the run’s folder is a link, and links are not followed.`,
    'Put the file itself there, or take the run from where it was trained.',
  );
}
