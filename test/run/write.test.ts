import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MetricsLine } from '../../src/run/format.ts';
import { readLines, readRecord, readRollouts, readRun, rolloutSets } from '../../src/run/read.ts';
import { RunWriter } from '../../src/run/write.ts';
import { MerfError } from '../../src/spec/error.ts';
import { checkpointEvent, metrics, record, rollout, temporaryFolder } from './runs.ts';

describe('a run that is written', () => {
  const at = temporaryFolder();

  it('reads back as it was written', () => {
    const writer = RunWriter.create(at('run'), record());
    writer.appendMetrics(metrics(1));
    writer.appendMetrics(metrics(2, { reward: -1.25, 'rewards/format/mean': 1e-7 }));
    writer.appendEvent(checkpointEvent(2));
    writer.writeRollouts({ kind: 'train', step: 2 }, [rollout(2, 'a\u2028b\n'), rollout(2, '😀')]);
    writer.writeRollouts({ kind: 'none', step: 2 }, [rollout(2, 'held out')]);
    writer.update({ step: 2, trainedSeconds: 6 });
    const run = readRun(at('run'));
    assert.deepEqual(run.metrics, [metrics(1), metrics(2, { reward: -1.25, 'rewards/format/mean': 1e-7 })]);
    assert.deepEqual(run.events, [checkpointEvent(2)]);
    assert.deepEqual([run.record.step, run.record.trainedSeconds, run.record.status], [2, 6, 'running']);
    assert.ok(run.record.updated > 1_000);
    assert.deepEqual(rolloutSets(at('run')), [
      { kind: 'train', step: 2 },
      { kind: 'none', step: 2 },
    ]);
    assert.deepEqual(
      readRollouts(at('run'), { kind: 'train', step: 2 }).map(({ response }) => response),
      ['a\u2028b\n', '😀'],
    );
  });

  it('is not begun where another run lies', () => {
    RunWriter.create(at('run'), record());
    assert.throws(() => RunWriter.create(at('run'), record({ arm: 'rlvr' })), /already holds a run/);
    assert.equal(readRecord(at('run')).arm, 'merf');
  });

  it('is taken back to a step: lines, events and rollouts after it go, and a half line at the end', () => {
    const writer = RunWriter.create(at('run'), record());
    for (const step of [1, 2, 3, 4]) {
      writer.appendMetrics(metrics(step));
      writer.writeRollouts({ kind: 'train', step }, [rollout(step, 'x')]);
    }
    for (const step of [0, 2, 4]) writer.appendEvent(checkpointEvent(step));
    writer.writeRollouts({ kind: 'motivation', step: 4 }, [rollout(4, 'x')]);
    appendFileSync(at('run/metrics.jsonl'), '{"step":2,"time"');
    writeFileSync(at('run/control'), '{"command":"stop"}');
    const again = RunWriter.reopen(at('run'), 2);
    assert.equal(readFileSync(at('run/metrics.jsonl'), 'utf8').split('\n').length, 3);
    again.appendMetrics(metrics(3, { reward: 9 }));
    const run = readRun(at('run'));
    assert.deepEqual(
      run.metrics.map(({ step, values }) => [step, values.reward]),
      [
        [1, 0.5],
        [2, 1],
        [3, 9],
      ],
    );
    assert.deepEqual(
      run.events.map(({ step }) => step),
      [0, 2],
    );
    assert.deepEqual(
      rolloutSets(at('run')).map(({ step }) => step),
      [1, 2],
    );
    assert.equal(existsSync(at('run/control')), false);
  });

  it('that cannot be written says where and what to do, and keeps what it had', () => {
    const blocked = at('file');
    writeFileSync(blocked, 'not a folder');
    assert.throws(
      () => RunWriter.create(join(blocked, 'run'), record()),
      (error) => error instanceof MerfError && /cannot be written/.test(error.message) && /--out/.test(error.remedy),
    );
    const writer = RunWriter.create(at('run'), record());
    writer.update({ step: 3 });
    mkdirSync(at('run/metrics.jsonl'));
    assert.throws(() => writer.appendMetrics(metrics(4)));
    assert.equal(readRecord(at('run')).step, 3);
  });

  it('says what to do about a full disk, and keeps what it had', function () {
    if (!existsSync('/dev/full')) this.skip();
    const writer = RunWriter.create(at('run'), record());
    writer.appendEvent(checkpointEvent(0));
    symlinkSync('/dev/full', at('run/metrics.jsonl'));
    assert.throws(
      () => writer.appendMetrics(metrics(1)),
      (error) => error instanceof MerfError && /The disk is full/.test(error.message) && /--resume/.test(error.remedy),
    );
    assert.deepEqual(readRun(at('run')).events, [checkpointEvent(0)]);
  });

  it('killed at any moment has only whole lines but perhaps the last, and a whole record', async function () {
    this.timeout(60_000);
    for (const [round, pause] of [150, 260, 410].entries()) {
      const folder = at(`killed-${round}`);
      const script = fileURLToPath(new URL('./endless_writer.ts', import.meta.url));
      const child = spawn(process.execPath, ['--import=tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, pause));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { lines, unreadable } = readLines(join(folder, 'metrics.jsonl'), MetricsLine);
      assert.deepEqual(unreadable, []);
      assert.ok(lines.length > 0);
      assert.deepEqual(
        lines.map(({ step }) => step),
        lines.map((_, i) => i + 1),
      );
      const { step } = readRecord(folder);
      assert.ok(step <= lines.length && step >= lines.length - 1, `${step} of ${lines.length}`);
      const files = readdirSync(join(folder, 'rollouts')).filter((name) => !name.startsWith('.'));
      for (const set of rolloutSets(folder)) assert.equal(readRollouts(folder, set).length, 40);
      assert.equal(files.length, rolloutSets(folder).length);
      assert.equal(readRun(folder).record.status, 'stopped');
    }
  });
});
