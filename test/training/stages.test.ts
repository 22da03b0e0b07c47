// `merf train FILE` with stages: each is a run of its own before the run itself, its gate is looked at at its end, and a
// series that was broken off anywhere goes on.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { runFolders } from '../../src/run/location.ts';
import { readRecord, readRollouts, readRun } from '../../src/run/read.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, start, stepsDone, until } from './letters.ts';

describe('stages', function () {
  this.timeout(300_000);
  const at = temporaryFolder();
  const OPEN = 'stage pilot { steps 3  prompts 2  pass when entropy > 0 for 2 steps }\nwatch {';
  const CLOSED = 'stage pilot { steps 2  prompts 2  pass when accuracy > 2 for 2 steps }\nwatch {';
  const staged = (stage: string) =>
    letters(at(), (text) => text.replace('steps 12', 'steps 4').replace('watch {', stage));
  const records = () =>
    runFolders(at())
      .map((folder) => readRecord(folder))
      .sort((a, b) => a.created - b.created);
  const brief = () => records().map(({ stage, status, step, gate }) => [stage, status, step, gate]);

  it('are runs of their own before the run itself, which begins when the gate is open', async () => {
    await staged(OPEN);
    const { code, stdout, stderr } = await merf(at(), 'train', 'letters.merf', '--arm', 'merf');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /merf pilot s1 {2}the gate is open/);
    assert.deepEqual(brief(), [
      ['pilot', 'finished', 3, 'open'],
      [undefined, 'finished', 4, undefined],
    ]);
    const [pilot, run] = records();
    assert.deepEqual([pilot?.series, run?.series], [pilot?.id, pilot?.id]);
    const [folder = ''] = runFolders(at()).filter((one) => basename(one).includes('-pilot-'));
    assert.equal(readRollouts(folder, { kind: 'train', step: 1 }).length, 8, 'two prompts, as the stage says');
    const gates = readRun(folder).events.filter(({ kind }) => kind === 'gate');
    assert.equal(gates.length, 1);
    assert.match((await merf(at(), 'runs')).stdout, / stage pilot {2}finished {2}3\/3\n/);
  });

  it('end with a closed gate in one sentence, and nothing after it begins', async () => {
    await staged(CLOSED.replace('> 2', '> 99%'));
    const { code, stderr } = await merf(at(), 'train', 'letters.merf', '--arm', 'merf');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^merf: The stage pilot did not pass, .* Its gate is closed: accuracy > 99% for 2 steps \(.*--skip-stages\.\n$/,
    );
    assert.deepEqual(brief(), [['pilot', 'finished', 2, 'closed']]);
    assert.match(records()[0]?.reason ?? '', /Its gate is closed/);
  });

  it('go on from a closed gate with more steps: it is looked at again, and what comes after begins when it is open', async () => {
    await staged(CLOSED.replace('accuracy > 2', 'entropy < 5.7'));
    assert.equal((await merf(at(), 'train', 'letters.merf', '--arm', 'merf')).code, 1);
    assert.deepEqual(brief(), [['pilot', 'finished', 2, 'closed']]);
    const [folder = ''] = runFolders(at());
    const pilot = basename(folder);
    const refused = await merf(at(), 'train', '--resume', pilot);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /Give more steps to go on: merf train --resume \S+ --steps \d+\./);
    const { code, stdout, stderr } = await merf(at(), 'train', '--resume', pilot, '--steps', '40');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /the gate is open/);
    assert.deepEqual(brief(), [
      ['pilot', 'finished', 40, 'open'],
      [undefined, 'finished', 4, undefined],
    ]);
    const gates = readRun(folder).events.flatMap((event) => (event.kind === 'gate' ? [[event.step, event.open]] : []));
    assert.deepEqual(gates, [
      [2, false],
      [40, true],
    ]);
  });

  it('can be left out, or trained alone', async () => {
    await staged(OPEN);
    assert.equal((await merf(at(), 'train', 'letters.merf', '--arm', 'merf', '--skip-stages')).code, 0);
    assert.equal((await merf(at(), 'train', 'letters.merf', '--arm', 'merf', '--stage', 'pilot')).code, 0);
    assert.deepEqual(
      records().map(({ stage, series }) => [stage, series]),
      [
        [undefined, undefined],
        ['pilot', undefined],
      ],
    );
    const unknown = await merf(at(), 'train', 'letters.merf', '--arm', 'merf', '--stage', 'pilto');
    assert.match(unknown.stderr, /no stage named pilto\. Use one of: pilot\./);
  });

  it('that were killed go on with what is left of the series', async () => {
    await staged(OPEN.replace('steps 3', 'steps 30'));
    const { child, ended } = start(at(), ['train', 'letters.merf', '--arm', 'merf']);
    await until(() => runFolders(at()).length === 1 && stepsDone(runFolders(at())[0] ?? '') >= 1);
    child.kill('SIGKILL');
    await ended;
    assert.equal((await merf(at(), 'train', '--resume')).code, 0);
    assert.deepEqual(brief(), [
      ['pilot', 'finished', 30, 'open'],
      [undefined, 'finished', 4, undefined],
    ]);
    assert.match((await merf(at(), 'train', '--resume')).stderr, /no run here to go on with/);
  });
});
