// From a command's arguments to a run that can train: a new one, or one that goes on from its last checkpoint.
// A checkpoint that cannot be read is passed over for the one before.

import { availableParallelism } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { parameterCount } from '../model/weights.ts';
import { RUN_FORMAT, type RunRecord } from '../run/format.ts';
import { findRunFolder, newRunFolder, rootOfRun, runName } from '../run/location.ts';
import { isAlive } from '../run/process.ts';
import { listRuns, readRecord } from '../run/read.ts';
import { RunWriter } from '../run/write.ts';
import { MerfError } from '../spec/error.ts';
import { loadTask } from '../task/registry.ts';
import { type Checkpoint, checkpoints, openCheckpoint } from '../training/checkpoint.ts';
import type { TrainingRun } from '../training/train.ts';
import { findArm } from './arm.ts';
import { openModelNamed } from './named_model.ts';
import { loadSpecification } from './specification.ts';
import { version } from './version.ts';

export interface TrainOptions {
  arm?: string;
  seed?: number;
  steps?: number;
  model?: string;
  out?: string;
  threads?: number;
}

export type PreparedRun = Omit<TrainingRun, 'signal' | 'progress'>;

/** Half the processor's threads: with all of them, small matrices spend their time waiting for each other. */
export function standardThreads(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

export async function startRun(file: string, options: TrainOptions): Promise<PreparedRun> {
  const spec = await loadSpecification(file);
  const arm = findArm(spec, options.arm);
  const plan = { ...arm.train, ...(options.model !== undefined && { model: options.model }) };
  const seed = options.seed ?? plan.seeds[0] ?? 1;
  const steps = options.steps ?? plan.steps;
  const threads = options.threads ?? standardThreads();
  refuseUnsupported(plan);
  const initial = await openModelNamed(plan.model, file);
  const rows = loadTask(spec.task);
  const root = process.cwd();
  const folder =
    options.out === undefined
      ? newRunFolder(root, { experiment: spec.name, arm: arm.name, seed, now: new Date() })
      : resolve(options.out);
  const now = Date.now();
  const writer = RunWriter.create(folder, {
    format: RUN_FORMAT,
    id: folder.split(/[\\/]/).at(-1) ?? folder,
    experiment: spec.name,
    arm: arm.name,
    seed,
    file: relativeTo(rootOfRun(folder), resolve(file)),
    specification: { ...spec, arms: spec.arms.map((one) => (one === arm ? { ...arm, train: plan } : one)) },
    model: { name: plan.model, hash: initial.hash, parameters: parameterCount(initial.config) },
    engine: { name: 'onnxruntime-node, CPU', version: await engineVersion(), threads },
    versions: { merf: version, node: process.versions.node },
    status: 'starting',
    step: 0,
    steps,
    created: now,
    updated: now,
    trainedSeconds: 0,
    pid: process.pid,
    reason: null,
  });
  return { writer, spec, arm: { ...arm, train: plan }, seed, steps, threads, rows, initial, from: null };
}

/** `run`: an id or a folder; null: the newest run here that has not finished, of the file, arm and seed that are given. */
export async function resumeRun(
  run: string | null,
  options: TrainOptions & { file?: string | undefined },
): Promise<PreparedRun> {
  const folder = run === null ? newestUnfinished(process.cwd(), options) : findRunFolder(process.cwd(), run);
  const record = readRecord(folder);
  if (record.pid !== process.pid && isActive(record) && isAlive(record.pid)) {
    throw new MerfError(
      `The run ${record.id} is being trained right now.`,
      `Watch it, or stop it first: merf runs stop ${runName(process.cwd(), folder)}.`,
    );
  }
  const steps = options.steps ?? record.steps;
  if (record.step > steps || (record.status === 'finished' && record.step === steps)) {
    const remedy = `Give more steps to go on: merf train --resume ${runName(process.cwd(), folder)} --steps ${record.step + 20}.`;
    throw new MerfError(`The run ${record.id} has done ${record.step} steps already.`, remedy);
  }
  const spec = record.specification;
  const arm = findArm(spec, record.arm);
  const initial = await openModelNamed(record.model.name, resolve(rootOfRun(folder), record.file));
  if (initial.hash !== record.model.hash) {
    throw new MerfError(
      `The model ${record.model.name} is not the one the run ${record.id} began with.`,
      'Put the original model back, or start a new run.',
    );
  }
  const from = await lastCheckpoint(folder);
  const writer = RunWriter.reopen(folder, from === null ? -1 : from.state.step);
  const threads = options.threads ?? record.engine.threads;
  writer.update({ status: 'starting', pid: process.pid, steps });
  return { writer, spec, arm, seed: record.seed, steps, threads, rows: loadTask(spec.task), initial, from };
}

async function lastCheckpoint(folder: string): Promise<Checkpoint | null> {
  for (const checkpoint of checkpoints(folder).reverse()) {
    try {
      return await openCheckpoint(checkpoint);
    } catch (error) {
      if (!(error instanceof MerfError)) throw error;
    }
  }
  return null;
}

function refuseUnsupported({ lora }: TrainingRun['arm']['train']): void {
  if (lora !== null) {
    throw new MerfError(
      'The plan asks for LoRA, which this version cannot train.',
      'Remove `lora { … }` from `train`.',
    );
  }
}

function newestUnfinished(root: string, { file, arm, seed }: Parameters<typeof resumeRun>[1]): string {
  const open = listRuns(root).filter(
    ({ folder, record }) =>
      record.status !== 'finished' &&
      !isActive(record) &&
      (file === undefined || resolve(file) === resolve(rootOfRun(folder), record.file)) &&
      (arm === undefined || arm === record.arm) &&
      (seed === undefined || seed === record.seed),
  );
  const newest = open.sort((a, b) => a.record.updated - b.record.updated).at(-1);
  if (newest !== undefined) return newest.folder;
  throw new MerfError('There is no run here to go on with.', 'Name one: merf train --resume RUN, or start one.');
}

function isActive({ status }: RunRecord): boolean {
  return status === 'starting' || status === 'running' || status === 'stopping';
}

async function engineVersion(): Promise<string> {
  const { env } = await import('onnxruntime-node');
  return env.versions.node ?? env.versions.common;
}

function relativeTo(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') || isAbsolute(path) ? file : join(path);
}
