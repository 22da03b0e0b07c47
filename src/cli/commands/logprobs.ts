// `merf logprobs MODEL --prompt TEXT --response TEXT`, `merf logprobs FILE --responses R.jsonl`: how likely a model
// finds a response, token by token; of a .merf file also without the motivation (the difference is its lift).

import { type Command, Option } from 'commander';
import type { Model } from '../../model/folder.ts';
import type { ResponseScores, Scorer } from '../../model/trainer.ts';
import { MerfError } from '../../spec/error.ts';
import type { ChatPrompt, Target } from '../chat_prompts.ts';
import { linesOfFile } from '../json_lines.ts';
import { numberOption } from '../number_option.ts';
import { print } from '../output.ts';
import { readResponseLine } from '../response_line.ts';

interface LogprobsOptions {
  prompt?: string;
  system?: string;
  raw?: boolean;
  response?: string;
  responses?: string;
  arm?: string;
  model?: string;
  lift?: boolean;
  end?: boolean;
  temperature: number;
  threads?: number;
  format: 'text' | 'json';
}

export function registerLogprobs(program: Command): void {
  program
    .command('logprobs')
    .description('Say how likely a model finds a response, token by token.')
    .argument('<model or file>', 'bundled:tiny, a model folder or hub id; or a .merf file')
    .option('--prompt <text>', 'what a user says to the model')
    .option('--system <text>', 'the system message before it')
    .option('--raw', 'the prompt as it is, without the chat template')
    .option('--response <text>', 'the response to that prompt')
    .option('--responses <file>', 'of a .merf file: JSON lines {"row": {…}, "response": "…"}; - for the standard input')
    .option('--arm <arm>', 'of a .merf file: the arm whose prompt is read')
    .option('--model <model>', "of a .merf file: another model than the plan's")
    .option('--lift', 'of a .merf file: also without the motivation, and the difference')
    .option('--end', 'count the end token too (JSON lines say it by "finished": true)')
    .option('--temperature <number>', 'of the distribution', numberOption('temperature', { min: 0.01, max: 100 }), 1)
    .option(
      '--threads <count>',
      'processor threads; otherwise half of them',
      numberOption('threads', { min: 1, max: 1024, integer: true }),
    )
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(logprobs);
}

async function logprobs(name: string, options: LogprobsOptions): Promise<void> {
  const { openTarget } = await import('../chat_prompts.ts');
  const { createScorer } = await import('../../model/trainer.ts');
  const { standardThreads } = await import('../training_run.ts');
  const target = await openTarget(name, options);
  const scorer = await createScorer(target.model, { threads: options.threads ?? standardThreads() });
  try {
    if (options.response !== undefined) await ofText(target.model, scorer, options, options.response);
    else await ofRows(target, scorer, options);
  } finally {
    await scorer.dispose();
  }
}

async function ofText(model: Model, scorer: Scorer, options: LogprobsOptions, response: string): Promise<void> {
  const { promptOfText } = await import('../chat_prompts.ts');
  if (options.prompt === undefined) throw new MerfError('There is no prompt.', 'Add --prompt TEXT.');
  const prompt = promptOfText(model, options.prompt, options);
  const scored = await scoreResponse(model, scorer, prompt, response, options.end ?? false, options.temperature);
  await print(show(options, {}, scored));
}

async function ofRows({ model, plan }: Target, scorer: Scorer, options: LogprobsOptions): Promise<void> {
  const { promptOfRow } = await import('../chat_prompts.ts');
  if (plan === null) throw new MerfError('There is no response.', 'Add --prompt TEXT and --response TEXT.');
  if (options.responses === undefined) {
    throw new MerfError('There are no responses.', 'Add --responses FILE, or - for the standard input.');
  }
  const { spec, arm } = plan;
  const bare = { ...arm, name: `${arm.name} without motivation`, motivation: null };
  const both = { ...spec, arms: [...spec.arms, bare] };
  for await (const { number, text } of linesOfFile(options.responses)) {
    const read = readResponseLine(text);
    if ('error' in read) {
      process.stderr.write(`merf: ${options.responses}, line ${number}: ${read.error}\n`);
      process.exitCode = 1;
      continue;
    }
    const { row, response, finished } = read.line;
    const ended = finished ?? options.end ?? false;
    const score = (one: typeof arm) =>
      scoreResponse(model, scorer, promptOfRow(model, both, one, row), response, ended, options.temperature);
    const scored = await score(arm);
    await print(show(options, { line: number }, scored, options.lift ? await score(bare) : undefined));
  }
}

interface ScoredToken {
  readonly id: number;
  readonly token: string;
  readonly logprob: number;
  readonly entropy: number;
}

async function scoreResponse(
  model: Model,
  scorer: Scorer,
  prompt: ChatPrompt,
  response: string,
  ended: boolean,
  temperature: number,
): Promise<ScoredToken[]> {
  const { tokenizer, endTokens, config } = model;
  const end = tokenizer.endTokens[0] ?? endTokens[0];
  const tokens = [...tokenizer.encode(response), ...(ended && end !== undefined ? [end] : [])];
  if (tokens.length === 0) throw new MerfError('The response is empty.', 'Give it some text, or count its end: --end.');
  const length = prompt.tokens.length + tokens.length;
  if (length > config.maxPositions) {
    throw new MerfError(
      `Prompt and response are ${length} tokens; the model's context is ${config.maxPositions}.`,
      'Shorten one of them.',
    );
  }
  const [group] = await scorer.score([{ prompt: prompt.tokens, responses: [{ tokens }] }], temperature);
  const scores: ResponseScores | undefined = group?.[0];
  return tokens.map((id, i) => ({
    id,
    token: tokenizer.token(id),
    logprob: scores?.logProbabilities[i] ?? Number.NaN,
    entropy: scores?.entropies[i] ?? Number.NaN,
  }));
}

const sumOf = (tokens: readonly ScoredToken[]) => tokens.reduce((sum, { logprob }) => sum + logprob, 0);

function show(
  { format }: LogprobsOptions,
  where: { line?: number },
  tokens: readonly ScoredToken[],
  without?: readonly ScoredToken[],
): string {
  const logprob = sumOf(tokens);
  const bare = without && sumOf(without);
  const listed = tokens.map((token, i) => ({
    ...token,
    ...(without && { without: without[i]?.logprob, lift: token.logprob - (without[i]?.logprob ?? Number.NaN) }),
  }));
  if (format === 'json') {
    const total = {
      logprob,
      mean: logprob / tokens.length,
      ...(bare !== undefined && { without: bare, lift: logprob - bare }),
    };
    return `${JSON.stringify({ ...where, ...total, tokens: listed })}\n`;
  }
  const lines = listed.map(({ token, logprob, entropy, lift }) => {
    const numbers = [logprob, ...(lift === undefined ? [] : [lift]), entropy].map((value) =>
      value.toFixed(3).padStart(9),
    );
    return `${numbers.join('')}  ${JSON.stringify(token)}\n`;
  });
  const heads = ['logprob', ...(without ? ['lift'] : []), 'entropy'].map((head) => head.padStart(9)).join('');
  const lift = bare === undefined ? '' : `, lift ${(logprob - bare).toFixed(3)}`;
  const place = where.line === undefined ? '' : `line ${where.line}: `;
  return `${heads}\n${lines.join('')}${place}log-probability ${logprob.toFixed(3)}${lift}, ${(logprob / tokens.length).toFixed(3)} a token, ${tokens.length} tokens\n`;
}
