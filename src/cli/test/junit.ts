// The examples' results as JUnit XML, the form that CI systems read (the testmoapp/junitxml description of what Ant,
// Jenkins, GitLab and GitHub's reporters agree on): a suite for each file, a case for each example. A file with errors
// is a case with an <error>. Characters that XML 1.0 cannot hold are written as U+FFFD.

import type { ExampleOutcome, FileResult, TestReport } from './results.ts';
import { judgementText } from './text.ts';

export function junitXml(report: TestReport): string {
  const counts = attributes({
    tests: report.passed + report.failed + report.notRun + report.broken,
    failures: report.failed,
    errors: report.broken,
    skipped: report.notRun,
    time: seconds(report.files.flatMap(({ examples }) => examples)),
  });
  const suites = report.files.map(suite).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="merf test"${counts}>\n${suites}</testsuites>\n`;
}

function suite({ file, examples, error }: FileResult): string {
  const of = (status: ExampleOutcome['status']): number => examples.filter((one) => one.status === status).length;
  const counts = attributes({
    name: file,
    file,
    tests: error === null ? examples.length : 1,
    failures: of('failed'),
    errors: error === null ? 0 : 1,
    skipped: of('not_run'),
    time: seconds(examples),
  });
  const cases =
    error === null
      ? examples.map((example) => testcase(file, example)).join('')
      : `    <testcase${attributes({ name: 'the file can be used', classname: file, file, time: '0.000' })}>\n` +
        `      <error${attributes({ message: firstLine(error), type: 'errors' })}>${xml(error)}</error>\n    </testcase>\n`;
  return `  <testsuite${counts}>\n${cases}  </testsuite>\n`;
}

function testcase(file: string, { name, status, position, milliseconds, judgements, reason }: ExampleOutcome): string {
  const line = position.line + 1;
  const head = attributes({ name, classname: file, file, line, time: (milliseconds / 1000).toFixed(3) });
  if (status === 'passed') return `    <testcase${head}/>\n`;
  const wrong = judgements.filter(({ passed }) => !passed).map(judgementText);
  const inside =
    status === 'not_run'
      ? `<skipped${attributes({ message: reason ?? '' })}/>`
      : `<failure${attributes({ message: wrong.join('; '), type: 'score' })}>` +
        `${xml([`${file}:${line}`, ...judgements.map(judgementText)].join('\n'))}</failure>`;
  return `    <testcase${head}>\n      ${inside}\n    </testcase>\n`;
}

function seconds(examples: readonly ExampleOutcome[]): string {
  return (examples.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(3);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function xml(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}
