// Where runs live: <root>/.merf/runs/<id>/, where the root is the folder a person works in. An id is a plain folder
// name, so that nothing read from a run can lead out of the runs' folder.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { MerfError } from '../spec/error.ts';
import type { RolloutSet } from './view.ts';

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/;

export function runsFolder(root: string): string {
  return join(resolve(root), '.merf', 'runs');
}

export interface RunParts {
  experiment: string;
  arm: string;
  seed: number;
  stage?: string | null;
  now: Date;
}

/** `knights_and_knaves-merf-s1-20261123-210501`, a stage's `…-s1-pilot-…`; a number is added when the second is taken. */
export function newRunFolder(root: string, run: RunParts): string {
  const stamp = run.now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const stage = run.stage ? `-${plainName(run.stage)}` : '';
  const id = `${plainName(run.experiment)}-${plainName(run.arm)}-s${run.seed}${stage}-${stamp}`;
  const folders = [id, ...Array.from({ length: 99 }, (_, i) => `${id}-${i + 2}`)].map((name) =>
    join(runsFolder(root), name),
  );
  return folders.find((folder) => !existsSync(folder)) ?? join(runsFolder(root), `${id}-${run.now.getTime()}`);
}

/** A run by its id under the root, or by its folder's path. */
export function findRunFolder(root: string, run: string): string {
  const folder = RUN_ID.test(run) ? join(runsFolder(root), run) : resolve(root, run);
  for (const candidate of [folder, resolve(root, run)]) if (existsSync(join(candidate, 'run.json'))) return candidate;
  const known = runFolders(root).map((known) => basename(known));
  throw new MerfError(
    `There is no run ${run}.`,
    known.length === 0 ? 'Start one with: merf train FILE --arm ARM.' : `Use one of: ${known.slice(-5).join(', ')}.`,
  );
}

/** What a command given in the root calls the run: its id where it lies as usual, else its path. */
export function runName(root: string, folder: string): string {
  if (dirname(resolve(folder)) === runsFolder(root)) return basename(folder);
  const path = relative(root, folder);
  return path.startsWith('..') || isAbsolute(path) ? resolve(folder) : path;
}

/** Every folder under the root that holds a run, oldest name first. */
export function runFolders(root: string): string[] {
  const folder = runsFolder(root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => RUN_ID.test(name) && existsSync(join(folder, name, 'run.json')))
    .sort()
    .map((name) => join(folder, name));
}

/** The folder a person works in, of a run that lies under it; the run's own folder when it was put elsewhere. */
export function rootOfRun(folder: string): string {
  const runs = dirname(resolve(folder));
  const isUsual = basename(runs) === 'runs' && basename(dirname(runs)) === '.merf';
  return isUsual ? dirname(dirname(runs)) : resolve(folder);
}

/** `rollouts/step-000120.jsonl`, `rollouts/eval-000120-motivation.jsonl` */
export function rolloutsFile(set: RolloutSet): string {
  const step = String(set.step).padStart(6, '0');
  return join('rollouts', set.kind === 'train' ? `step-${step}.jsonl` : `eval-${step}-${set.kind}.jsonl`);
}

/** The set a rollouts file holds, by its name; null: not such a file. */
export function rolloutSetOf(fileName: string): RolloutSet | null {
  const match = /^(?:step-(\d{6,})|eval-(\d{6,})-(motivation|none))\.jsonl$/.exec(fileName);
  if (match === null) return null;
  if (match[1] !== undefined) return { kind: 'train', step: Number(match[1]) };
  return { kind: match[3] === 'motivation' ? 'motivation' : 'none', step: Number(match[2]) };
}

export function checkpointFolder(step: number): string {
  return join('checkpoints', `step-${String(step).padStart(6, '0')}`);
}

/** Text as a part of a run's id. */
export function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 48) || 'run';
}
