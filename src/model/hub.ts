// A model of the Hugging Face hub into its cache (hub_cache.ts): what there is and the bytes come through
// @huggingface/hub, which speaks the hub's protocols; a download that was cut is taken up where it ended, and a file
// counts only when its hash is the hub's (hub_file.ts). Left out: uploading, data sets.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { MerfError } from '../spec/error.ts';
import { type DownloadOptions, type Hub, hubOf, unexpected } from './hub_access.ts';
import { hubCacheFolder, hubFolder, isHubId, shardsOf } from './hub_cache.ts';
import { fetchFile } from './hub_file.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
/** What a model folder needs beside its weights; nothing that could be run. */
const SMALL_FILES = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
  'vocab.json',
  'merges.txt',
  'adapter_config.json',
  INDEX,
]);

/**
 * The folder of the model's snapshot, all files of it there and verified.
 * @throws MerfError when there is no such model, it is not open to the token, or the hub cannot be reached.
 */
export async function downloadModel(id: string, options: DownloadOptions = {}): Promise<string> {
  if (!isHubId(id)) throw new MerfError(`${id} is no model's id.`, 'Write it as on the hub: OWNER/NAME.');
  const hub = hubOf(id, options);
  const { revision = 'main' } = options;
  const folder = hubFolder(hubCacheFolder(options.environment), id);
  const commit = await hub.ask(() => modelInfo({ ...hub.access, name: id, revision, additionalFields: ['sha'] }));
  if (!/^[0-9a-f]{40,64}$/.test(commit.sha)) throw unexpected(id, `${commit.sha} is no commit`);
  const snapshot = join(folder, 'snapshots', commit.sha);
  const entries = await hub.ask(() => filesOf(hub, id, commit.sha));
  const small = entries.filter(({ path }) => SMALL_FILES.has(path));
  const fetched = { doneBytes: 0, bytes: sum(small) };
  const fetchAll = async (files: readonly ListFileEntry[]) => {
    for (const file of files) await fetchFile(hub, { id, commit: commit.sha, folder, snapshot }, file, fetched);
  };
  await fetchAll(small);
  const weights = weightsOf(id, entries, join(snapshot, INDEX));
  fetched.bytes += sum(weights);
  await fetchAll(weights);
  if (revision !== commit.sha) {
    // last: whoever looks for this branch finds a whole snapshot
    const ref = join(folder, 'refs', ...revision.split('/').map((part) => part.replace(/^\.+$/, '_')));
    mkdirSync(dirname(ref), { recursive: true });
    writeFileSync(ref, commit.sha);
  }
  return snapshot;
}

function sum(files: readonly ListFileEntry[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}

function weightsOf(id: string, entries: readonly ListFileEntry[], index: string): ListFileEntry[] {
  const listed = entries.some(({ path }) => path === INDEX) ? shardsOf(readFileSync(index, 'utf8')) : [];
  if (listed === null) throw unexpected(id, `its ${INDEX} is not readable`);
  const wanted = new Set(entries.some(({ path }) => path === WEIGHTS) ? [WEIGHTS] : listed);
  if (entries.some(({ path }) => path === 'adapter_config.json')) wanted.add('adapter_model.safetensors');
  const weights = entries.filter(({ path }) => wanted.has(path));
  if (weights.length === wanted.size && wanted.size > 0) return weights;
  const [missing = WEIGHTS] = [...wanted].filter((path) => !weights.some((entry) => entry.path === path));
  throw new MerfError(`The model ${id} has no ${missing}.`, 'Choose a model that is stored as safetensors.');
}

async function filesOf({ access }: Hub, id: string, revision: string): Promise<ListFileEntry[]> {
  const files: ListFileEntry[] = [];
  for await (const entry of listFiles({ ...access, repo: id, revision })) {
    if (entry.type === 'file') files.push(entry);
  }
  return files;
}
