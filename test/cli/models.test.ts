// `merf models`: what is on this machine, and a model from a hub that is then used by its id.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { COMMIT, HubServer } from '../model/hub_server.ts';
import { start } from '../training/letters.ts';
import { ROOT, SMALL, temporaryFolder } from './merf.ts';

const FIXTURE = join(ROOT, 'test/fixtures/qwen3-tiny');
const ID = 'someone/tiny-model';
const Listed = z.array(z.object({ name: z.string(), kind: z.string(), folder: z.string(), bytes: z.number() }));

describe('merf models', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('downloads a model, lists it with the bundled one, and other commands take its id', async () => {
    const files = new Map(readdirSync(FIXTURE).map((name) => [name, readFileSync(join(FIXTURE, name))] as const));
    const server = new HubServer(ID, files);
    server.behaviour = { token: 'hf_secret', breakAfter: 20_000, breaks: 1 };
    mkdirSync(folder.path('work'));
    const environment = { HF_ENDPOINT: await server.listen(), HF_HUB_CACHE: folder.path('cache') };
    const merf = (more: NodeJS.ProcessEnv, ...given: string[]) =>
      start(folder.path('work'), given, { ...environment, HF_TOKEN: '', HF_HUB_OFFLINE: '', ...more }).ended;
    try {
      const closed = await merf({}, 'models', 'download', ID);
      assert.equal(closed.code, 1);
      assert.match(closed.stderr, /^merf: The hub does not give out someone\/tiny-model \(401\)\./);
      const missing = await merf({}, 'sample', ID, '--prompt', 'Hi');
      assert.match(missing.stderr, /Download it: merf models download someone\/tiny-model; or give a folder/);

      const { code, stdout, stderr } = await merf({ HF_TOKEN: 'hf_secret' }, 'models', 'download', ID);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `${folder.path('cache/models--someone--tiny-model/snapshots')}/${COMMIT}\n`);
      assert.match(stderr, / of \d+\.\d kB {2}config\.json\n/);

      const listed = Listed.parse(JSON.parse((await merf({}, 'models', '--format', 'json')).stdout));
      assert.deepEqual(
        listed.map(({ name, kind }) => [name, kind]),
        [
          ['bundled:tiny', 'bundled'],
          [ID, 'cached'],
        ],
      );
      assert.ok(listed.every(({ bytes }) => bytes > 50_000));
      assert.match(
        (await merf({}, 'models')).stdout,
        /^bundled:tiny {8}bundled +\d\.\d MB\nsomeone\/tiny-model {2}cached/,
      );
      const sampled = await merf({}, 'sample', ID, '--prompt', 'Hi', '--max-tokens', '3');
      assert.equal(sampled.code, 0, sampled.stderr);
      const file = folder.write(
        'work/small.merf',
        SMALL.replace('nobody/has-this-model', ID).replace('max_response 256', 'max_response 32'),
      );
      const prompt = await merf({}, 'prompt', file, '--arm', 'merf');
      assert.match(prompt.stdout, /<\|im_start\|>user/, prompt.stderr);
    } finally {
      await server.close();
    }
  });

  it('takes no folder that is missing for a model of the hub', async () => {
    const server = new HubServer('models/mine', new Map());
    const environment = { HF_ENDPOINT: await server.listen(), HF_HUB_CACHE: folder.path('cache'), HF_HUB_OFFLINE: '' };
    mkdirSync(folder.path('there/models/broken'), { recursive: true });
    try {
      for (const [model, found] of [
        [
          'models/mine',
          /^merf: There is no model folder models\/mine; it would be .*there\/models\/mine\. Check the path/,
        ],
        ['models/broken', /^merf: .*there\/models\/broken holds no model: it has no config\.json\. Check the path/],
        ['../models/mine', /^merf: There is no model folder \.\.\/models\/mine; it would be/],
      ] as const) {
        const file = folder.write('there/a.merf', SMALL.replace('nobody/has-this-model', model));
        const { code, stderr } = await start(folder.path('there'), ['train', file, '--arm', 'merf'], environment).ended;
        assert.equal(code, 1);
        assert.match(stderr, found);
        assert.equal(stderr.includes('merf models download'), model !== '../models/mine');
      }
      assert.deepEqual(server.asked, []);
    } finally {
      await server.close();
    }
  });
});
