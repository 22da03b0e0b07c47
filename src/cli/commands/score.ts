// `merf score FILE`: the reward of responses, each rule's case and score; from a file of JSON lines, or as a child
// process that answers each line of its input with a line (`--serve`), which is how other trainers ask for the reward.

import { type Command, Option } from 'commander';
import { plain, signed } from '../../motivation/number.ts';
import { fullMarks } from '../../reward/accuracy.ts';
import type { ResponseScore } from '../../reward/score.ts';
import { MerfError } from '../../spec/error.ts';
import type { Specification } from '../../spec/specification.ts';
import { linesOf, linesOfFile } from '../json_lines.ts';
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

async function scoreFile(spec: Specification, path: string, format: 'text' | 'json'): Promise<void> {
  const full = fullMarks(spec);
  let [scored, sum, best, refused] = [0, 0, 0, 0];
  for await (const { number, text } of linesOfFile(path)) {
    const score = scoreLine(spec, text);
    if (format === 'json') await print(`${JSON.stringify({ line: number, ...score })}\n`);
    if ('error' in score) {
      refused++;
      process.stderr.write(`merf: ${path}, line ${number}: ${score.error}\n`);
      continue;
    }
    scored++;
    sum += score.total;
    if (score.total >= full) best++;
    if (format === 'text') await print(describe(spec, number, score));
  }
  if (refused > 0) process.exitCode = 1;
  if (format === 'json') return;
  if (scored + refused === 0) {
    throw new MerfError(`${path} has no lines.`, 'Write {"row": {…}, "response": "…"} on a line for each response.');
  }
  const mean = scored === 0 ? '' : `, mean total ${plain(Number((sum / scored).toFixed(4)))}, full marks ${best}`;
  await print(`${scored} scored${mean}${refused === 0 ? '' : `, ${refused} lines could not be read`}\n`);
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
  for await (const { text } of linesOf(process.stdin)) await print(`${JSON.stringify(scoreLine(spec, text))}\n`);
}
