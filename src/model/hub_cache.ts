// Hugging Face's cache on disk, which Python's tools share: models--OWNER--NAME/ with blobs/ (files by hash),
// snapshots/COMMIT/ (links to them by name) and refs/ (which commit a branch was last). Looking only; hub.ts fills it.
// https://huggingface.co/docs/huggingface_hub/guides/manage-cache

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the cache lies: HF_HUB_CACHE, else hub/ under HF_HOME, else under ~/.cache/huggingface. */
export function hubCacheFolder(environment: Environment = process.env): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment;
  const home = HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  return HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE || join(home, 'hub');
}

const PART = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;

/** Whether a text can be a model's id on the hub: `owner/name`. */
export function isHubId(text: string): boolean {
  const parts = text.split('/');
  return parts.length === 2 && parts.every((part) => PART.test(part) && !part.includes('--') && !part.includes('..'));
}

/** The folder of a model's blobs, snapshots and refs. */
export function hubFolder(cache: string, id: string): string {
  return join(cache, `models--${id.replace('/', '--')}`);
}

/** The id of the model that a snapshot's folder holds; null: it is no folder of the cache. */
export function hubIdOf(folder: string): string | null {
  const id = /[\\/]models--([^\\/]+?)--([^\\/]+)[\\/]snapshots[\\/][^\\/]+$/.exec(folder)?.slice(1).join('/');
  return id ?? null;
}

/** A model's snapshot that is whole, of its main branch where there is one; null: it is not in the cache. */
export function cachedSnapshot(id: string, cache = hubCacheFolder()): string | null {
  if (!isHubId(id)) return null;
  const folder = hubFolder(cache, id);
  const snapshots = join(folder, 'snapshots');
  if (!existsSync(snapshots)) return null;
  const main = join(folder, 'refs', 'main');
  const commits = existsSync(main) ? [readFileSync(main, 'utf8').trim()] : readdirSync(snapshots);
  return commits.map((commit) => join(snapshots, commit)).find(isWhole) ?? null;
}

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The files that hold weights, as their index says; null: the text is no index. */
export function shardsOf(index: string): string[] | null {
  try {
    return [...new Set(Object.values(ShardIndex.parse(JSON.parse(index)).weight_map))];
  } catch {
    return null;
  }
}

/** Python's tools may have fetched a part of a model only. */
function isWhole(snapshot: string): boolean {
  const has = (name: string) => existsSync(join(snapshot, name));
  if (has('adapter_config.json') && has('adapter_model.safetensors')) return true;
  if (!has('config.json') || !has('tokenizer.json')) return false;
  if (has('model.safetensors')) return true;
  const index = join(snapshot, 'model.safetensors.index.json');
  return existsSync(index) && (shardsOf(readFileSync(index, 'utf8'))?.every(has) ?? false);
}

export interface CachedModel {
  readonly id: string;
  readonly folder: string;
  readonly bytes: number;
}

/** The ids of the whole models in the cache. */
export function cachedIds(cache = hubCacheFolder()): string[] {
  if (!existsSync(cache)) return [];
  const ids = readdirSync(cache)
    .sort()
    .flatMap((name) => /^models--(.+?)--(.+)$/.exec(name)?.slice(1).join('/') ?? []);
  return ids.filter((id) => cachedSnapshot(id, cache) !== null);
}

/** The whole models in the cache. */
export function cachedModels(cache = hubCacheFolder()): CachedModel[] {
  return cachedIds(cache).flatMap((id) => {
    const folder = cachedSnapshot(id, cache);
    return folder === null ? [] : [{ id, folder, bytes: folderBytes(folder) }];
  });
}

/** Bytes of a folder's files, links followed. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? folderBytes(path) : existsSync(path) ? statSync(path).size : 0);
  }, 0);
}
