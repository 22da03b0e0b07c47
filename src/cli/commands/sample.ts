// `merf sample MODEL --prompt TEXT`, `merf sample FILE --rows 0..3`: what a model answers. The JSON lines of rows are
// those that `merf score --responses` reads.

import { type Command, Option } from 'commander';
import type { Model } from '../../model/folder.ts';
import type { Generated } from '../../model/generate.ts';
import type { SamplingOptions } from '../../model/sampling.ts';
import { MerfError } from '../../spec/error.ts';
import type { Split } from '../arm.ts';
import type { ChatPrompt, Target } from '../chat_prompts.ts';
import { numberOption } from '../number_option.ts';
import { print } from '../output.ts';

interface SampleOptions {
  prompt?: string;
  system?: string;
  raw?: boolean;
  arm?: string;
  model?: string;
  run?: string;
  checkpoint?: string;
  rows: string;
  split: Split;
  samples: number;
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  greedy?: boolean;
  seed: number;
  threads?: number;
  logprobs?: boolean;
  format: 'text' | 'json';
}

const count = (name: string, max = 1_000_000) => numberOption(name, { min: 1, max, integer: true });

export function registerSample(program: Command): void {
  program
    .command('sample')
    .description('Let a model answer a prompt, or the rows of a .merf file.')
    .argument('[model or file]', 'bundled:tiny, a model folder or hub id; or a .merf file; not with --run')
    .option('--prompt <text>', 'what a user says to the model; - reads it from the standard input')
    .option('--system <text>', 'the system message before it')
    .option('--raw', 'continue the prompt as it is, without the chat template')
    .option('--arm <arm>', 'of a .merf file: the arm whose prompt is read')
    .option('--model <model>', "of a .merf file: another model than the plan's")
    .option('--run <run>', 'a run, by its id or folder: its weights, and the rows of its .merf file')
    .option('--checkpoint <which>', 'of a run: last, best, or a step; otherwise last')
    .option('--rows <numbers>', 'of a .merf file or run: which rows, for example 0,2..4', '0')
    .addOption(
      new Option('--split <split>', 'of a .merf file or run: of which rows')
        .choices(['train', 'test'])
        .default('train'),
    )
    .option('--samples <count>', 'answers to each prompt', count('samples', 4096), 1)
    .option('--max-tokens <count>', "longest answer; otherwise the plan's, or 512", count('max-tokens'))
    .option(
      '--temperature <number>',
      "above 0; otherwise the plan's, or the model's own",
      numberOption('temperature', { min: 0.01, max: 100 }),
    )
    .option(
      '--top-p <number>',
      'only the likeliest tokens up to this probability',
      numberOption('top-p', { min: 0, max: 1 }),
    )
    .option(
      '--top-k <count>',
      'only this many of the likeliest tokens; 0: all',
      numberOption('top-k', { min: 0, max: 1e6, integer: true }),
    )
    .option('--greedy', 'always the likeliest token')
    .option(
      '--seed <number>',
      'the same seed gives the same answers',
      numberOption('seed', { min: 0, max: 4294967295, integer: true }),
      1,
    )
    .option('--threads <count>', 'processor threads; otherwise half of them', count('threads', 1024))
    .option('--logprobs', 'in JSON: every token with its log-probability and entropy')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(sample);
}

async function sample(name: string | undefined, options: SampleOptions): Promise<void> {
  const { createGenerator } = await import('../../model/generate.ts');
  const { standardThreads } = await import('../training_run.ts');
  const target = await targetOf(name, options);
  const prompts = await promptsOf(target, options);
  const { model, plan } = target;
  const generator = await createGenerator(model, { threads: options.threads ?? standardThreads() });
  const longest = Math.max(...prompts.map(({ tokens }) => tokens.length));
  const room = model.config.maxPositions - longest;
  const asked = options.maxTokens ?? plan?.arm.train.maxResponse;
  try {
    const generated = await generator.generate({
      prompts: prompts.map(({ tokens }) => tokens),
      samplesPerPrompt: options.samples,
      maxNewTokens: asked ?? Math.min(512, Math.max(1, room)),
      seed: options.seed,
      ...samplingOf(target, options),
    });
    for (const one of generated) {
      const prompt = prompts[one.prompt];
      if (prompt === undefined) continue;
      await print(
        options.format === 'json' ? asJson(model, prompt, one, options) : asText(model, prompt, one, options),
      );
    }
  } finally {
    await generator.dispose();
  }
}

async function targetOf(name: string | undefined, options: SampleOptions): Promise<Target> {
  const { openRun, openTarget } = await import('../chat_prompts.ts');
  const { run, checkpoint, arm, model } = options;
  if (run === undefined && checkpoint !== undefined) {
    throw new MerfError('--checkpoint belongs to a run.', 'Name it: merf sample --run RUN --checkpoint best.');
  }
  if (run === undefined && name === undefined) {
    throw new MerfError('There is no model to answer.', 'Name a model, a .merf file, or a run with --run.');
  }
  if (run === undefined) return openTarget(name ?? '', options);
  const other = name !== undefined ? name : arm !== undefined ? '--arm' : model !== undefined ? '--model' : null;
  if (other !== null) throw new MerfError(`${other} does not go with --run.`, 'A run has a model, a file and an arm.');
  return openRun(run, checkpoint ?? 'last');
}

async function promptsOf({ model, plan }: Target, options: SampleOptions): Promise<ChatPrompt[]> {
  const { chosenRows, promptOfRow, promptOfText } = await import('../chat_prompts.ts');
  if (options.prompt !== undefined) {
    const text = options.prompt === '-' ? await standardInput() : options.prompt;
    return [promptOfText(model, text, options)];
  }
  if (plan === null) throw new MerfError('There is no prompt.', 'Add --prompt TEXT, or - for the standard input.');
  const { spec, arm, file } = plan;
  const rows = await chosenRows(spec, file, options.split, options.rows);
  return rows.map(({ row, index }) => promptOfRow(model, spec, arm, row, index));
}

/** Of a file as in training; of a model by itself as its makers want it. What is asked for goes first. */
function samplingOf({ model, plan }: Target, options: SampleOptions): SamplingOptions {
  const { generation } = model;
  const standard: SamplingOptions =
    plan !== null
      ? { temperature: plan.arm.train.temperature }
      : {
          temperature: generation.temperature,
          topK: generation.topK,
          topP: generation.topP,
          greedy: !generation.sample,
        };
  const { temperature, topK, topP } = options;
  const asked = temperature !== undefined || topK !== undefined || topP !== undefined;
  return {
    ...standard,
    ...(asked && { greedy: false }),
    ...(temperature !== undefined && { temperature }),
    ...(topK !== undefined && { topK }),
    ...(topP !== undefined && { topP }),
    ...(options.greedy && { greedy: true }),
  };
}

async function standardInput(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

function asText(model: Model, prompt: ChatPrompt, one: Generated, { samples }: SampleOptions): string {
  const row = prompt.index === undefined ? [] : [`row ${prompt.index}`];
  const what = [...row, ...(samples > 1 ? [`answer ${one.sample + 1}`] : []), lengthOf(one)].join(', ');
  return `── ${what}\n${model.tokenizer.decode(one.tokens).replace(/\n?$/, '\n')}`;
}

function lengthOf({ tokens, finishReason }: Generated): string {
  return `${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'}${finishReason === 'length' ? ', cut' : ''}`;
}

function asJson(model: Model, prompt: ChatPrompt, one: Generated, { logprobs = false }: SampleOptions): string {
  const sum = one.logProbabilities.reduce((total, value) => total + value, 0);
  const line = {
    ...(prompt.row !== undefined && { row_index: prompt.index, row: prompt.row }),
    sample: one.sample,
    prompt: prompt.text,
    response: model.tokenizer.decode(one.tokens),
    tokens: one.tokens.length,
    finished: one.finishReason === 'stop',
    logprob: sum,
    ...(logprobs && {
      token_logprobs: one.tokens.map((id, i) => ({
        id,
        token: model.tokenizer.token(id),
        logprob: one.logProbabilities[i],
        entropy: one.entropies[i],
      })),
    }),
  };
  return `${JSON.stringify(line)}\n`;
}
