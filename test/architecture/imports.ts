// What every source file imports, read from its text: type imports count, for they are knowledge too.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Import {
  /** Path from the repository's root, with forward slashes: `src/run/view.ts`. */
  readonly file: string;
  /** The same for an import by relative path; a package's or module's name otherwise. */
  readonly imported: string;
}

const specifiers = [
  /^\s*(?:import|export)\b[^;'"`]*?\bfrom\s+'([^']+)'/gm, // import { a } from 'b', export type { a } from 'b'
  /^\s*import\s+'([^']+)'/gm, // import 'b'
  /\bimport\(\s*'([^']+)'/g, // await import('b'), import('b').Type
];

/** The imports of all TypeScript files below `folder` (from the root), except what a generator wrote. */
export function importsBelow(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
    .filter((file) => file.endsWith('.ts') && !file.includes('/generated/'))
    .sort()
    .flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));
}

export function importsOf(file: string, text: string): Import[] {
  const code = text.replace(/\/\/.*$/gm, '');
  const found = specifiers.flatMap((pattern) => [...code.matchAll(pattern)].flatMap((match) => match[1] ?? []));
  return found.map((name) => ({
    file,
    imported: name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name,
  }));
}

/** The part of the design a file belongs to: `src/run/view.ts` is in `run`. */
export const partOf = (file: string): string => file.split('/')[1] ?? '';

/** `@scope/name/inner` and `name/inner` are files of the packages `@scope/name` and `name`. */
export const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
