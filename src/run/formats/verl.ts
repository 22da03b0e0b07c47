// What verl's trainer dumps (`trainer.rollout_data_dir`): one `{step}.jsonl` a step with input, output, gts, score and
// what the reward function returned besides; and its file logger's metrics, lines of {"step", "data"} in any other
// `.jsonl` of the folder. Newer versions write fewer fields: what is missing stays open.

import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { RolloutLine } from '../format.ts';
import { readLines, readRollouts, rolloutSets } from '../read.ts';
import type { RunView } from '../view.ts';
import { replaceFile, writing } from '../write.ts';
import { type ForeignRun, foreignRollout, metricsWith, placed } from './foreign.ts';
import { metricName } from './metric_names.ts';

const STEP_FILE = /^(\d+)\.jsonl$/;

const Dumped = z.looseObject({ input: z.string(), output: z.string(), score: z.number().nullish() });
const Logged = z.object({ step: z.number(), data: z.record(z.string(), z.unknown()) });

export function isVerl(folder: string): boolean {
  return readdirSync(folder).some((name) => STEP_FILE.test(name));
}

export function readVerl(folder: string): ForeignRun {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const rollouts = new Map<number, RolloutLine[]>();
  const prompts = new Map<string, number>();
  const metrics = new Set<string>();
  const steps = names.flatMap((name) => STEP_FILE.exec(name)?.[1] ?? []).map(Number);
  for (const step of steps.sort((a, b) => a - b)) {
    const lines = readLines(join(folder, `${step}.jsonl`), Dumped).lines.map((line) => rolloutOf(line, step));
    for (const line of lines) for (const name of Object.keys(line.rules)) if (name !== 'score') metrics.add(name);
    rollouts.set(step, placed(lines, prompts));
  }
  const logged = new Map<number, { time: number; values: Record<string, number> }>();
  let time = 0;
  for (const name of names.filter((name) => !STEP_FILE.test(name))) {
    for (const { step, data } of readLines(join(folder, name), Logged).lines) {
      const values: Record<string, number> = { ...logged.get(step)?.values };
      for (const [key, value] of Object.entries(data)) if (typeof value === 'number') values[metricName(key)] = value;
      time += values.step_time ?? 0;
      logged.set(step, { time, values });
    }
  }
  const scored = [...rollouts.values()].flat().some((line) => line.rules.score);
  return {
    format: 'verl',
    path: folder,
    experiment: basename(folder),
    arm: 'verl',
    seed: 0,
    rules: [
      ...(scored ? [{ name: 'score', metric: false }] : []),
      ...[...metrics].map((name) => ({ name, metric: true })),
    ],
    metrics: metricsWith(logged, rollouts),
    rollouts,
    created: Math.round(Math.min(...names.map((name) => statSync(join(folder, name)).mtimeMs))),
  };
}

function rolloutOf({ input, output, score, ...rest }: z.infer<typeof Dumped>, step: number): RolloutLine {
  const scores: Record<string, number> = score == null ? {} : { score };
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (name === 'step') continue;
    if (typeof value === 'boolean') scores[name] = value ? 1 : 0;
    else if (typeof value === 'number') scores[name] = value;
    else row[name] = value;
  }
  const metrics = new Set(Object.keys(scores).filter((name) => name !== 'score'));
  const told = { step, prompt: input, response: output, reward: score ?? null, advantage: null, row };
  return foreignRollout({ ...told, scores, metrics });
}

/** Writes a file a training step, and the metrics as verl's file logger does; the paths. */
export function writeVerl(run: RunView, out: string): string[] {
  writing(out, () => mkdirSync(out, { recursive: true }));
  const log = join(out, 'metrics.jsonl');
  replaceFile(log, linesOf(run.metrics.map(({ step, values }) => ({ step, data: values }))));
  const { columns } = run.record.specification.task;
  const secrets = columns.filter(({ secret }) => secret).map(({ name }) => name);
  const files = rolloutSets(run.folder).flatMap((set) => {
    if (set.kind !== 'train') return [];
    const path = join(out, `${set.step}.jsonl`);
    replaceFile(path, linesOf(readRollouts(run.folder, set).map((line) => dumpedOf(line, secrets))));
    return [path];
  });
  return [log, ...files];
}

function dumpedOf(line: RolloutLine, secrets: readonly string[]): Record<string, unknown> {
  const truth = Object.fromEntries(secrets.map((name) => [name, line.row[name] ?? null]));
  const [only] = secrets;
  return {
    ...Object.fromEntries(Object.entries(line.rules).map(([name, { score }]) => [name, score])),
    input: line.prompt,
    output: line.response,
    gts: secrets.length === 1 && only !== undefined ? truth[only] : (line.row.gts ?? truth),
    score: line.reward,
    step: line.step,
  };
}

function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
