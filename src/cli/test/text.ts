// The examples' results for a person: a line for each example that did not pass, with its place, and under it what
// was expected and what came, rule by rule; passed examples are counted.

import { plain, signed } from '../../spec/number_text.ts';
import type { ExampleOutcome, FileResult, RuleJudgement, TestReport } from './results.ts';

export function testText(report: TestReport): string {
  return `${report.files.map(fileText).join('')}${summary(report)}\n`;
}

function fileText({ file, examples, error }: FileResult): string {
  if (error !== null) return `${error}\n`;
  return examples.map((example) => exampleText(file, example)).join('');
}

function exampleText(file: string, { name, status, position, judgements, reason }: ExampleOutcome): string {
  if (status === 'passed') return '';
  const head = `${file}:${position.line + 1}:${position.character + 1} ${status === 'failed' ? 'failed' : 'not run'} "${name}"`;
  return `${[head, ...(reason === null ? judgements.map((each) => `  ${judgementText(each)}`) : [`  ${reason}`])].join('\n')}\n`;
}

/** `format: expected +1, got -1 (case 2: the response has any other shape)`, for a log line. */
export function judgementText({ rule, expected, actual, passed, case: fired, text }: RuleJudgement): string {
  const number = rule === null ? plain : signed;
  const name = rule ?? 'reward';
  const why = fired === null ? '' : fired < 0 ? ' (no case held)' : ` (case ${fired + 1}${text ? `: ${text}` : ''})`;
  if (passed) return `${name}: ${number(actual)} as expected`;
  return `${name}: expected ${number(expected)}, got ${number(actual)}${why}`;
}

function summary({ files, passed, failed, notRun, broken }: TestReport): string {
  const examples = passed + failed + notRun;
  const unread = broken === 0 ? '' : `, ${broken} ${broken === 1 ? 'file' : 'files'} with errors`;
  if (examples === 0) return `No examples in ${files.length === 1 ? 'the file' : `${files.length} files`}${unread}.`;
  const parts = [`${passed} passed`, `${failed} failed`, ...(notRun > 0 ? [`${notRun} not run`] : [])];
  return `${examples} ${examples === 1 ? 'example' : 'examples'}: ${parts.join(', ')}${unread}.`;
}
