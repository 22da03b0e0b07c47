// URIs of the editor and paths of this machine's disk.

import { fileURLToPath } from 'node:url';

/** null: not on this machine's disk. */
export function pathOf(uri: string): string | null {
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}

/** The URI of a file by its path from the folder of another; null where that one is in no file. */
export function besideOf(uri: string, path: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return new URL(path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/'), uri).href;
  } catch {
    return null;
  }
}

/** Two URIs that an editor and this program write differently are one file. */
export function isSameFile(a: string, b: string): boolean {
  return a === b || (pathOf(a) !== null && pathOf(a) === pathOf(b));
}
