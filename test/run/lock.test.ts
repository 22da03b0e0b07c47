// One trainer for a run, and a lock that no dead process holds.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { isLocked, lockRun } from '../../src/run/lock.ts';
import { temporaryFolder } from './runs.ts';

describe('the lock of a run', () => {
  const at = temporaryFolder();

  it('is held by one process, and given back', () => {
    const release = lockRun(at());
    assert.equal(isLocked(at()), true);
    assert.throws(() => lockRun(at()), /is being trained right now, by process \d+/);
    release();
    assert.deepEqual([isLocked(at()), readdirSync(at())], [false, []]);
    lockRun(at())();
  });

  it('is not held by a process that died, nor by a later one with its number', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeFileSync(at('lock'), JSON.stringify({ pid: child.pid, started: '1' }));
    assert.equal(isLocked(at()), false);
    lockRun(at())();
    if (!existsSync('/proc/self/stat')) return;
    writeFileSync(at('lock'), JSON.stringify({ pid: process.pid, started: '1' }));
    assert.equal(isLocked(at()), false);
    lockRun(at())();
  });

  it('is taken from a file that nobody can read', () => {
    writeFileSync(at('lock'), '\0\0');
    lockRun(at())();
    assert.deepEqual(readdirSync(at()), []);
  });

  it('goes to one of many that want it at once', async function () {
    this.timeout(60_000);
    const lock = JSON.stringify(new URL('../../src/run/lock.ts', import.meta.url).href);
    const script = `import { lockRun } from ${lock};
      try { lockRun(${JSON.stringify(at())}); console.log('mine'); } catch { console.log('no'); }
      process.stdin.resume();`;
    writeFileSync(at('lock'), JSON.stringify({ pid: 2 ** 30, started: null }));
    const arguments_ = ['--import=tsx', '--input-type=module', '-e', script];
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, arguments_, { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    // all of them live until every one has said what it got
    const said = await Promise.all(children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()));
    for (const child of children) child.kill();
    assert.deepEqual(said.sort(), ['mine', 'no', 'no', 'no']);
  });
});
