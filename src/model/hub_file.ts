// One file of a hub's model into the cache: its bytes into blobs/, verified, and a link to them in the snapshot. A
// connection that breaks off is taken up where it ended, in this process or in a later one.

import { createHash, type Hash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { downloadFile, HubApiError, type ListFileEntry } from '@huggingface/hub';
import { MerfError } from '../spec/error.ts';
import { type Hub, unexpected } from './hub_access.ts';

export interface Place {
  readonly id: string;
  readonly commit: string;
  readonly folder: string;
  readonly snapshot: string;
}

/** One file into blobs/, and its link in the snapshot. */
export async function fetchFile(
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
