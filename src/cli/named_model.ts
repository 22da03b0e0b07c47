// A model by the name a plan or a command line gives it: opened, or refused with what to do. Adapters (a checkpoint of
// LoRA) are opened with the model they were trained on, merged into its weights in memory.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { baseOfAdapters, isAdapterFolder, openAdapters } from '../model/adapter_folder.ts';
import { type Model, openModel, openStoredModel } from '../model/folder.ts';
import { isHubId } from '../model/hub_cache.ts';
import { type Adapters, mergeAdapters } from '../model/lora.ts';
import { hashWeights } from '../model/stored.ts';
import { MerfError } from '../spec/error.ts';
import { machineMemory } from '../training/machine_memory.ts';
import { meantFolder, modelFolder } from './model_folder.ts';
import { readModel } from './world.ts';

/** How weights are in memory: as their file has them, rounded to bfloat16, or wide: faster where few rows are written at a time. */
type Kept = 'stored' | 'bfloat16' | 'float32';

/** Part of the memory that wide weights may take where nobody decides. */
const WIDE_SHARE = 1 / 4;

/** `file` is the .merf file from which a path counts. */
export async function openModelNamed(model: string, file: string, kept?: Kept): Promise<Model> {
  const folder = folderNamed(model, file);
  if (!isAdapterFolder(folder)) {
    const how = kept ?? standardKept(folder);
    return how === 'float32' ? openModel(folder) : openStoredModel(folder, how);
  }
  const { base, adapters } = await openAdapted(folder);
  const weights = mergeAdapters(base.weights, adapters);
  return { ...base, weights, hash: hashWeights(weights) };
}

/** Adapters and the model they are for; `base` names it where their folder does not. */
export async function openAdapted(folder: string, base?: string): Promise<{ base: Model; adapters: Adapters }> {
  const named = base ?? baseOfAdapters(folder);
  if (named === null) {
    throw new MerfError(
      `The adapters in ${folder} do not say which model they are for.`,
      'Merge them with it: merf merge ADAPTERS --base MODEL --out FOLDER.',
    );
  }
  const model = await openModelNamed(named, base === undefined ? join(folder, 'adapter_config.json') : '.');
  return { base: model, adapters: openAdapters(folder, model.config) };
}

function standardKept(folder: string): Kept {
  const bytes = 4 * (readModel(join(folder, 'config.json'))?.parameters ?? 0);
  return bytes > WIDE_SHARE * machineMemory() ? 'stored' : 'float32';
}

/** Where it lies. @throws MerfError when it is not on this machine. */
export function folderNamed(model: string, file: string): string {
  const folder = modelFolder(model, file);
  if (folder !== null) return folder;
  const meant = meantFolder(model, file);
  if (meant !== null) throw noFolder(model, meant);
  throw new MerfError(
    `There is no model ${model} on this machine.`,
    model.startsWith('bundled:')
      ? 'Make it with npm run pretrain, or check out models/tiny again.'
      : isHubId(model)
        ? `Download it: merf models download ${model}; or give a folder, or bundled:tiny.`
        : 'Give a folder with config.json, model.safetensors and tokenizer.json, or use bundled:tiny.',
  );
}

function noFolder(model: string, meant: string): MerfError {
  const found = existsSync(meant)
    ? `${meant} holds no model: it has no config.json.`
    : `There is no model folder ${model}; it would be ${meant}.`;
  const asId = isHubId(model)
    ? ` If the hub's model of that name is meant, fetch it: merf models download ${model}.`
    : '';
  return new MerfError(found, `Check the path, which counts from the .merf file or from the current folder.${asId}`);
}
