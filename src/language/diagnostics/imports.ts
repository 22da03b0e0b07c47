// Diagnostics 14x: imported files.

import { kind } from './kind.ts';

export const IMPORT_DIAGNOSTICS = {
  importedFile: kind({
    code: 'MERF141',
    severity: 'error',
    title: 'An imported file cannot be read',
    message: (refused: string, remedy: string) => `${refused} ${remedy}`,
    why: 'An import names a .merf file; its path counts from the folder of the file that imports it.',
    bad: 'import "./shraed.merf"',
    good: 'import "./shared.merf"',
  }),
  circularImport: kind({
    code: 'MERF142',
    severity: 'error',
    title: 'Files import each other in a circle',
    message: (chain: readonly string[]) =>
      `This import leads back to where it came from: ${chain.map((path) => `\`${path}\``).join(' imports ')}. Move what both need into a third file.`,
    why: 'What is imported stands before what imports it, and in a circle nothing is first.',
    bad: '// a.merf\nimport "./b.merf"\n// b.merf\nimport "./a.merf"',
    good: '// a.merf\nimport "./shared.merf"\n// b.merf\nimport "./shared.merf"',
  }),
  importedError: kind({
    code: 'MERF143',
    severity: 'error',
    title: 'An imported file has an error',
    message: (path: string, line: number, message: string, count: number) =>
      `\`${path}\`, line ${line}: ${message}${count > 1 ? ` (And ${count - 1} more.)` : ''}`,
    why: 'Imported rules and captures are read as if they stood here, with the columns of the task of this file.',
    bad: '// shared.merf\nresponse { answer = tga("answer") }',
    good: '// shared.merf\nresponse { answer = tag("answer") }',
  }),
  onlyImported: kind({
    code: 'MERF144',
    severity: 'warning',
    title: 'A file that can only be imported',
    message: () =>
      'This file has no experiment, task, prompt and arm, so it can be imported and not trained. Names of columns are checked where it is imported.',
    why: 'Rules, captures and motivations that several experiments share can stand in a file of their own.',
    bad: 'reward { rule format { +1 when finished  0 otherwise } }',
    good: 'import "./format.merf"\nexperiment mine\n// task, prompt, arms …',
  }),
} as const;
