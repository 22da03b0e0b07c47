// A disk that gets full in the middle of a run: a real small file system where one can be mounted, elsewhere the
// shell's limit on the size of a file. The run fails with the remedy, and when there is room it goes on as if it had
// never happened.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readRecord } from '../../src/run/read.ts';
import { merfCommand } from '../cli/merf.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers } from '../training/letters.ts';

describe('a disk that gets full', function () {
  this.timeout(120_000);
  let mounted = false;
  // before the folder that it is mounted in goes
  afterEach(() => {
    if (mounted) spawnSync('umount', [at('disk')]);
  });
  const at = temporaryFolder();
  beforeEach(() => {
    mkdirSync(at('disk'));
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', at('disk')]).status === 0;
  });

  it('fails the run with the remedy; with room again the run goes on with the same numbers', async function () {
    if (!mounted && process.platform === 'win32') this.skip();
    await letters(at());
    const arm = ['train', 'letters.merf', '--arm', 'merf', '--out'];
    assert.equal((await merf(at(), ...arm, 'whole')).code, 0);
    const { code, stderr } = await (mounted ? merf(at(), ...arm, 'disk/run') : limited(at(), ...arm, 'disk/run'));
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^merf: The disk is full; [^\n]+ Free some space, then go on with: merf train --resume[^\n]*\n$/,
    );
    const { status, reason } = readRecord(at('disk/run'));
    assert.equal(status, 'failed');
    assert.match(reason ?? '', /^The disk is full; .* Free some space/);
    if (mounted) spawnSync('mount', ['-o', 'remount,size=16m', at('disk')]);
    const resumed = await merf(at(), 'train', '--resume', 'disk/run');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual(numbers(at('disk/run')), numbers(at('whole')));
  });
});

/** A `merf` process that may not write a file of more than 40 KiB. */
function limited(cwd: string, ...given: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn('bash', ['-c', 'ulimit -f 40; exec "$@"', 'bash', ...merfCommand(), ...given], { cwd });
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}
