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

/**
 * What a person meant by a name that is no model here, if it was a folder and not a model of the hub: a name of that form
 * (`./mine`, `a/b/c`, `mine.safetensors`), or one whose first part is a folder here. null: it may be the hub's.
 */
export function meantFolder(model: string, file: string): string | null {
  const isPath = /^(\.{0,2}[\\/]|~|[A-Za-z]:[\\/])|\\|\/.*\/|\/$|\.(safetensors|json|gguf|bin|pt)$/.test(model);
  const [first = ''] = model.split('/');
  const places = [dirname(resolve(file)), process.cwd()];
  const isHere = first !== model && places.some((place) => existsSync(join(place, first)));
  if (!isPath && !isHere) return null;
  return places.map((place) => resolve(place, model)).find(existsSync) ?? resolve(dirname(file), model);
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
