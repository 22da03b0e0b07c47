// Downloads from a hub on the loopback interface: cut ones go on where they ended, nothing damaged is kept, the token
// goes to the hub alone, and the cache is laid out as Python's tools lay it out.

import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModel } from '../../src/model/folder.ts';
import { downloadModel } from '../../src/model/hub.ts';
import type { DownloadOptions } from '../../src/model/hub_access.ts';
import { cachedModels, cachedSnapshot, hubCacheFolder, hubIdOf } from '../../src/model/hub_cache.ts';
import { MerfError } from '../../src/spec/error.ts';
import { COMMIT, HubServer } from './hub_server.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/qwen25-untied-tiny');
const ID = 'someone/tiny-model';

describe('a model of the hub', function () {
  this.timeout(20_000);
  let cache = '';
  let server: HubServer;
  let endpoint = '';
  const files = new Map([
    ...readdirSync(FIXTURE).map((name) => [name, readFileSync(join(FIXTURE, name))] as const),
    ['README.md', Buffer.from('not needed')] as const,
    ['onnx/model.onnx', Buffer.from('not needed')] as const,
  ]);

  beforeEach(async () => {
    cache = mkdtempSync(join(tmpdir(), 'merf-hub-'));
    server = new HubServer(ID, files);
    endpoint = await server.listen();
  });
  afterEach(async () => {
    await server.close();
    rmSync(cache, { recursive: true });
  });

  const environment = (more: Record<string, string> = {}) => ({ HF_ENDPOINT: endpoint, HF_HUB_CACHE: cache, ...more });
  const download = (options: DownloadOptions = {}) =>
    downloadModel(ID, { environment: environment(), pause: 1, ...options });
  const refused = (sentence: RegExp, options?: DownloadOptions) =>
    assert.rejects(download(options), (error) => {
      assert.ok(error instanceof MerfError, String(error));
      assert.match(`${error.message} ${error.remedy}`, sentence);
      return true;
    });
  const inFolder = (...parts: string[]) => join(cache, 'models--someone--tiny-model', ...parts);
  const incomplete = () => readdirSync(inFolder('blobs')).filter((name) => name.endsWith('.incomplete'));

  it('lies in the cache as Python’s tools lay it out, and opens from there', async () => {
    const seen: number[] = [];
    const folder = await download({ onProgress: ({ doneBytes, bytes }) => seen.push(doneBytes / bytes) });
    assert.equal(folder, inFolder('snapshots', COMMIT));
    assert.equal(readFileSync(inFolder('refs', 'main'), 'utf8'), COMMIT);
    assert.deepEqual(incomplete(), []);
    const link = join(folder, 'model-00001-of-00002.safetensors');
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.match(readlinkSync(link), /^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    assert.match(readlinkSync(join(folder, 'config.json')), /^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
    assert.ok(!readdirSync(folder).includes('README.md'), 'files that no model needs stay where they are');
    assert.equal((await openModel(folder)).hash, (await openModel(FIXTURE)).hash);
    assert.equal(seen.at(-1), 1);
    assert.equal(cachedSnapshot(ID, cache), folder);
    assert.equal(hubIdOf(folder), ID);
    assert.deepEqual(
      cachedModels(cache).map(({ id, folder: found }) => [id, found]),
      [[ID, folder]],
    );
    const before = server.sent;
    await download();
    assert.equal(server.sent, before, 'nothing is fetched twice');
  });

  it('goes on where it was when the connection breaks off, again and again', async () => {
    server.behaviour = { breakAfter: 9_000, breaks: 6 };
    const folder = await download();
    assert.equal((await openModel(folder)).hash, (await openModel(FIXTURE)).hash);
    const weights = [...files].filter(([name]) => name.endsWith('.safetensors'));
    const total = weights.reduce((sum, [, content]) => sum + content.length, 0);
    // and a byte for each question about a file's size
    assert.ok(server.sent < total + 20, `${server.sent} bytes were sent for ${total}`);
    assert.ok(server.asked.some(({ range }) => range?.startsWith('bytes=9000-')));
  });

  it('goes on after it was stopped, and after the hub was gone', async () => {
    server.behaviour = { breakAfter: 30_000, breaks: 99 };
    const stop = new AbortController();
    const stopped = download({
      signal: stop.signal,
      onProgress: ({ file, doneBytes }) => {
        if (file === 'model-00001-of-00002.safetensors' && doneBytes > 20_000) stop.abort(new Error('stopped'));
      },
    });
    await assert.rejects(stopped, /stopped/);
    const [name = ''] = incomplete();
    const kept = statSync(inFolder('blobs', name)).size;
    assert.ok(kept > 0);
    assert.equal(cachedSnapshot(ID, cache), null, 'a part of a model is no model');
    await server.close();
    await refused(/could not be downloaded from http.*what has arrived is kept\./, { retries: 1 });
    server = new HubServer(ID, files);
    endpoint = await server.listen();
    const folder = await download();
    assert.ok(server.asked.some(({ range }) => range?.startsWith(`bytes=${kept}-`)));
    assert.equal((await openModel(folder)).hash, (await openModel(FIXTURE)).hash);
  });

  it('is fetched whole from a server that knows no ranges', async () => {
    server.behaviour = { breakAfter: 9_000, breaks: 1, ignoresRanges: true };
    const folder = await download();
    assert.equal((await openModel(folder)).hash, (await openModel(FIXTURE)).hash);
  });

  it('that arrives damaged is refused and not kept', async () => {
    server.behaviour = { damaged: true };
    await refused(/model-00001-of-00002\.safetensors of someone\/tiny-model arrived damaged: its hash is [0-9a-f]{64}/);
    assert.deepEqual(incomplete(), []);
    assert.equal(cachedSnapshot(ID, cache), null);
    server.behaviour = {};
    await download();
  });

  it('sends the token to the hub, and to no host that the hub names', async () => {
    server.behaviour = { token: 'hf_secret' };
    await refused(/does not give out someone\/tiny-model \(401\)\. .*put a token into HF_TOKEN/);
    const wrong = environment({ HF_TOKEN: 'hf_wrong' });
    await refused(/\(401\)\. Ask for access on .*with the account that HF_TOKEN belongs to/, { environment: wrong });
    const other = new HubServer(ID, files);
    server.behaviour.elsewhere = (await other.listen()).replace('127.0.0.1', 'localhost');
    await download({ environment: environment({ HF_TOKEN: 'hf_secret' }) });
    assert.ok(other.asked.length > 0);
    assert.ok(other.asked.every(({ authorization }) => authorization === undefined));
    await other.close();
  });

  it('that is not there, has no name, or may not be fetched is one sentence', async () => {
    const ask = (id: string, more = {}) => downloadModel(id, { environment: environment(more) });
    const told = (id: string, sentence: RegExp, more = {}) =>
      assert.rejects(ask(id, more), (error) => error instanceof MerfError && sentence.test(error.message));
    await told('someone/nothing', /There is no model someone\/nothing on the hub/);
    await told('../../etc', /is no model's id/);
    await told(ID, /HF_HUB_OFFLINE is set/, { HF_HUB_OFFLINE: '1' });
    const folder = (given: Record<string, string>) => hubCacheFolder(given).replaceAll('\\', '/');
    assert.equal(folder({ HF_HOME: '/x' }), '/x/hub');
    assert.equal(folder({ HF_HOME: '/x', HF_HUB_CACHE: '/y' }), '/y');
    assert.equal(folder({ XDG_CACHE_HOME: '/z' }), '/z/huggingface/hub');
  });
});
