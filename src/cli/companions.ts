// The files that a .merf file needs beside it: what it imports, verifiers' scripts, the data file. Where the file is taken
// to another folder, they go with it, at the same paths.

import { cpSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { MerfError } from '../spec/error.ts';
import type { Specification } from '../spec/specification.ts';

/** Paths from the file's folder, each once. */
export function companionsOf(spec: Specification): string[] {
  const { imports, task, captures, verifiers, judges, rules, motivations } = spec;
  const parts = [...captures, ...verifiers, ...judges, ...rules, ...motivations];
  const scripts = verifiers.map(({ script, place }) => beside(place.file, script));
  const files = [...imports, ...parts.flatMap(({ place }) => place.file ?? []), ...scripts];
  if (task.source) files.push(task.source.path);
  return [...new Set(files.map((path) => posix.normalize(path.replaceAll('\\', '/'))))];
}

function beside(file: string | undefined, path: string): string {
  return file === undefined || isAbsolute(path) ? path : posix.join(posix.dirname(file.replaceAll('\\', '/')), path);
}

/**
 * Copies them from the file's folder to another.
 * @param taken paths of that folder which hold something else
 * @throws MerfError when one lies outside of the file's folder, or cannot be copied.
 */
export function copyCompanions(
  spec: Specification,
  file: string,
  folder: string,
  taken: ReadonlySet<string>,
): string[] {
  const from = dirname(resolve(file));
  return companionsOf(spec).map((path) => {
    if (isAbsolute(path) || path.startsWith('..')) {
      throw new MerfError(
        `${path} is outside of the folder of ${file}, and so cannot go with it.`,
        'Put it into that folder, or below it.',
      );
    }
    if (taken.has(path)) {
      throw new MerfError(`${path} is also the name of a file that is written here.`, 'Give your file another name.');
    }
    const target = join(folder, path);
    try {
      cpSync(join(from, path), target, { recursive: true });
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new MerfError(`${path} cannot be copied to ${folder} (${why}).`, 'Check the file and the folder.', {
        cause: error,
      });
    }
    return target;
  });
}
