// `merf test FILE…`: runs the examples of .merf files, which are their tests. Exit status 1 when one fails or a file
// cannot be used. An example that was not run is told with what it needs, and is no failure.

import { type Command, Option } from 'commander';
import { type ExampleResult, runExample } from '../../reward/examples.ts';
import { explain, MerfError } from '../../spec/error.ts';
import type { Example, Place, Specification } from '../../spec/specification.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';
import { junitXml } from '../test/junit.ts';
import { type ExampleOutcome, type FileResult, type RuleJudgement, reportOf } from '../test/results.ts';
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
    return { file, examples: wanted.map((example) => outcome(spec, example)), error: null };
  } catch (error) {
    if (error instanceof MerfError) return { file, examples: [], error: explain(error) };
    throw error;
  }
}

function outcome(spec: Specification, example: Example): ExampleOutcome {
  const started = performance.now();
  const result = runExample(spec, example);
  const { invalid } = result.score;
  return {
    name: example.name,
    status: invalid !== null ? 'not_run' : result.passed ? 'passed' : 'failed',
    position: position(example.place),
    milliseconds: performance.now() - started,
    judgements: invalid === null ? judgements(spec, result) : [],
    reason: invalid && `${invalid.message} Write \`given ${invalid.name} …\` in the example: what it answers there.`,
  };
}

function judgements(spec: Specification, { judgements: all, score }: ExampleResult): RuleJudgement[] {
  return all.map((each) => {
    const rule = spec.rules.find(({ name }) => name === each.rule);
    const fired = each.rule === null ? null : (score.rules[each.rule]?.case ?? -1);
    const chosen = fired === null ? undefined : rule?.cases[fired];
    return { ...each, case: fired, text: chosen?.text ?? null, position: chosen ? position(chosen.place) : null };
  });
}

function position({ line, column }: Place): { line: number; character: number } {
  return { line, character: column };
}
