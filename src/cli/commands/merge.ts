// `merf merge ADAPTERS --out FOLDER`: adapters (a checkpoint of LoRA, or PEFT's own) added into the weights they were
// trained on: a model folder like any other.

import { existsSync, readdirSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { MerfError } from '../../spec/error.ts';
import { print } from '../output.ts';

interface MergeOptions {
  out: string;
  base?: string;
  type?: 'F32' | 'F16' | 'BF16';
}

export function registerMerge(program: Command): void {
  program
    .command('merge')
    .description('Write the model that a checkpoint of LoRA makes of its base.')
    .argument('<adapters>', 'a folder with adapter_config.json and adapter_model.safetensors')
    .requiredOption('--out <folder>', 'where the model is written: a new or empty folder')
    .option('--base <model>', 'the model they were trained on; otherwise the one their folder names')
    .addOption(
      new Option('--type <type>', "how weights are stored; otherwise as the base's").choices(['F32', 'F16', 'BF16']),
    )
    .action(merge);
}

async function merge(folder: string, { out, base, type }: MergeOptions): Promise<void> {
  const { isAdapterFolder } = await import('../../model/adapter_folder.ts');
  const { saveModel, storageTypeOf } = await import('../../model/folder.ts');
  const { mergeAdapters } = await import('../../model/lora.ts');
  const { openAdapted } = await import('../named_model.ts');
  if (!isAdapterFolder(folder)) {
    throw new MerfError(`There are no adapters in ${folder}.`, 'Name a checkpoint of a plan with lora { … }.');
  }
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new MerfError(`${out} is not empty.`, 'Choose another folder with --out.');
  }
  const opened = await openAdapted(folder, base);
  const weights = mergeAdapters(opened.base.weights, opened.adapters);
  const stored = type ?? storageTypeOf(opened.base.folder);
  saveModel(out, { config: opened.base.config, weights }, { from: opened.base.folder, type: stored });
  await print(`${out}\n${opened.adapters.modules.join(', ')} of rank ${opened.adapters.rank}, stored as ${stored}\n`);
}
