// What TRL's GRPOTrainer leaves in its output folder: `trainer_state.json` (at its top or in the last checkpoint) with the
// metrics by step, and with `log_completions` one `completions/completions_00001.parquet` a logged step: prompt,
// completion, a column for each reward function, advantage. A response's total is not in there; it is taken as the sum.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { z } from 'zod';
import { MerfError } from '../../spec/error.ts';
import type { RolloutLine } from '../format.ts';
import { readRollouts, rolloutSets } from '../read.ts';
import { parquetOf } from '../rollouts/export.ts';
import type { RunView } from '../view.ts';
import { replaceFile, writing } from '../write.ts';
import { type ForeignRun, foreignRollout, metricsWith, placed } from './foreign.ts';
import { eventFolders, scalarsIn } from './tensorboard.ts';

const COMPLETIONS = /^completions_(\d+)\.parquet$/;

const TrainerState = z.object({
  log_history: z.array(z.looseObject({ step: z.number() })),
});

/** A TRL folder has one or the other of its files. */
export function isTrl(folder: string): boolean {
  return statePath(folder) !== null || completionFiles(folder).length > 0;
}

export async function readTrl(folder: string): Promise<ForeignRun> {
  const logged = loggedMetrics(folder);
  const known = [...logged.values()].flatMap(({ values }) => Object.keys(values));
  const named = known.flatMap((name) => /^rewards\/(.+)\/mean$/.exec(name)?.[1] ?? []);
  const rewards = named.length > 0 ? new Set(named) : null;
  const rollouts = new Map<number, RolloutLine[]>();
  const prompts = new Map<string, number>();
  let created = Number.POSITIVE_INFINITY;
  for (const { path, step } of completionFiles(folder)) {
    created = Math.min(created, statSync(path).mtimeMs);
    const lines = (await rowsOf(path)).map((row) => rolloutOf(row, step, rewards));
    rollouts.set(step, placed(lines, prompts));
  }
  const state = statePath(folder);
  if (state) created = Math.min(created, statSync(state).mtimeMs);
  const rules = new Set([...rollouts.values()].flat().flatMap((line) => Object.keys(line.rules)));
  return {
    format: 'trl',
    path: folder,
    experiment: basename(folder),
    arm: 'trl',
    seed: 0,
    rules: [...rules].map((name) => ({ name, metric: false })),
    metrics: metricsWith(logged, rollouts),
    rollouts,
    created: Number.isFinite(created) ? Math.round(created) : 0,
  };
}

/** The log of the trainer's state; without one, that of its TensorBoard folder. */
function loggedMetrics(folder: string): Map<number, { time: number; values: Record<string, number> }> {
  const path = statePath(folder);
  if (!path) {
    const [events] = eventFolders(folder);
    const { metrics } = events ? scalarsIn(events) : { metrics: [] };
    return new Map(metrics.map(({ step, time, values }) => [step, { time, values }]));
  }
  const state = TrainerState.safeParse(jsonOf(path));
  if (!state.success) {
    throw new MerfError(`${path} is not the state of a trainer.`, 'Give the output folder of a training with TRL.');
  }
  const lines = new Map<number, { time: number; values: Record<string, number> }>();
  let time = 0;
  for (const { step, ...entry } of state.data.log_history) {
    if ('train_runtime' in entry) continue; // the summary at the end, under the last step
    const numbers = Object.entries(entry).filter((pair): pair is [string, number] => typeof pair[1] === 'number');
    const values = { ...lines.get(step)?.values, ...Object.fromEntries(numbers) };
    if (entry.step_time !== undefined && typeof entry.step_time === 'number') time += entry.step_time;
    lines.set(step, { time, values });
  }
  return lines;
}

function statePath(folder: string): string | null {
  const own = join(folder, 'trainer_state.json');
  if (isFile(own)) return own;
  const checkpoints = readdirSync(folder).filter((name) => /^checkpoint-\d+$/.test(name));
  const last = checkpoints.sort((a, b) => Number(a.slice(11)) - Number(b.slice(11))).at(-1);
  const path = last === undefined ? '' : join(folder, last, 'trainer_state.json');
  return last !== undefined && isFile(path) ? path : null;
}

/** In the folder `completions`, or right here. */
function completionFiles(folder: string): { path: string; step: number }[] {
  const inside = join(folder, 'completions');
  const place = statSync(inside, { throwIfNoEntry: false })?.isDirectory() ? inside : folder;
  return readdirSync(place)
    .flatMap((name) => {
      const step = COMPLETIONS.exec(name)?.[1];
      return step === undefined ? [] : [{ path: join(place, name), step: Number(step) }];
    })
    .sort((a, b) => a.step - b.step);
}

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  try {
    return await parquetReadObjects({ file, compressors });
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : String(error);
    throw new MerfError(`${path} is not a Parquet file that can be read (${why}).`, 'Copy the file again.', {
      cause: error,
    });
  }
}

/** `rewards` null: the log names none, and every number is one. */
function rolloutOf(
  row: Readonly<Record<string, unknown>>,
  step: number,
  rewards: ReadonlySet<string> | null,
): RolloutLine {
  const { step: _, prompt, completion, advantage, ...rest } = row;
  const scores: Record<string, number> = {};
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number === 'number' && (rewards?.has(name) ?? true)) {
      if (Number.isFinite(number)) scores[name] = number;
    } else others[name] = typeof value === 'bigint' ? Number(value) : value;
  }
  const told = Object.values(scores);
  return foreignRollout({
    step,
    prompt: textOf(prompt),
    response: textOf(completion),
    reward: told.length > 0 ? told.reduce((sum, score) => sum + score, 0) : null,
    advantage: typeof advantage === 'number' && Number.isFinite(advantage) ? advantage : null,
    row: plain(others),
    scores,
    metrics: new Set(),
  });
}

const Messages = z.array(z.looseObject({ role: z.string(), content: z.unknown() }));

/** A conversation as its messages one below the other. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const messages = Messages.safeParse(value);
  if (!messages.success) return value == null ? '' : JSON.stringify(plain({ value }).value);
  return messages.data.map(({ role, content }) => `${role}\n${textOf(content)}`).join('\n');
}

/** What JSON can hold. */
function plain(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const text = JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

function jsonOf(path: string): unknown {
  try {
    // Python writes NaN, which is no JSON
    return JSON.parse(readFileSync(path, 'utf8').replace(/:\s*(NaN|-?Infinity)(?=\s*[,}\]])/g, ': null'));
  } catch {
    return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Writes `trainer_state.json` and the completions of every training step that has rollouts; the paths. */
export function writeTrl(run: RunView, out: string): string[] {
  const completions = join(out, 'completions');
  writing(out, () => mkdirSync(completions, { recursive: true }));
  const state = join(out, 'trainer_state.json');
  const log_history = run.metrics.map(({ step, values }) => ({ ...values, step }));
  const { step: global_step, steps: max_steps } = run.record;
  replaceFile(state, `${JSON.stringify({ global_step, max_steps, logging_steps: 1, log_history }, null, 2)}\n`);
  const files = rolloutSets(run.folder).flatMap((set) => {
    if (set.kind !== 'train') return [];
    const path = join(completions, `completions_${String(set.step).padStart(5, '0')}.parquet`);
    writing(out, () => writeFileSync(path, parquetOf(readRollouts(run.folder, set))));
    return [path];
  });
  return [state, ...files];
}
