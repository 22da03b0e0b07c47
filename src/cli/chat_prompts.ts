// The prompts of `merf sample` and `merf logprobs`: the rows of a .merf file as an arm's model reads them, or a text of
// one's own, as a user's message or (raw) as it is.

import { resolve } from 'node:path';
import type { Model } from '../model/folder.ts';
import { renderPrompt } from '../motivation/prompt.ts';
import { rootOfRun } from '../run/location.ts';
import { readRecord } from '../run/read.ts';
import { MerfError } from '../spec/error.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import { loadTask, type Row } from '../task/registry.ts';
import { findArm, findRow, type Split, wholeNumber } from './arm.ts';
import { checkpointNamed } from './checkpoint_named.ts';
import { openModelNamed } from './named_model.ts';
import { loadSpecification } from './specification.ts';

export interface ChatPrompt {
  readonly text: string;
  readonly tokens: readonly number[];
  /** The row it was made of, and its number. */
  readonly row?: Row;
  readonly index?: number;
}

/** What a command works on: a model by itself, or a .merf file's arm with its model. */
export interface Target {
  readonly model: Model;
  /** null: no .merf file. */
  readonly plan: { readonly spec: Specification; readonly arm: Arm; readonly file: string } | null;
}

/** `name` is a .merf file or a model; `model` stands in for the plan's. */
export async function openTarget(
  name: string,
  { arm: armName, model }: { readonly arm?: string; readonly model?: string },
): Promise<Target> {
  if (!name.endsWith('.merf')) {
    const only = armName !== undefined ? '--arm' : model !== undefined ? '--model' : null;
    if (only !== null) throw new MerfError(`${only} belongs to a .merf file.`, `Leave it out, or name a file.`);
    return { model: await openModelNamed(name, '.'), plan: null };
  }
  const spec = await loadSpecification(name);
  const arm = findArm(spec, armName);
  return { model: await openModelNamed(model ?? arm.train.model, name), plan: { spec, arm, file: name } };
}

/** What a run trains, with the weights of one of its checkpoints; rows are those of its .merf file as it was then. */
export async function openRun(run: string, which: string): Promise<Target> {
  const { runFolder, folder } = checkpointNamed(run, which);
  const { specification: spec, arm, file } = readRecord(runFolder);
  const model = await openModelNamed(folder, '.');
  return { model, plan: { spec, arm: findArm(spec, arm), file: resolve(rootOfRun(runFolder), file) } };
}

export function promptOfText(
  model: Model,
  prompt: string,
  { system, raw = false }: { readonly system?: string; readonly raw?: boolean } = {},
): ChatPrompt {
  if (raw) return tokenized(model, prompt, { ends: true });
  const messages = [
    ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
    { role: 'user', content: prompt } as const,
  ];
  return tokenized(model, model.chatTemplate.render(messages));
}

export function promptOfRow(model: Model, spec: Specification, arm: Arm, row: Row, index?: number): ChatPrompt {
  const prompt = tokenized(model, model.chatTemplate.render(renderPrompt(spec, arm.name, row)));
  return { ...prompt, row, ...(index !== undefined && { index }) };
}

function tokenized(model: Model, text: string, options?: { readonly ends: boolean }): ChatPrompt {
  const tokens = model.tokenizer.encode(text, options);
  if (tokens.length > 0) return { text, tokens };
  throw new MerfError('The prompt is empty.', 'Give it some text, or correct the chat template of the model.');
}

/** The rows that `--rows 0,2..4` names. */
export async function chosenRows(
  spec: Specification,
  file: string,
  split: Split,
  numbers: string,
): Promise<{ row: Row; index: number }[]> {
  const rows = await loadTask(spec.task, file);
  return rowNumbers(numbers).map((index) => ({ row: findRow(rows, split, index), index }));
}

const MOST_ROWS = 100_000;

function rowNumbers(text: string): number[] {
  const whole = wholeNumber('rows');
  return text.split(',').flatMap((part) => {
    const [first = '', last] = part.trim().split('..');
    const [from, to] = [whole(first), whole(last ?? first)];
    if (to < from || to - from > MOST_ROWS) {
      throw new MerfError(`--rows cannot be ${text}.`, 'Write numbers and ranges, for example 0,2..4.');
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
