// `merf report RUN...`: one HTML file to show a colleague.

import type { Command } from 'commander';
import { print } from '../output.ts';
import { type Language, languageOption } from '../say.ts';

interface ReportFlags {
  out: string;
  lang: Language;
  title?: string;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('Write the curves and traces of runs as one self-contained HTML file.')
    .argument('<run...>', "runs: their folders, or their ids under this folder's .merf/runs")
    .option('--out <file>', 'where to write it', 'report.html')
    .addOption(languageOption())
    .option('--title <title>', "its title (the experiment's name when left out)")
    .action(async (runs: string[], { out, lang, title }: ReportFlags) => {
      const { findRunFolder } = await import('../../run/location.ts');
      const { writeReport } = await import('../report.ts');
      const folders = runs.map((run) => findRunFolder(process.cwd(), run));
      const bytes = writeReport(folders, out, { language: lang, ...(title === undefined ? {} : { title }) });
      await print(`${out} (${(bytes / 1e6).toFixed(1)} MB)\n`);
    });
}
