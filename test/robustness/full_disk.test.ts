// A disk that gets full in the middle of a run: a real small file system. The run waits with one message, and when there
// is room it goes on by itself as if it had never happened; a process that may not write large files fails with the
// remedy.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readRecord, readRun } from '../../src/run/read.ts';
import { merfCommand } from '../cli/merf.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers, start, until } from '../training/letters.ts';

describe('a disk that gets full', function () {
  this.timeout(240_000);
  let mounted = false;
  // before the folder that it is mounted in goes
  afterEach(() => {
    if (mounted) spawnSync('umount', [at('disk')]);
  });
  const at = temporaryFolder();
  beforeEach(() => {
    mkdirSync(at('disk'));
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', at('disk')]).status === 0;
  });

  it('lets the run wait with one message, and with room again it goes on with the same numbers', async function () {
    if (!mounted) this.skip();
    await letters(at());
    const arm = ['train', 'letters.merf', '--arm', 'merf', '--out'];
    assert.equal((await merf(at(), ...arm, 'whole')).code, 0);
    const { ended } = start(at(), [...arm, 'disk/run']);
    await until(() => existsSync(at('disk/run/run.json')) && readRecord(at('disk/run')).status === 'paused');
    assert.match(readRecord(at('disk/run')).reason ?? '', /^The disk is full; .* cannot be written\.$/);
    const { step } = readRecord(at('disk/run'));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(readRecord(at('disk/run')).step, step);
    spawnSync('mount', ['-o', 'remount,size=16m', at('disk')]);
    const { code, stdout, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout.match(/The disk is full/g)?.length, 1, stdout);
    assert.deepEqual(numbers(at('disk/run')), numbers(at('whole')));
    const { record, events } = readRun(at('disk/run'));
    assert.deepEqual([record.status, record.reason], ['finished', null]);
    const waits = events.filter(({ kind }) => kind === 'paused' || kind === 'continued');
    assert.deepEqual(
      waits.map((event) => [event.kind, event.kind === 'paused' && /full/.test(event.reason ?? '')]),
      [
        ['paused', true],
        ['continued', false],
      ],
    );
  });

  it('can be filled at any place and lets the run wait there, each time', async function () {
    if (!mounted) this.skip();
    spawnSync('mount', ['-o', 'remount,size=4m', at('disk')]);
    await letters(at());
    const arm = ['train', 'letters.merf', '--arm', 'merf', '--steps', '6', '--out'];
    assert.equal((await merf(at(), ...arm, 'whole')).code, 0);
    const { ended } = start(at(), [...arm, 'disk/run']);
    await until(() => existsSync(at('disk/run/metrics.jsonl')));
    for (let time = 0; time < 3 && readRecord(at('disk/run')).status !== 'finished'; time++) {
      // somebody else's file takes what there is
      fill(at('disk/other'));
      await until(() => ['paused', 'finished'].includes(readRecord(at('disk/run')).status));
      rmSync(at('disk/other'));
      await until(() => readRecord(at('disk/run')).status !== 'paused');
    }
    assert.equal((await ended).code, 0);
    assert.deepEqual(numbers(at('disk/run')), numbers(at('whole')));
    assert.ok(readRun(at('disk/run')).events.some(({ kind }) => kind === 'paused'));
  });

  it('of a limit on the size of a file, fails the run with the remedy', async function () {
    if (process.platform === 'win32') this.skip();
    await letters(at(), (text) => text.replace('group 4', 'group 16'));
    const arm = ['train', 'letters.merf', '--arm', 'merf', '--out'];
    const { code, stderr } = await limited(at(), ...arm, 'run');
    assert.equal(code, 1);
    assert.match(stderr, /^merf: A file in [^\n]+ larger than this process may write\. Raise the limit [^\n]*\n$/);
    assert.equal(readRecord(at('run')).status, 'failed');
    assert.equal((await merf(at(), 'train', '--resume', 'run')).code, 0);
  });
});

/** Writes until there is no room. */
function fill(path: string): void {
  try {
    for (let size = 1 << 22; size >= 1; size >>= 1) {
      try {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
        size <<= 1;
      } catch {
        // what fitted is there; the rest is tried in smaller parts
      }
    }
  } catch {
    // full
  }
}

/** A `merf` process that may not write a file of more than 80 KiB. */
function limited(cwd: string, ...given: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn('bash', ['-c', 'ulimit -f 80; exec "$@"', 'bash', ...merfCommand(), ...given], { cwd });
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}
