// A model by the name a plan or a command line gives it: opened, or refused with what to do. Adapters (a checkpoint of
// LoRA) are opened with the model they were trained on, merged into its weights in memory.

import { join } from 'node:path';
import { baseOfAdapters, isAdapterFolder, openAdapters } from '../model/adapter_folder.ts';
import { hashWeights, type Model, openModel } from '../model/folder.ts';
import { isHubId } from '../model/hub_cache.ts';
import { type Adapters, mergeAdapters } from '../model/lora.ts';
import { MerfError } from '../spec/error.ts';
import { modelFolder } from './model_folder.ts';

/** `file` is the .merf file from which a path counts. */
export async function openModelNamed(model: string, file: string): Promise<Model> {
  const folder = folderNamed(model, file);
  if (!isAdapterFolder(folder)) return openModel(folder);
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

/** Where it lies. @throws MerfError when it is not on this machine. */
export function folderNamed(model: string, file: string): string {
  const folder = modelFolder(model, file);
  if (folder !== null) return folder;
  throw new MerfError(
    `There is no model ${model} on this machine.`,
    model.startsWith('bundled:')
      ? 'Make it with npm run pretrain, or check out models/tiny again.'
      : isHubId(model)
        ? `Download it: merf models download ${model}; or give a folder, or bundled:tiny.`
        : 'Give a folder with config.json, model.safetensors and tokenizer.json, or use bundled:tiny.',
  );
}
