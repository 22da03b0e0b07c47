// A model by the name a plan or a command line gives it: opened, or refused with what to do.

import { type Model, openModel } from '../model/folder.ts';
import { MerfError } from '../spec/error.ts';
import { modelFolder } from './model_folder.ts';

/** `file` is the .merf file from which a path counts. */
export async function openModelNamed(model: string, file: string): Promise<Model> {
  const folder = modelFolder(model, file);
  if (folder !== null) return openModel(folder);
  throw new MerfError(
    `There is no model ${model} on this machine.`,
    model.startsWith('bundled:')
      ? 'Make it with npm run pretrain, or check out models/tiny again.'
      : 'Give a folder with config.json, model.safetensors and tokenizer.json, or use bundled:tiny.',
  );
}
