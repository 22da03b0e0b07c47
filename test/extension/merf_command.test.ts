// Starting the command: real processes, among them one that outlives what started it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { pageOf } from '../../src/extension/page.ts';

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
    assert.equal(await runFolderOf(started, AbortSignal.timeout(20_000)), '/w/run');
  });

  it('says the last words of a run that ends before it begins', async () => {
    const merf = script('fails.mjs', 'console.error("merf: The model folder is not there."); process.exit(1)');
    const started = launch(merf, ['train'], folder, join(folder, 'fails.log'));
    await assert.rejects(runFolderOf(started, AbortSignal.timeout(20_000)), /The model folder is not there/);
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
