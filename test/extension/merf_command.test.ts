// Starting the command: real processes, among them one that outlives what started it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  announcedFolder,
  armNames,
  CommandFailure,
  launch,
  run,
  runFolderOf,
} from '../../src/extension/merf_command.ts';
import { downloadState } from '../../src/extension/models/download_progress.ts';
import { pageOf } from '../../src/extension/panels/page.ts';
import { ROOT, SMALL } from '../cli/merf.ts';
import { HubServer } from '../model/hub_server.ts';

describe('the merf command as the extension starts it', () => {
  let folder: string;
  const script = (name: string, code: string) => {
    const path = join(folder, name);
    writeFileSync(path, code);
    return { node: process.execPath, script: path };
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-command-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives what the command printed', async () => {
    const merf = script('ok.mjs', 'console.log(process.argv.slice(2).join("|"), process.env.ELECTRON_RUN_AS_NODE)');
    assert.equal(await run(merf, ['prompt', 'a b.merf'], folder), 'prompt|a b.merf 1\n');
  });

  it('lets an interrupted command end with what it has', async () => {
    const ready = join(folder, 'ready');
    const merf = script(
      'stops.mjs',
      `import { writeFileSync } from 'node:fs';
process.once('SIGINT', () => { console.log('so far'); process.exit(0); });
console.log('on');
writeFileSync(${JSON.stringify(ready)}, '');
setInterval(() => {}, 1000);`,
    );
    const interrupt = new AbortController();
    const watching = setInterval(() => existsSync(ready) && interrupt.abort(), 50);
    assert.equal(await run(merf, ['probe'], folder, { interrupt: interrupt.signal }), 'on\nso far\n');
    clearInterval(watching);
  });

  it("fails with the command's own sentence", async () => {
    const merf = script('bad.mjs', 'console.error("merf: There is no arm x. Use one of: a, b."); process.exit(1)');
    await assert.rejects(run(merf, ['train'], folder), (error) => {
      assert.ok(error instanceof CommandFailure);
      assert.equal(error.message, 'There is no arm x. Use one of: a, b.');
      return true;
    });
  });

  it('finds the run folder behind what the runtime prints', () => {
    assert.equal(
      announcedFolder('(node:1) Warning: x\n{"run":"/w/.merf/runs/a"}\n{"kind":"step"}\n'),
      '/w/.merf/runs/a',
    );
    assert.equal(announcedFolder('{"run":"/w/.merf/ru'), null);
    assert.equal(announcedFolder('{"kind":"step"}\n{not json\n'), null);
  });

  it('starts a run and learns its folder from its first line', async () => {
    const merf = script('train.mjs', 'console.log(JSON.stringify({ run: "/w/run" })); setTimeout(() => {}, 200)');
    const started = launch(merf, ['train'], folder, join(folder, 'logs', 'train.log'));
    assert.equal(await runFolderOf(started), '/w/run');
  });

  it('waits as long as a process says something, and no longer', async () => {
    const code = `let left = 8;
const saying = setInterval(() => {
  console.error(left + '.0 MB of 9.0 MB  model.safetensors');
  if (--left > 0) return;
  clearInterval(saying);
  if (process.argv[2] === 'train') console.log(JSON.stringify({ run: '/w/late' }));
  else setTimeout(() => {}, 60_000);
}, 500);`;
    const merf = script('downloads.mjs', code);
    const said: string[] = [];
    const started = launch(merf, ['train'], folder, join(folder, 'late.log'));
    const onOutput = (text: string) => said.push(downloadState(text)?.words ?? '');
    assert.equal(await runFolderOf(started, { patience: 3500, onOutput }), '/w/late');
    assert.ok(said.includes('8.0 MB of 9.0 MB  model.safetensors') && said.length > 2);
    const silent = launch(merf, ['silent'], folder, join(folder, 'silent.log'));
    await assert.rejects(runFolderOf(silent, { patience: 3500 }), /has not said where it writes/);
    process.kill(silent.pid);
  });

  it('ends a process whose download is cancelled', async () => {
    const merf = script(
      'long.mjs',
      "console.error('1.0 MB of 9.0 GB  model.safetensors'); setInterval(() => {}, 1000)",
    );
    const started = launch(merf, ['train'], folder, join(folder, 'long.log'));
    const cancelled = new AbortController();
    const onOutput = () => cancelled.abort(new Error('cancelled'));
    await assert.rejects(runFolderOf(started, { signal: cancelled.signal, onOutput }), /cancelled/);
    for (let i = 0; i < 200 && !started.ended(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(started.ended());
  });

  it('brings a model that needs access with the token from its variables, and says how far it is', async () => {
    const fixture = join(ROOT, 'test/fixtures/qwen3-tiny');
    const files = new Map(readdirSync(fixture).map((name) => [name, readFileSync(join(fixture, name))] as const));
    const server = new HubServer('someone/closed', files);
    server.behaviour = { token: 'hf_of_the_person' };
    const hub = { HF_ENDPOINT: await server.listen(), HF_HUB_CACHE: join(folder, 'cache'), HF_HUB_OFFLINE: '' };
    const merf = { node: process.execPath, script: join(ROOT, 'dist/merf.mjs') };
    const file = join(folder, 'closed.merf');
    writeFileSync(file, SMALL.replace('nobody/has-this-model', 'someone/closed'));
    const args = ['train', file, '--arm', 'merf', '--out', join(folder, 'closed'), '--json-progress'];
    const train = (token: string) =>
      launch({ ...merf, variables: { ...hub, HF_TOKEN: token } }, args, folder, join(folder, `closed-${token}.log`));
    try {
      await assert.rejects(
        runFolderOf(train('')),
        /does not give out someone\/closed \(401\)\..*MeRF: Set Hugging Face Token/s,
      );
      const states: number[] = [];
      const started = train('hf_of_the_person');
      const onOutput = (text: string) => states.push(downloadState(text)?.share ?? 0);
      assert.equal(await runFolderOf(started, { onOutput }), join(folder, 'closed'));
      process.kill(started.pid, 'SIGKILL');
      assert.ok(states.some((share) => share > 0));
      assert.ok(server.asked.some(({ authorization }) => authorization === 'Bearer hf_of_the_person'));
      assert.ok(!readFileSync(started.log, 'utf8').includes('hf_of_the_person'));
    } finally {
      await server.close();
    }
  });

  it('says the last words of a run that ends before it begins', async () => {
    const merf = script('fails.mjs', 'console.error("merf: The model folder is not there."); process.exit(1)');
    const started = launch(merf, ['train'], folder, join(folder, 'fails.log'));
    await assert.rejects(runFolderOf(started), /The model folder is not there/);
  });

  it('leaves a run behind that outlives the window', async () => {
    const done = join(folder, 'done.txt');
    // It waits until the process that launched it is gone, then writes.
    script(
      'slow.mjs',
      `import { writeFileSync } from 'node:fs';
      const parent = Number(process.argv[2]);
      for (;;) {
        try { process.kill(parent, 0); } catch { break; }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      writeFileSync(${JSON.stringify(done)}, 'still here');`,
    );
    const code = `
      const { launch } = await import(${JSON.stringify(new URL('../../src/extension/merf_command.ts', import.meta.url).href)});
      launch({ node: process.execPath, script: 'slow.mjs' }, [String(process.pid)], ${JSON.stringify(folder)}, 'slow.log');`;
    execFileSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', code], { stdio: 'pipe' });
    const end = Date.now() + 20_000;
    for (;;) {
      try {
        assert.equal(readFileSync(done, 'utf8'), 'still here');
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('names the arms of a file in its order', () => {
    assert.deepEqual(
      armNames('── arm rlvr: no motivation\n\n── arm merf: motivation full\nEvaluation Scoring Rules:\n'),
      ['rlvr', 'merf'],
    );
  });
});

describe('the page of a panel', () => {
  it('lets only its own script run, and nothing from elsewhere load', () => {
    const page = pageOf({
      title: '<a>"',
      language: 'en',
      source: 'https://w',
      script: 's.js',
      style: 's.css',
      nonce: 'N',
    });
    assert.match(page, /default-src 'none'/);
    assert.match(page, /script-src 'nonce-N'/);
    assert.doesNotMatch(page, /unsafe|<a>/);
  });
});
