// From a command's arguments to a run that can train: a new one, or one that goes on from its last checkpoint.
// A file with stages makes a series of runs, one after the other: its stages, then the run itself; each knows how to
// begin the next. A checkpoint that cannot be read is passed over for the one before.

import { availableParallelism } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { isAdapterFolder } from '../model/adapter_folder.ts';
import type { Model } from '../model/folder.ts';
import { parameterCount } from '../model/weights.ts';
import { isActive, RUN_FORMAT, type RunRecord } from '../run/format.ts';
import { findRunFolder, newRunFolder, rootOfRun, runName } from '../run/location.ts';
import { lockRun } from '../run/lock.ts';
import { isAlive } from '../run/process.ts';
import { listRuns, readRecord } from '../run/read.ts';
import { RunWriter } from '../run/write.ts';
import { MerfError } from '../spec/error.ts';
import { objectiveOf } from '../spec/objective.ts';
import type { Arm, Specification, Stage, TrainPlan } from '../spec/specification.ts';
import { partsOf, planOfStage } from '../spec/stage.ts';
import { loadTask } from '../task/registry.ts';
import { engine } from '../tensor/engine.ts';
import { type Checkpoint, checkpoints, openCheckpoint } from '../training/checkpoint.ts';
import { machineMemory } from '../training/machine_memory.ts';
import { refusal } from '../training/run_estimate.ts';
import type { TrainingRun } from '../training/train.ts';
import { findArm, findStage } from './arm.ts';
import { bringModel } from './download.ts';
import { folderNamed, openModelNamed } from './named_model.ts';
import { loadSpecification } from './specification.ts';
import { version } from './version.ts';
import { readModel } from './world.ts';

export interface TrainOptions {
  arm?: string;
  seed?: number;
  /** Of the run itself; a stage has its own. */
  steps?: number;
  model?: string;
  out?: string;
  threads?: number;
  /** Only this stage, and nothing after it. */
  stage?: string;
  /** The run itself without its stages. */
  skipStages?: boolean;
  /** Begin it even where it needs more memory than there is. */
  force?: boolean;
}

export interface PreparedRun extends Omit<TrainingRun, 'signal' | 'progress' | 'scorer' | 'turn'> {
  stage: Stage | null;
  /** Lets others train it. */
  release: () => void;
  /** Begins what comes after this run when its gate is open; null: nothing does. */
  next: (() => Promise<PreparedRun>) | null;
}

/** Half the processor's threads: with all of them, small matrices spend their time waiting for each other. */
export function standardThreads(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

/** What every run of a series has in common. */
interface Series {
  spec: Specification;
  /** With the whole run's plan; a stage replaces parts of it. */
  arm: Arm;
  seed: number;
  steps: number;
  threads: number;
  /** Absolute. */
  file: string;
  /** Where the run itself is kept, and beside it its stages; null: in .merf/runs under the root. */
  out: string | null;
  root: string;
  /** The id of its first run; null: there is none yet, or there are no others. */
  first: string | null;
  force: boolean;
}

export async function startRun(file: string, options: TrainOptions): Promise<PreparedRun> {
  const spec = await loadSpecification(file);
  const found = findArm(spec, options.arm);
  const train = {
    ...found.train,
    ...(options.model !== undefined && { model: options.model }),
    ...(options.steps !== undefined && { steps: options.steps }),
  };
  const arm = { ...found, train };
  const series: Series = {
    spec: { ...spec, arms: spec.arms.map((one) => (one === found ? arm : one)) },
    arm,
    seed: options.seed ?? train.seeds[0] ?? 1,
    steps: train.steps,
    threads: options.threads ?? standardThreads(),
    file: resolve(file),
    out: options.out === undefined ? null : resolve(options.out),
    root: process.cwd(),
    first: null,
    force: options.force === true,
  };
  const chosen = options.stage === undefined ? null : findStage(spec, options.stage);
  const parts = chosen !== null ? [chosen] : options.skipStages ? [null] : partsOf(spec);
  return beginPart(series, parts);
}

/** Begins the first of these parts as a run of its own; the others follow it. */
async function beginPart(series: Series, [stage = null, ...others]: (Stage | null)[]): Promise<PreparedRun> {
  const { spec, arm, seed, threads, file } = series;
  const plan = planOfStage(arm.train, stage);
  const steps = stage === null ? series.steps : plan.steps;
  await engine(); // before anything is downloaded for it
  await bringModel(plan.model, file);
  if (plan.lora !== null) refuseAdapters(folderNamed(plan.model, file));
  if (!series.force) refuseWhatCannotFit(plan, folderNamed(plan.model, file));
  const initial = await openModelNamed(plan.model, file, keptFor(plan));
  const rows = await loadTask(spec.task, file);
  const now = Date.now();
  const folder = folderOf(series, stage, new Date(now));
  const id = folder.split(/[\\/]/).at(-1) ?? folder;
  const first = series.first ?? (others.length > 0 ? id : null);
  const writer = RunWriter.create(folder, {
    format: RUN_FORMAT,
    id,
    experiment: spec.name,
    arm: arm.name,
    seed,
    ...(stage !== null && { stage: stage.name }),
    ...(first !== null && { series: first }),
    file: relativeTo(rootOfRun(folder), file),
    specification: spec,
    ...(rows.hash !== null && { data: { hash: rows.hash } }),
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
  const release = lockRun(folder);
  const gates = stage?.passes ?? [];
  const next = others.length > 0 ? () => beginPart({ ...series, first }, others) : null;
  const trained = { ...arm, train: plan };
  return { writer, spec, arm: trained, seed, steps, gates, threads, rows, initial, from: null, stage, next, release };
}

/** The run itself has the folder that was asked for, its stages one beside it each. */
function folderOf({ spec, arm, seed, root, out }: Series, stage: Stage | null, now: Date): string {
  if (out !== null) return stage === null ? out : `${out}-${stage.name}`;
  return newRunFolder(root, { experiment: spec.name, arm: arm.name, seed, stage: stage?.name ?? null, now });
}

/** `run`: an id or a folder; null: the newest run here that has not finished, of the file, arm and seed that are given. */
export async function resumeRun(
  run: string | null,
  options: TrainOptions & { file?: string | undefined },
): Promise<PreparedRun> {
  const folder = run === null ? newestUnfinished(process.cwd(), options) : findRunFolder(process.cwd(), run);
  const record = readRecord(folder);
  if (record.pid !== process.pid && isActive(record.status) && isAlive(record.pid)) {
    throw new MerfError(
      `The run ${record.id} is being trained right now.`,
      `Watch it, or stop it first: merf runs stop ${runName(process.cwd(), folder)}.`,
    );
  }
  if (record.source) {
    throw new MerfError(
      `The run ${record.id} was imported; it was trained elsewhere.`,
      'Go on with it where it was trained, then import it again.',
    );
  }
  const spec = record.specification;
  const arm = findArm(spec, record.arm);
  const stage = record.stage === undefined ? null : findStage(spec, record.stage);
  const series: Series = {
    spec,
    arm,
    seed: record.seed,
    steps: arm.train.steps,
    threads: options.threads ?? record.engine.threads,
    file: resolve(rootOfRun(folder), record.file),
    out: stage !== null && rootOfRun(folder) === folder ? folder.slice(0, -`-${stage.name}`.length) : null,
    root: rootOfRun(folder),
    first: record.series ?? null,
    force: options.force === true,
  };
  const others = record.series === undefined ? [] : partsAfter(spec, stage);
  if (options.steps === undefined && waitsForNext(record, process.cwd(), folder)) return beginPart(series, others);
  const steps = options.steps ?? record.steps;
  if (record.step > steps || (record.status === 'finished' && record.step === steps)) {
    const remedy = `Give more steps to go on: merf train --resume ${runName(process.cwd(), folder)} --steps ${record.step + 20}.`;
    throw new MerfError(`The run ${record.id} has done ${record.step} steps already.`, remedy);
  }
  const opened = await openModelNamed(record.model.name, series.file, keptFor(arm.train));
  if (opened.hash !== record.model.hash) {
    throw new MerfError(
      `The model ${record.model.name} is not the one the run ${record.id} began with.`,
      'Put the original model back, or start a new run.',
    );
  }
  const rows = await loadTask(spec.task, series.file);
  if (rows.hash !== (record.data?.hash ?? null)) {
    throw new MerfError(
      `The data file ${spec.task.source?.path} is not the one the run ${record.id} began with.`,
      'Put the file back as it was, or start a new run.',
    );
  }
  const release = lockRun(folder);
  const from = await lastCheckpoint(folder, opened);
  // where nothing compares with the weights it began with, they are not kept beside those in training
  const initial = from === null || isRead(arm.train) ? opened : { ...opened, weights: from.model.weights };
  const writer = RunWriter.reopen(folder, from === null ? -1 : from.state.step);
  writer.update({ status: 'starting', pid: process.pid, steps });
  const trained = { ...arm, train: planOfStage(arm.train, stage) };
  const { seed, threads } = series;
  const gates = stage?.passes ?? [];
  const next = others.length > 0 ? () => beginPart(series, others) : null;
  return { writer, spec, arm: trained, seed, steps, gates, threads, rows, initial, from, stage, next, release };
}

function partsAfter(spec: Specification, stage: Stage | null): (Stage | null)[] {
  const parts = partsOf(spec);
  return parts.slice(parts.findIndex((part) => part?.name === stage?.name) + 1);
}

/** A stage that ended with its gate open and after which nothing has begun yet. */
function waitsForNext(record: RunRecord, root: string, folder: string): boolean {
  if (record.status !== 'finished' || record.gate !== 'open' || record.series === undefined) return false;
  const { series, specification, stage, created } = record;
  const after = partsAfter(specification, specification.stages.find(({ name }) => name === stage) ?? null);
  const follows = (other: RunRecord) => other.series === series && after.some((part) => part?.name === other.stage);
  const beside = rootOfRun(folder) === folder ? [] : listRuns(root);
  return !beside.some(({ record: other }) => other.created >= created && follows(other));
}

/** Whether the weights that the run began with are read to its end: under adapters, or as the reference. */
function isRead(plan: TrainPlan): boolean {
  return plan.lora !== null || objectiveOf(plan).kl > 0;
}

function keptFor(plan: TrainPlan): 'stored' | 'bfloat16' | 'float32' {
  if (plan.lora?.base) return plan.lora.base;
  return isRead(plan) ? 'stored' : 'float32';
}

async function lastCheckpoint(folder: string, initial: Model): Promise<Checkpoint | null> {
  for (const checkpoint of checkpoints(folder).reverse()) {
    try {
      return await openCheckpoint(checkpoint, initial);
    } catch (error) {
      if (!(error instanceof MerfError)) throw error;
    }
  }
  return null;
}

/** Before the weights are read: what cannot fit would only slow the whole machine down until it is ended. */
function refuseWhatCannotFit(plan: TrainPlan, folder: string): void {
  const model = readModel(join(folder, 'config.json'));
  const refused = model === null ? null : refusal(model, plan, machineMemory());
  if (refused !== null) throw new MerfError(refused.found, refused.remedy);
}

/** New adapters would belong to a model that is nowhere on disk. */
function refuseAdapters(folder: string): void {
  if (!isAdapterFolder(folder)) return;
  throw new MerfError(
    `${folder} holds adapters, and the plan trains new ones.`,
    'Merge them first: merf merge ADAPTERS --out FOLDER, and train from that folder.',
  );
}

function newestUnfinished(root: string, { file, arm, seed }: Parameters<typeof resumeRun>[1]): string {
  const open = listRuns(root).filter(
    ({ folder, record }) =>
      (record.status !== 'finished' || waitsForNext(record, root, folder)) &&
      !isActive(record.status) &&
      (file === undefined || resolve(file) === resolve(rootOfRun(folder), record.file)) &&
      (arm === undefined || arm === record.arm) &&
      (seed === undefined || seed === record.seed),
  );
  const newest = open.sort((a, b) => a.record.updated - b.record.updated).at(-1);
  if (newest !== undefined) return newest.folder;
  throw new MerfError('There is no run here to go on with.', 'Name one: merf train --resume RUN, or start one.');
}

async function engineVersion(): Promise<string> {
  const { env } = await engine();
  return env.versions.node ?? env.versions.common;
}

function relativeTo(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') || isAbsolute(path) ? file : join(path);
}
