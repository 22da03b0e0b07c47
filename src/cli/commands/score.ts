// `merf score FILE`: the reward of responses, each rule's case and score; from a file of JSON lines, or as a child
// process that answers each line of its input with a line (`--serve`), which is how other trainers ask for the reward.

import { type Command, Option } from 'commander';
import { fullMarks } from '../../reward/accuracy.ts';
import type { ResponseScore } from '../../reward/score.ts';
import { MerfError } from '../../spec/error.ts';
import { plain, signed } from '../../spec/number_text.ts';
import type { Specification } from '../../spec/specification.ts';
import type { Sample, ScoredSample } from '../../verify/scorer.ts';
import { linesOf, linesOfFile } from '../json_lines.ts';
import { LackingColumns } from '../lacking_columns.ts';
import { print } from '../output.ts';
import { sampleOf } from '../response_line.ts';
import { openScoring, type Scoring, usageText } from '../scoring.ts';
import { loadSpecification } from '../specification.ts';

interface ScoreOptions {
  responses?: string;
  format: 'text' | 'json';
  serve?: boolean;
  untrusted?: boolean;
}

export function registerScore(program: Command): void {
  program
    .command('score')
    .description('Score responses with the reward of a .merf file.')
    .argument('<file>', 'the .merf file')
    .option('--responses <file>', 'JSON lines {"row": {…}, "response": "…"}; - for the standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--serve', 'answer each line of the standard input with one line of JSON, until it ends')
    .option('--untrusted', 'ask no verifier and no judge: responses that need one are invalid')
    .addHelpText('after', '\nExit status: 1 when a line could not be read, else 2 when a response was invalid.')
    .action(async (file: string, options: ScoreOptions) => {
      const spec = await loadSpecification(file);
      if (!options.serve && options.responses === undefined) {
        throw new MerfError('There are no responses to score.', 'Add --responses FILE, or - for the standard input.');
      }
      const scoring = openScoring(spec, file, options.untrusted !== true);
      try {
        if (options.serve) await serve(scoring);
        else await scoreFile(spec, scoring, options.responses ?? '-', options.format);
        process.stderr.write(usageText(scoring.externals));
      } finally {
        await scoring.end();
      }
    });
}

/** Lines that could not be read and are told one by one. */
const TOLD = 20;
/** What is scored together: responses, and characters of them. */
const BATCH = { samples: 256, characters: 4_000_000 };

interface Line {
  number: number;
  read: { sample: Sample } | { error: string };
}

async function scoreFile(
  spec: Specification,
  { scorer }: Scoring,
  path: string,
  format: 'text' | 'json',
): Promise<void> {
  const full = fullMarks(spec);
  const lacking = new LackingColumns(spec);
  const invalid = new Map<string, number>();
  let [scored, sum, best, refused] = [0, 0, 0, 0];
  const tell = async ({ number, read }: Line, result: ScoredSample | undefined): Promise<void> => {
    if ('error' in read) {
      refused++;
      if (format === 'json') await print(`${JSON.stringify({ line: number, error: read.error })}\n`);
      if (refused <= TOLD) process.stderr.write(`merf: ${path}, line ${number}: ${read.error}\n`);
      return;
    }
    if (result === undefined) return;
    const { score } = result;
    lacking.look(read.sample.row, number);
    if (score.invalid !== null) invalid.set(score.invalid.cause, (invalid.get(score.invalid.cause) ?? 0) + 1);
    else {
      scored++;
      sum += score.total;
      if (score.total >= full) best++;
    }
    await print(format === 'json' ? `${JSON.stringify({ line: number, ...score })}\n` : describe(spec, number, score));
  };
  const progress = progressLine();
  for await (const batch of batches(path)) {
    const samples = batch.flatMap(({ read }) => ('sample' in read ? read.sample : []));
    const results = await scorer.score(samples);
    for (const line of batch) await tell(line, 'sample' in line.read ? results.shift() : undefined);
    progress.show(batch.at(-1)?.number ?? 0);
  }
  progress.end();
  if (refused > TOLD) process.stderr.write(`merf: ${refused - TOLD} more lines could not be read.\n`);
  process.stderr.write(lacking.text(path));
  const causes = [...invalid].map(([cause, count]) => `${cause} ${count}`).join(', ');
  const left = [...invalid.values()].reduce((all, count) => all + count, 0);
  if (refused > 0) process.exitCode = 1;
  else if (left > 0) process.exitCode = 2;
  if (scored + refused + left === 0) {
    const where = path === '-' ? 'The standard input' : path;
    throw new MerfError(`${where} has no lines.`, 'Write {"row": {…}, "response": "…"} on a line for each response.');
  }
  if (format === 'json') return;
  const mean = scored === 0 ? '' : `, mean total ${plain(Number((sum / scored).toFixed(4)))}, full marks ${best}`;
  const unknown = left === 0 ? '' : `, ${left} invalid (${causes})`;
  const unread = refused === 0 ? '' : `, ${refused} ${refused === 1 ? 'line' : 'lines'} could not be read`;
  await print(`${scored} scored${mean}${unknown}${unread}\n`);
}

async function* batches(path: string): AsyncGenerator<Line[]> {
  let [batch, characters]: [Line[], number] = [[], 0];
  for await (const { number, text } of linesOfFile(path)) {
    batch.push({ number, read: sampleOf(text) });
    characters += text?.length ?? 0;
    if (batch.length < BATCH.samples && characters < BATCH.characters) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** How far it is, on the standard error of a person whose output goes elsewhere. */
function progressLine(): { show: (line: number) => void; end: () => void } {
  const isShown = process.stderr.isTTY && !process.stdout.isTTY;
  const began = performance.now();
  let open = false;
  return {
    show: (line) => {
      if (!isShown || performance.now() - began < 2000) return;
      open = true;
      process.stderr.write(`\r${line} lines scored`);
    },
    end: () => {
      if (open) process.stderr.write('\n');
    },
  };
}

/** A line for the total, and one for each rule with the case that fired. */
function describe(spec: Specification, number: number, score: ResponseScore): string {
  if (score.invalid !== null) return `line ${number}: invalid (${score.invalid.cause}): ${score.invalid.message}\n`;
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

/** Lines that wait for answers at once, while those after them are read. */
const WAITING = 64;

/** Answers in the order of the lines, whatever is scored first. */
async function serve({ scorer }: Scoring): Promise<void> {
  const waiting: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();
  for await (const { text } of linesOf(process.stdin)) {
    const read = sampleOf(text);
    const scoring = 'sample' in read ? scorer.score([read.sample]) : null;
    last = Promise.all([last, scoring]).then(([, scored]) => {
      const answer = 'error' in read ? read : scored?.[0]?.score;
      return print(`${JSON.stringify(answer)}\n`);
    });
    waiting.push(last);
    if (waiting.length >= WAITING) await waiting.shift();
  }
  await last;
}
