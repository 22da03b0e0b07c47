// Runs of one machine come one after the other, as real processes that share a queue.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { requestPause } from '../../src/run/control.ts';
import { readRecord, readRun, readStatus } from '../../src/run/read.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers, start, stepsDone, until } from './letters.ts';

describe('runs that share a machine', function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  beforeEach(() => letters(at()));
  const train = (out: string, ...given: string[]) =>
    start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', out, ...given], { MERF_QUEUE: at('queue') });
  const status = (out: string) => (existsSync(at(`${out}/run.json`)) ? readStatus(at(out)).status : null);

  it('come one after the other in the order in which they were started; a dead one holds nobody up', async () => {
    const first = train('first', '--steps', '5000');
    await until(() => stepsDone(at('first')) >= 1);
    const second = train('second', '--steps', '60');
    await until(() => status('second') === 'queued');
    const third = train('third', '--steps', '2');
    await until(() => status('third') === 'queued');
    const before = stepsDone(at('first'));
    await until(() => stepsDone(at('first')) >= before + 3);
    assert.deepEqual([status('second'), stepsDone(at('second')), status('third')], ['queued', 0, 'queued']);
    const { pid } = readRecord(at('second'));
    assert.equal(pid, second.child.pid);
    first.child.kill('SIGKILL');
    await until(() => stepsDone(at('second')) >= 1);
    assert.equal(status('third'), 'queued');
    const ends = await Promise.all([second.ended, third.ended]);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    );
    assert.match(ends[0].stdout, /merf s1 {2}waits for first\. To start all the same: merf train --now\n/);
    assert.match(ends[1].stdout, /waits for first, second\..*\n(?:.*\n)*?.*waits for second\./);
    // the third began when the second had ended
    const [ended, began] = [readRecord(at('second')).updated, readRun(at('third')).record.updated];
    assert.ok(ended <= began);
    assert.deepEqual(readdirSync(at('queue')), []);
  });

  it('do not wait where they are told to start now, and others wait for them too', async () => {
    const first = train('first', '--steps', '5000');
    await until(() => stepsDone(at('first')) >= 1);
    const now = train('now', '--steps', '5000', '--now');
    await until(() => stepsDone(at('now')) >= 1);
    assert.equal(status('first'), 'running');
    first.child.kill('SIGKILL');
    const last = train('last', '--steps', '1');
    await until(() => status('last') === 'queued');
    now.child.kill('SIGKILL');
    assert.equal((await last.ended).code, 0);
  });

  it('can be stopped while they wait, and go on later with the same numbers', async () => {
    const first = train('first', '--steps', '5000');
    await until(() => stepsDone(at('first')) >= 1);
    const second = train('second', '--steps', '3');
    await until(() => status('second') === 'queued');
    assert.match((await merf(at(), 'runs', 'stop', 'second')).stdout, /second/);
    assert.equal((await second.ended).code, 0);
    assert.equal(status('second'), 'stopped');
    const third = train('third', '--steps', '3');
    await until(() => status('third') === 'queued');
    third.child.kill('SIGINT');
    assert.equal((await third.ended).code, 0);
    assert.equal(status('third'), 'stopped');
    first.child.kill('SIGKILL');
    await first.ended;
    assert.equal((await merf(at(), 'train', '--resume', 'second')).code, 0);
    assert.equal((await train('whole', '--steps', '3').ended).code, 0);
    assert.deepEqual(numbers(at('second')), numbers(at('whole')));
  });

  it('give the machine to others while they are paused, and wait for it again', async () => {
    const first = train('first', '--steps', '20');
    await until(() => stepsDone(at('first')) >= 1);
    const second = train('second', '--steps', '5000');
    await until(() => status('second') === 'queued');
    requestPause(at('first'), 'pause');
    await until(() => stepsDone(at('second')) >= 1);
    const { step } = readRecord(at('first'));
    requestPause(at('first'), 'continue');
    await until(() => status('first') === 'queued');
    assert.equal(stepsDone(at('first')), step);
    second.child.kill('SIGKILL');
    assert.equal((await first.ended).code, 0);
    assert.equal(readRecord(at('first')).step, 20);
  });
});
