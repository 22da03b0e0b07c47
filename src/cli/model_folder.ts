// Where a plan's model lies: `bundled:tiny` comes with the product; a path counts from the .merf file, then from the
// current folder; a hub id is looked for in Hugging Face's cache.

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cachedSnapshot } from '../model/hub_cache.ts';
import { packageRoot } from './package_root.ts';

/** The model's folder, or null when none of that name is on this machine. */
export function modelFolder(model: string, file: string): string | null {
  return ownFolder(model, file) ?? cachedSnapshot(model);
}

/** The same without the cache: a folder that has no name on other machines. */
export function ownFolder(model: string, file: string): string | null {
  const bundled = /^bundled:([\w-]+)$/.exec(model)?.[1];
  const candidates =
    bundled === undefined
      ? [resolve(dirname(resolve(file)), model), resolve(model)]
      : [join(packageRoot(), 'models', bundled)];
  const isModel = (folder: string) =>
    ['config.json', 'adapter_config.json'].some((name) => existsSync(join(folder, name)));
  return candidates.find(isModel) ?? null;
}
