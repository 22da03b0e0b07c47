// `merf score FILE`: the reward of responses, each rule's case and score; from a file of JSON lines, or as a child
// process that answers each line of its input with a line (`--serve`), which is how other trainers ask for the reward.

import { type Command, Option } from 'commander';
import { fullMarks } from '../../reward/accuracy.ts';
import type { ResponseScore } from '../../reward/score.ts';
import { MerfError } from '../../spec/error.ts';
import { plain, signed } from '../../spec/number_text.ts';
import type { Specification } from '../../spec/specification.ts';
import { linesOf, linesOfFile } from '../json_lines.ts';
import { LackingColumns } from '../lacking_columns.ts';
import { print } from '../output.ts';
import { scoreLine } from '../response_line.ts';
import { loadSpecification } from '../specification.ts';

interface ScoreOptions {
  responses?: string;
  format: 'text' | 'json';
  serve?: boolean;
}

export function registerScore(program: Command): void {
  program
    .command('score')
    .description('Score responses with the reward of a .merf file.')
    .argument('<file>', 'the .merf file')
    .option('--responses <file>', 'JSON lines {"row": {…}, "response": "…"}; - for the standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--serve', 'answer each line of the standard input with one line of JSON, until it ends')
    .action(async (file: string, options: ScoreOptions) => {
      const spec = await loadSpecification(file);
      if (options.serve) return serve(spec);
      if (options.responses === undefined) {
        throw new MerfError('There are no responses to score.', 'Add --responses FILE, or - for the standard input.');
      }
      await scoreFile(spec, options.responses, options.format);
    });
}

/** Lines that could not be read and are told one by one. */
const TOLD = 20;

async function scoreFile(spec: Specification, path: string, format: 'text' | 'json'): Promise<void> {
  const full = fullMarks(spec);
  const lacking = new LackingColumns(spec);
  let [scored, sum, best, refused] = [0, 0, 0, 0];
  for await (const { number, text } of linesOfFile(path)) {
    const result = scoreLine(spec, text);
    if ('error' in result) {
      refused++;
      if (format === 'json') await print(`${JSON.stringify({ line: number, error: result.error })}\n`);
      if (refused <= TOLD) process.stderr.write(`merf: ${path}, line ${number}: ${result.error}\n`);
      continue;
    }
    const { row, score } = result;
    scored++;
    sum += score.total;
    if (score.total >= full) best++;
    lacking.look(row, number);
    await print(format === 'json' ? `${JSON.stringify({ line: number, ...score })}\n` : describe(spec, number, score));
  }
  if (refused > TOLD) process.stderr.write(`merf: ${refused - TOLD} more lines could not be read.\n`);
  process.stderr.write(lacking.text(path));
  if (refused > 0) process.exitCode = 1;
  if (scored + refused === 0) {
    const where = path === '-' ? 'The standard input' : path;
    throw new MerfError(`${where} has no lines.`, 'Write {"row": {…}, "response": "…"} on a line for each response.');
  }
  if (format === 'json') return;
  const mean = scored === 0 ? '' : `, mean total ${plain(Number((sum / scored).toFixed(4)))}, full marks ${best}`;
  const unread = refused === 0 ? '' : `, ${refused} ${refused === 1 ? 'line' : 'lines'} could not be read`;
  await print(`${scored} scored${mean}${unread}\n`);
}

/** A line for the total, and one for each rule with the case that fired. */
function describe(spec: Specification, number: number, score: ResponseScore): string {
  const width = Math.max(...spec.rules.map(({ name }) => name.length), 0);
  const lines = spec.rules.map((rule) => {
    const result = score.rules[rule.name];
    if (result === undefined) return '';
    const fired = rule.cases[result.case];
    const what = fired === undefined ? 'no case' : `case ${result.case + 1}${fired.text ? `: ${fired.text}` : ''}`;
    const weight = result.weight === 1 ? '' : ` × ${plain(result.weight)}`;
    return `  ${rule.name.padEnd(width)}  ${`${signed(result.score)}${weight}`.padEnd(6)}  ${what}\n`;
  });
  return `line ${number}: total ${signed(score.total)}\n${lines.join('')}`;
}

async function serve(spec: Specification): Promise<void> {
  for await (const { text } of linesOf(process.stdin)) {
    const result = scoreLine(spec, text);
    await print(`${JSON.stringify('error' in result ? result : result.score)}\n`);
  }
}
