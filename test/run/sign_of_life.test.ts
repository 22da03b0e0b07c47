// Signs of life: what a run says that it does inside its step, and when it counts as silent. Held on files, on the words
// of `merf runs`, and on a real run that is in the middle of a long step.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignOfLife } from '../../src/run/format.ts';
import { readRecord, readStatus } from '../../src/run/read.ts';
import { LifeSigns, secondsLeftBy, signOfLife, silentFor } from '../../src/run/sign_of_life.ts';
import { RunWriter } from '../../src/run/write.ts';
import { letters, merf, start, until } from '../training/letters.ts';
import { record, temporaryFolder } from './runs.ts';

const SIGN: SignOfLife = {
  ...{ step: 3, phase: 'generate', done: 40, of: 128 },
  ...{ time: 1_000_000, silence: 5, secondsLeft: 90 },
};
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const secondsOn = (seconds: number) => SIGN.time + 1000 * seconds;

describe('a sign of life', function () {
  this.timeout(120_000);
  const at = temporaryFolder();

  it('is read back as it was given, by a run that is at work', () => {
    const { time: _, silence: __, ...given } = SIGN;
    new LifeSigns(at()).sign(given);
    const { time, silence, ...read } = signOfLife(at(), { status: 'running' }) ?? SIGN;
    assert.deepEqual(read, given);
    assert.ok(time > SIGN.time && silence >= 0);
    assert.equal(signOfLife(at(), { status: 'stopping' })?.done, 40);
    for (const status of ['queued', 'paused', 'stopped', 'finished', 'failed'] as const) {
      assert.equal(signOfLife(at(), { status }), null, status);
    }
  });

  it('is none where the file is missing, damaged or foreign', () => {
    assert.equal(signOfLife(at(), { status: 'running' }), null);
    for (const text of ['', '{"step": 3, "pha', '{"step": 3}', JSON.stringify({ ...SIGN, phase: 'sleep' })]) {
      writeFileSync(at('progress.json'), text);
      assert.equal(signOfLife(at(), { status: 'running' }), null, text);
    }
  });

  it('counts as missing after a minute, or three times the longest silence there was', () => {
    assert.equal(silentFor(SIGN, secondsOn(60)), null);
    assert.equal(silentFor(SIGN, secondsOn(61)), 61);
    const slow = { ...SIGN, silence: 100 };
    assert.equal(silentFor(slow, secondsOn(300)), null);
    assert.equal(silentFor(slow, secondsOn(301)), 301);
  });

  it('knows what is left by the time that has passed since', () => {
    assert.equal(secondsLeftBy(SIGN, secondsOn(30)), 60);
    assert.equal(secondsLeftBy(SIGN, secondsOn(100)), 0);
    assert.equal(secondsLeftBy({ ...SIGN, secondsLeft: null }, secondsOn(30)), null);
  });

  it('or its absence is told by merf runs', async () => {
    const folder = at('.merf/runs/one');
    RunWriter.create(folder, { ...record({ id: 'one', status: 'running' }), pid: process.pid });
    const says = async (time: number) => {
      writeFileSync(join(folder, 'progress.json'), JSON.stringify({ ...SIGN, time }));
      return (await merf(at(), 'runs')).stdout;
    };
    assert.match(await says(Date.now()), /writing responses 40\/128 of step 3, .* ago, .* left/);
    assert.match(
      await says(Date.now() - 600_000),
      /writing responses 40\/128 of step 3, no sign of life for 10 min.*may hang/,
    );
  });

  it('comes again and again inside one long step, and no more once the process is halted', async () => {
    const long = 'prompts 12  group 64  max_response 480';
    await letters(at(), (text) => text.replace('prompts 4  group 4  max_response 12', long));
    const { child, ended } = start(at(), ['train', 'letters.merf', '--arm', 'rlvr', '--out', 'run']);
    const inStep = () => {
      const sign = signOfLife(at('run'), readStatus(at('run')));
      return sign?.phase === 'generate' ? sign : null;
    };
    try {
      await until(() => signOfLife(at('run'), { status: 'running' })?.phase === 'generate');
      const first = inStep();
      await until(() => (inStep()?.time ?? 0) > (first?.time ?? 0));
      const second = inStep();
      assert.ok(first && second && second.done > first.done && second.done <= second.of);
      assert.deepEqual([first.step, second.step, readRecord(at('run')).step], [1, 1, 0]);
      child.kill('SIGSTOP');
      await wait(300);
      const last = inStep();
      await wait(1500);
      assert.deepEqual(inStep(), last);
      assert.equal(last && silentFor(last, last.time + 3_600_000), 3600);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    assert.equal(signOfLife(at('run'), readStatus(at('run'))), null);
  });
});
