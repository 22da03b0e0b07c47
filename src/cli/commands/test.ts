// `merf test FILE…`: runs the examples of .merf files, which are their tests. Exit status 1 when one fails or a file
// cannot be used. An example that was not run is told with what it needs, and is no failure.

import { type Command, Option } from 'commander';
import { explain, MerfError } from '../../spec/error.ts';
import type { Example, Specification } from '../../spec/specification.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';
import { junitXml } from '../test/junit.ts';
import { type ExampleOutcome, type FileResult, reportOf } from '../test/results.ts';
import { testText } from '../test/text.ts';

interface TestOptions {
  format: 'text' | 'json' | 'junit';
  filter?: string;
}

export function registerTest(program: Command): void {
  program
    .command('test')
    .description('Run the examples of .merf files: each says what a response must score.')
    .argument('<file...>', 'the .merf files')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'junit']).default('text'))
    .option('--filter <name>', 'only examples with this in their name, whatever its case')
    .action(async (files: string[], { format, filter }: TestOptions) => {
      const results: FileResult[] = [];
      for (const file of files) results.push(await testFile(file, filter));
      const report = reportOf(results);
      if (filter !== undefined && report.broken === 0 && results.every(({ examples }) => examples.length === 0)) {
        throw new MerfError(`No example has "${filter}" in its name.`, 'Leave out --filter to run them all.');
      }
      if (format === 'json') await print(`${JSON.stringify(report, null, 2)}\n`);
      else await print(format === 'junit' ? junitXml(report) : testText(report));
      if (report.failed + report.broken > 0) process.exitCode = 1;
    });
}

async function testFile(file: string, filter = ''): Promise<FileResult> {
  try {
    const spec = await loadSpecification(file);
    const wanted = spec.examples.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
    return { file, examples: await outcomes(spec, wanted, file), error: null };
  } catch (error) {
    if (error instanceof MerfError) return { file, examples: [], error: explain(error) };
    throw error;
  }
}

/** Whoever runs the command trusts the file: its scripts are run, and its judges are asked, without a cache; what that cost is told. */
async function outcomes(spec: Specification, examples: readonly Example[], file: string): Promise<ExampleOutcome[]> {
  const { openScoring, usageText } = await import('../scoring.ts');
  const { runAsTest } = await import('../test/run.ts');
  const scoring = openScoring(spec, file, true, null);
  try {
    const all = await Promise.all(examples.map((example) => runAsTest(spec, example, scoring.scorer)));
    process.stderr.write(usageText(scoring.externals));
    return all;
  } finally {
    await scoring.end();
  }
}
