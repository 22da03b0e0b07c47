// A checkpoint: a model folder that any tool of the Hugging Face world opens (of LoRA, an adapter folder that PEFT
// opens), and beside it what training needs to go on as if nothing had happened. It is written into a hidden folder and
// renamed when complete, so the newest visible one is always whole. Sampling and data order depend on seed and step alone (data_order.ts): no states to save.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isAdapterFolder, openAdapters, saveAdapters } from '../model/adapter_folder.ts';
import { type Model, openModel, saveModel } from '../model/folder.ts';
import { hubIdOf } from '../model/hub_cache.ts';
import type { OptimizerState } from '../model/optimizer_state.ts';
import { readSafetensors, writeSafetensors } from '../model/safetensors.ts';
import { checkpointFolder } from '../run/location.ts';
import { replaceFile, writing } from '../run/write.ts';
import { MerfError } from '../spec/error.ts';

const TrainerState = z.object({
  step: z.number(),
  /** Tokens read and written so far. */
  tokens: z.number(),
  /** Updates made by the optimiser (steps without a gradient make none). */
  updates: z.number(),
  trainedSeconds: z.number(),
});
export type TrainerState = z.infer<typeof TrainerState>;

const STATE = 'trainer.json';
const MOMENTS = 'optimizer.safetensors';

/** Writes the checkpoint of a step into a hidden folder; the function that it returns makes it visible. */
export function saveCheckpoint(run: string, model: Model, optimizer: OptimizerState, state: TrainerState): () => void {
  const folder = join(run, checkpointFolder(state.step));
  const hidden = join(dirname(folder), `.${basename(folder)}`);
  try {
    writing(run, () => {
      rmSync(hidden, { recursive: true, force: true });
      mkdirSync(hidden, { recursive: true });
      if (model.adapters) saveAdapters(hidden, model.adapters, hubIdOf(model.folder) ?? model.folder);
      else saveModel(hidden, model, { from: model.folder });
      writeSafetensors(join(hidden, MOMENTS), new Map(optimizer.moments));
      replaceFile(join(hidden, STATE), JSON.stringify(state));
    });
  } catch (error) {
    // on a full disk, the space of a checkpoint that cannot be finished lets the run say what it waits for
    rmSync(hidden, { recursive: true, force: true });
    throw error;
  }
  return () =>
    writing(run, () => {
      rmSync(folder, { recursive: true, force: true });
      renameSync(hidden, folder);
    });
}

/** Removes the checkpoints of other steps than `kept` chooses of them. */
export function keepCheckpoints(run: string, kept: (steps: readonly number[]) => ReadonlySet<number>): void {
  const found = checkpoints(run).map((folder) => ({ folder, step: Number(basename(folder).slice('step-'.length)) }));
  const stay = kept(found.map(({ step }) => step));
  writing(run, () => {
    for (const { folder, step } of found) {
      if (stay.has(step)) continue;
      // out of sight first: what is half removed is no checkpoint
      const hidden = join(dirname(folder), `.old-${basename(folder)}`);
      renameSync(folder, hidden);
      rmSync(hidden, { recursive: true, force: true });
    }
  });
}

/** Removes what a process that died left half written or half removed. */
export function clearUnfinished(run: string): void {
  const parent = join(run, 'checkpoints');
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith('.')) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Folders of the run's checkpoints, oldest first. */
export function checkpoints(run: string): string[] {
  const parent = join(run, 'checkpoints');
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => /^step-\d{6,}$/.test(name) && existsSync(join(parent, name, STATE)))
    .sort()
    .map((name) => join(parent, name));
}

export interface Checkpoint {
  model: Model;
  optimizer: OptimizerState;
  state: TrainerState;
}

/** Opens a checkpoint of a run that began with `initial`. @throws MerfError when a part of it is missing or broken. */
export async function openCheckpoint(folder: string, initial: Model): Promise<Checkpoint> {
  let state: TrainerState;
  try {
    state = TrainerState.parse(JSON.parse(readFileSync(join(folder, STATE), 'utf8')));
  } catch (error) {
    const remedy = 'Delete this checkpoint; the run then goes on from the one before.';
    throw new MerfError(`The checkpoint ${folder} has no readable ${STATE}.`, remedy, { cause: error });
  }
  const moments = readSafetensors(join(folder, MOMENTS));
  const model = isAdapterFolder(folder)
    ? { ...initial, adapters: openAdapters(folder, initial.config) }
    : await openModel(folder);
  return { model, optimizer: { step: state.updates, moments }, state };
}
