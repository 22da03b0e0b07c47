// A machine for which the engine has no binaries, such as a Mac with an Intel processor: what computes nothing works, and
// what does says in one sentence why not and where. The command lies where no package is found.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { merfCommand, ROOT } from './merf.ts';

describe('without the engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'merf-without-'));
  const file = 'knights_and_knaves.merf';
  const merf = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist', 'merf.mjs'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  before(() => {
    const [, bundle = ''] = merfCommand();
    mkdirSync(join(folder, 'dist'));
    copyFileSync(bundle, join(folder, 'dist', 'merf.mjs'));
    copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    copyFileSync(join(ROOT, 'examples', file), join(folder, file));
    cpSync(join(ROOT, 'models/tiny'), join(folder, 'models/tiny'), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const words of [
    ['check', file],
    ['test', file],
    ['prompt', file, '--arm', 'merf', '--row', '0'],
  ]) {
    it(`merf ${words[0]} works`, () => {
      const { status, stderr } = merf(...words);
      assert.equal(stderr, '');
      assert.notEqual(status, null);
    });
  }

  for (const words of [
    ['train', file, '--arm', 'merf'],
    ['sample', file, '--arm', 'merf', '--rows', '0..0'],
  ]) {
    it(`merf ${words[0]} says what is missing, and where it is not`, () => {
      const { status, stderr } = merf(...words);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^merf: The engine that trains and samples[^\n]*does not load[^\n]*all else works here\.\n$/,
      );
    });
  }
});
