// The command line of VS Code, as far as a test run uses it. Switches it does not know are left alone, as VS Code does.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Switches {
  /** The checkout this runner belongs to. */
  readonly repository: string;
  /** Extensions loaded from their folders. */
  readonly extensions: readonly string[];
  /** The module in the extension host whose `run()` is awaited. */
  readonly tests: string;
  readonly userData?: string;
  /** A packed extension that is installed first. */
  readonly vsix?: string;
  /** The folder the window shows. */
  readonly folder: string;
}

export function readSwitches(argv: readonly string[]): Switches {
  const values = (name: string) =>
    argv.filter((word) => word.startsWith(`--${name}=`)).map((word) => localPath(word.slice(name.length + 3)));
  const tests = values('extensionTestsPath')[0];
  const folder = argv.find((word) => !word.startsWith('-'));
  const extensions = values('extensionDevelopmentPath');
  if (tests === undefined || folder === undefined || extensions.length === 0) {
    throw new Error('usage: vscode.mjs --extensionDevelopmentPath=DIR --extensionTestsPath=FILE FOLDER');
  }
  const repository = fileURLToPath(new URL('../../..', import.meta.url));
  return {
    repository,
    extensions,
    tests,
    folder: localPath(folder),
    userData: values('user-data-dir')[0],
    vsix: values('install-extension')[0],
  };
}

const localPath = (word: string) => path.resolve(word.startsWith('file://') ? fileURLToPath(word) : word);
