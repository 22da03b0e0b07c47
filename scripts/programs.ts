// Where programs are.

import { existsSync } from 'node:fs';
import path from 'node:path';

/** The first of these programs that a folder of PATH holds. */
export function onPath(...names: readonly string[]): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return names
    .flatMap((name) => folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending))))
    .find((file) => existsSync(file));
}
