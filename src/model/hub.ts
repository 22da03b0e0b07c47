// A model of the Hugging Face hub into its cache (hub_cache.ts): what there is and the bytes come through
// @huggingface/hub, which speaks the hub's protocols; here a download that was cut is taken up where it ended, and a
// file counts only when its hash is the hub's. The token is sent to the hub alone. Left out: uploading, data sets.

import { createHash, type Hash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { downloadFile, HubApiError, type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { MerfError } from '../spec/error.ts';
import { type Environment, hubCacheFolder, hubFolder, isHubId, shardsOf } from './hub_cache.ts';

export interface DownloadProgress {
  readonly file: string;
  /** Of all files together. */
  readonly doneBytes: number;
  readonly bytes: number;
}

export interface DownloadOptions {
  /** A branch, a tag or a commit. Default "main". */
  readonly revision?: string;
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** How often a connection that breaks off is taken up again without a byte more. Default 5. */
  readonly retries?: number;
  /** Milliseconds before the first new try; doubled with each. Default 1000. */
  readonly pause?: number;
}

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

interface Hub {
  readonly access: { readonly hubUrl: string; readonly fetch: typeof fetch; readonly accessToken?: string };
  readonly options: DownloadOptions;
  /** Asks the hub, and says in a sentence why it did not answer. */
  ask<T>(question: () => Promise<T>): Promise<T>;
}

function hubOf(id: string, options: DownloadOptions): Hub {
  const { environment = process.env, signal } = options;
  const { HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN } = environment;
  const hubUrl = (HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  if (HF_HUB_OFFLINE && !['0', 'false', 'no', 'off'].includes(HF_HUB_OFFLINE.toLowerCase())) {
    throw new MerfError(`HF_HUB_OFFLINE is set, so ${id} is not downloaded.`, 'Unset it, and try again.');
  }
  const token = HF_TOKEN?.trim();
  const access = {
    hubUrl,
    // a redirect to another host loses the Authorization header: fetch sees to that
    fetch: (input: Parameters<typeof fetch>[0], given?: RequestInit) =>
      fetch(input, { ...given, ...(signal && { signal }) }),
    ...(token && { accessToken: token }),
  };
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      signal?.throwIfAborted();
      throw explained(id, hubUrl, token !== undefined && token !== '', error);
    }
  };
  return { access, options, ask };
}

function explained(id: string, hubUrl: string, hasToken: boolean, error: unknown): MerfError {
  if (error instanceof MerfError) return error;
  const page = `${hubUrl}/${id}`;
  if (error instanceof HubApiError) {
    const { statusCode: status } = error;
    if (status === 401 || status === 403) {
      const remedy = hasToken
        ? `Ask for access on ${page}, with the account that HF_TOKEN belongs to.`
        : `Check the name; if it is right, ask for access on ${page} and put a token into HF_TOKEN.`;
      return new MerfError(`The hub does not give out ${id} (${status}).`, remedy, { cause: error });
    }
    if (status === 404) {
      return new MerfError(`There is no model ${id} on the hub, or no such revision.`, `Look for it on ${hubUrl}.`, {
        cause: error,
      });
    }
    return new MerfError(`The hub answered ${status} when it was asked for ${id}.`, 'Try again later.', {
      cause: error,
    });
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy = 'Check the connection (and HF_ENDPOINT, HF_TOKEN); what has arrived is kept.';
  return new MerfError(`${id} could not be downloaded from ${hubUrl} (${reason}).`, remedy, { cause: error });
}

function unexpected(id: string, what: string): MerfError {
  return new MerfError(`The hub's answer about ${id} is not understood: ${what}.`, 'Try again later.');
}

interface Place {
  readonly id: string;
  readonly commit: string;
  readonly folder: string;
  readonly snapshot: string;
}

/** One file into blobs/, and its link in the snapshot. */
async function fetchFile(
  hub: Hub,
  { id, commit, folder, snapshot }: Place,
  file: ListFileEntry,
  progress: { doneBytes: number; bytes: number },
): Promise<void> {
  const name = file.lfs?.oid ?? file.oid;
  if (name === undefined || !/^[0-9a-f]{40,64}$/.test(name)) throw unexpected(id, `${file.path} has no hash`);
  const blob = join(folder, 'blobs', name);
  const report = (doneBytes: number) =>
    hub.options.onProgress?.({ file: file.path, doneBytes: progress.doneBytes + doneBytes, bytes: progress.bytes });
  mkdirSync(dirname(blob), { recursive: true });
  if (!existsSync(blob)) {
    const incomplete = `${blob}.incomplete`;
    await hub.ask(() => fetchBytes(hub, { id, commit, path: file.path, size: file.size }, incomplete, report));
    const found = await hashOf(incomplete, file);
    if (found !== name) {
      rmSync(incomplete);
      throw new MerfError(
        `${file.path} of ${id} arrived damaged: its hash is ${found}, not ${name}.`,
        'Download it again; the damaged file was removed.',
      );
    }
    renameSync(incomplete, blob);
  }
  progress.doneBytes += file.size;
  report(0);
  link(blob, join(snapshot, file.path));
}

/** Appends what is missing of a file; a connection that breaks off is taken up where it ended. */
async function fetchBytes(
  { access, options }: Hub,
  { id, commit, path, size }: { id: string; commit: string; path: string; size: number },
  incomplete: string,
  report: (bytes: number) => void,
): Promise<void> {
  const { retries = 5, pause = 1000, signal } = options;
  const target = await open(incomplete, 'a');
  try {
    let { size: done } = await target.stat();
    if (done > size) done = await restart(target);
    for (let failures = 0; done < size; ) {
      const before = done;
      try {
        const blob = await downloadFile({ ...access, repo: id, revision: commit, path });
        if (blob === null) throw new MerfError(`${path} is not in ${id} any more.`, 'Download the model again.');
        for await (const bytes of chunksOf(blob.slice(done, size))) {
          // a server that does not know ranges sends everything again
          if (done + bytes.length > size) {
            done = await restart(target);
            throw new Error('the server sent more than was asked for');
          }
          await target.write(bytes);
          done += bytes.length;
          report(done);
        }
        if (done < size) throw new Error(`the connection ended after ${done} of ${size} bytes`);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof MerfError || isRefusal(error)) throw error;
        failures = done > before ? 0 : failures + 1;
        if (failures > retries) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(30_000, pause * 2 ** failures)));
      }
    }
    await target.sync();
  } finally {
    await target.close();
  }
}

async function restart(file: FileHandle): Promise<number> {
  await file.truncate(0);
  return 0;
}

async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** An answer that will not change by asking again. */
function isRefusal(error: unknown): boolean {
  return error instanceof HubApiError && error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 429;
}

/** Large files are named by their SHA-256, others as git names them: SHA-1 of "blob SIZE\0" and the content. */
async function hashOf(path: string, { lfs }: ListFileEntry): Promise<string> {
  const hash: Hash = lfs ? createHash('sha256') : createHash('sha1').update(`blob ${statSync(path).size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/** A link where the system has them, else a copy, as Python's tools do. */
function link(blob: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  try {
    symlinkSync(relative(dirname(path), blob), path);
  } catch {
    copyFileSync(blob, path);
  }
}
