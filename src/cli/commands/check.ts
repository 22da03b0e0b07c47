// `merf check FILE...`: the diagnostics of .merf files, one line each, or as JSON:
//   { "files": [{ "file": "a.merf", "ok": false, "diagnostics": [Diagnostic, …] }], "errors": 1, "warnings": 0 }
// with Diagnostic as in language/check.ts (lines and characters from 0). Exit status 1 when there is any error; a file
// that cannot be read is one, and the others are still checked. `--format sarif` is for code hosts.

import { type Command, Option } from 'commander';
import type { Diagnostic } from '../../language/check.ts';
import type { World } from '../../language/surroundings.ts';
import { explain, MerfError } from '../../spec/error.ts';
import type { FileReport } from '../check/report.ts';
import { print } from '../output.ts';

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('Check .merf files: prints what is wrong and what to do about it.')
    .argument('<file...>', 'the .merf files')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'sarif']).default('text'))
    .action(async (files: string[], options: { format: 'text' | 'json' | 'sarif' }) => {
      const { diskWorld } = await import('../world.ts');
      const world = diskWorld();
      const reports = await Promise.all(files.map((file) => reportOf(file, world)));
      const count = (severity: Diagnostic['severity']): number =>
        reports.flatMap((report) => report.diagnostics).filter((each) => each.severity === severity).length;
      const errors = count('error') + reports.filter((report) => report.error !== undefined).length;
      const warnings = count('warning');
      if (options.format === 'json') {
        await print(`${JSON.stringify({ files: reports, errors, warnings }, null, 2)}\n`);
      } else if (options.format === 'sarif') {
        const { sarifLog } = await import('../check/sarif.ts');
        await print(`${JSON.stringify(sarifLog(reports), null, 2)}\n`);
      } else {
        await print(`${reports.map(describe).join('')}${summary(files.length, errors, warnings)}\n`);
      }
      if (errors > 0) process.exitCode = 1;
    });
}

async function reportOf(file: string, world: World): Promise<FileReport> {
  const { checkFile } = await import('../../language/check.ts');
  try {
    const { specification, diagnostics } = await checkFile(file, world);
    return { file, ok: specification !== null, diagnostics };
  } catch (error) {
    if (error instanceof MerfError) return { file, ok: false, diagnostics: [], error: explain(error) };
    throw error;
  }
}

/** `file:line:column severity CODE message`, lines and columns from 1 as editors count them. */
function describe({ file, diagnostics, error }: FileReport): string {
  if (error !== undefined) return `${error}\n`;
  return diagnostics
    .map(({ range, severity, code, message }) => {
      return `${file}:${range.start.line + 1}:${range.start.character + 1} ${severity} ${code} ${message}\n`;
    })
    .join('');
}

function summary(files: number, errors: number, warnings: number): string {
  const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  const checked = plural(files, 'file');
  if (errors + warnings === 0) return `${checked} checked, nothing to report.`;
  return `${checked} checked: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`;
}
