// Runs of other programs, read from files that tensorboard and TRL themselves wrote (test/fixtures/foreign/make.py), and
// written so that what is read back is what was.

import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readEvent, scalarEvent } from '../../src/run/formats/event.ts';
import { importRuns } from '../../src/run/formats/import.ts';
import { scalarsIn, writeTensorboard } from '../../src/run/formats/tensorboard.ts';
import { crc32c, masked, payloads, recordOf } from '../../src/run/formats/tfrecord.ts';
import { readTrl, writeTrl } from '../../src/run/formats/trl.ts';
import { readVerl, writeVerl } from '../../src/run/formats/verl.ts';
import { readRollouts, readRun, rolloutSets } from '../../src/run/read.ts';
import { sampleRun, writeRun } from '../webview/sample_run.ts';
import { temporaryFolder } from './runs.ts';

const fixture = (name: string) => join('test', 'fixtures', 'foreign', name);

describe('runs of other programs', () => {
  const at = temporaryFolder();
  const one = async (name: string, options = {}) => {
    const [folder, ...others] = await importRuns(at(), fixture(name), options);
    assert.ok(folder && others.length === 0);
    return readRun(folder);
  };

  it("reads what TensorBoard's writer and TensorFlow 2 write as scalars", async () => {
    const run = await one('tensorboard');
    assert.deepEqual(
      run.metrics.map(({ step, time, values }) => [step, time, values.reward, Number(values.kl?.toFixed(6))]),
      [1, 2, 3, 4, 5].map((step) => [step, 2.5 * step, step / 8, 0.001 * step]),
    );
    assert.equal(run.record.created, 1_700_000_000_000);
    assert.deepEqual(
      [run.record.experiment, run.record.arm, run.record.status],
      ['tensorboard', 'tensorboard', 'finished'],
    );
    assert.equal(run.record.source?.format, 'tensorboard');
  });

  it("reads a real run of TRL's trainer: its metrics, completions, reward functions and advantages", async () => {
    const run = await one('trl', { experiment: 'knaves', arm: 'grpo', seed: 7 });
    assert.deepEqual([run.record.experiment, run.record.arm, run.record.seed], ['knaves', 'grpo', 7]);
    assert.deepEqual(
      run.metrics.map(({ step }) => step),
      [1, 2, 3],
    );
    const [first] = run.metrics;
    assert.ok(first && Math.abs((first.values.reward ?? 0) + 0.2175) < 1e-6);
    assert.ok(first.time > 0 && 'num_tokens' in first.values);
    assert.deepEqual(
      run.record.specification.rules.map(({ name }) => name),
      ['length', 'says_knave'],
    );
    const rollouts = readRollouts(run.folder, { kind: 'train', step: 1 });
    assert.equal(rollouts.length, 8);
    assert.deepEqual([...new Set(rollouts.map((line) => line.prompt_index))], [0, 1]);
    assert.ok(rollouts.every((line) => line.advantage !== null && line.prompt.includes('Who is who?')));
    const mean = rollouts.reduce((sum, line) => sum + (line.reward ?? 0), 0) / 8;
    assert.ok(
      Math.abs(mean - (first.values.reward ?? 0)) < 1e-6,
      'the sum of the functions is the reward that TRL logged',
    );
  });

  it("reads verl's rollouts, and its file logger's metrics under the names that are known here", async () => {
    const run = await one('verl');
    assert.deepEqual(
      run.metrics.map(({ step, values }) => [step, values.reward, values.step_time]),
      [
        [1, -0.5, 4],
        [2, 0, 4],
        [3, 0.5, 4],
      ],
    );
    assert.equal(run.metrics[0]?.values['rewards/format_score/mean'], 1);
    assert.deepEqual(
      run.record.specification.rules.map(({ name, isMetric }) => [name, isMetric]),
      [
        ['score', false],
        ['acc', true],
        ['format_score', true],
      ],
    );
    const [line] = readRollouts(run.folder, { kind: 'train', step: 2 });
    assert.deepEqual([line?.row.gts, line?.rules.acc?.score, line?.reward], ['2', 0, -1]);
  });

  it('numbers a prompt the same at every step', async () => {
    const run = await one('verl');
    const rows = [1, 2].map((step) => readRollouts(run.folder, { kind: 'train', step }).map((line) => line.row_index));
    assert.deepEqual(rows, [
      [0, 0, 0, 1, 1, 1],
      [0, 0, 0, 1, 1, 1],
    ]);
  });

  it('takes the same folder in again as the same run, with what has been added, and leaves what is beside it', async () => {
    cpSync(fixture('verl'), at('mine'), { recursive: true });
    const [folder] = await importRuns(at(), at('mine'));
    assert.ok(folder);
    writeFileSync(join(folder, 'notes.jsonl'), '{}\n');
    appendFileSync(at('mine/metrics.jsonl'), '{"step":4,"data":{"critic/score/mean":2}}\n{"step":5,"da');
    assert.deepEqual(await importRuns(at(), at('mine/1.jsonl')), [folder]);
    assert.equal(readRun(folder).metrics.at(-1)?.values.reward, 2);
    assert.equal(readFileSync(join(folder, 'notes.jsonl'), 'utf8'), '{}\n');
  });

  it('takes every folder of a log folder as a run of its own', async () => {
    for (const name of ['a/seed1', 'a/seed2', 'b'])
      cpSync(fixture('tensorboard'), at(`logs/${name}`), { recursive: true });
    const found = (await importRuns(at(), at('logs'))).map((folder) => readRun(folder).record);
    assert.deepEqual(
      found.map(({ experiment, arm }) => [experiment, arm]),
      [
        ['logs', 'a/seed1'],
        ['logs', 'a/seed2'],
        ['logs', 'b'],
      ],
    );
    assert.equal(new Set(found.map(({ id }) => id)).size, 3);
  });

  it('writes what it reads back the same, in each format', async () => {
    const folder = at('.merf/runs/own');
    const own = sampleRun(folder, 'merf', 1);
    writeRun(
      own,
      [1, 20, 40].map((step) => ({ kind: 'train', step })),
    );
    const rounded = own.metrics.map(({ values }) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Math.fround(value)])),
    );
    writeTensorboard(own, at('tb'));
    const back = scalarsIn(at('tb')).metrics;
    const trained = back
      .filter(({ step }) => step > 0)
      .map(({ values }) => Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('eval/'))));
    assert.deepEqual(trained, rounded);
    assert.ok(Math.abs((back[0]?.values['eval/motivation/accuracy'] ?? 0) - 0.12) < 1e-6);

    writeTrl(own, at('trl'));
    assert.deepEqual(readdirSync(at('trl/completions')), [
      'completions_00001.parquet',
      'completions_00020.parquet',
      'completions_00040.parquet',
    ]);
    const trl = await readTrl(at('trl'));
    assert.deepEqual(
      trl.metrics.map(({ values }) => values.reward),
      own.metrics.map(({ values }) => values.reward),
    );
    const told = (lines: readonly { response: string; reward: number | null; advantage: number | null }[]) =>
      lines.map(({ response, reward, advantage }) => [response, reward, advantage]);
    assert.deepEqual(told(trl.rollouts.get(20) ?? []), told(readRollouts(folder, { kind: 'train', step: 20 })));

    writeVerl(own, at('verl'));
    const verl = readVerl(at('verl'));
    assert.deepEqual(verl.metrics.find(({ step }) => step === 33)?.values, own.metrics[32]?.values);
    assert.deepEqual(
      [...verl.rollouts.keys()],
      rolloutSets(folder).map(({ step }) => step),
    );
  });

  it('checks as CRC32C does, and puts a mask over it', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.notEqual(masked(0), 0);
  });

  it('frames and reads any event', () => {
    const name = fc.stringMatching(/^[a-z/_]{1,12}$/);
    const values = fc.dictionary(name, fc.float({ noNaN: true, noDefaultInfinity: true }), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.double({ noNaN: true, min: 0, max: 2e9 }), values, (step, wallTime, values) => {
        const [payload] = [...payloads(recordOf(scalarEvent({ wallTime, step, values })), 'x')];
        assert.ok(payload);
        const event = readEvent(payload);
        assert.deepEqual({ ...event, values: { ...event.values } }, { wallTime, step, values: { ...values } });
      }),
    );
  });

  it('reads a file up to the record that is being written, and says where one is damaged', () => {
    const [name = ''] = readdirSync(fixture('tensorboard'));
    const file = readFileSync(join(fixture('tensorboard'), name));
    const all = [...payloads(file, name)].length;
    assert.ok(all >= 11);
    for (let cut = 1; cut < 20; cut++)
      assert.equal([...payloads(file.subarray(0, file.length - cut), name)].length, all - 1);
    const broken = Buffer.from(file);
    broken[40] = (broken[40] ?? 0) ^ 1;
    assert.throws(() => [...payloads(broken, name)], /checksum is wrong/);
  });

  it('refuses bytes of no event, a broken Parquet file and a folder without a run with a sentence', async () => {
    const refused = (path: string) => importRuns(at(), at(path));
    mkdirSync(at('empty'));
    await assert.rejects(refused('empty'), /holds no run that can be read/);
    await assert.rejects(refused('nowhere'), /is not there/);
    mkdirSync(at('bad/completions'), { recursive: true });
    writeFileSync(at('bad/completions/completions_00001.parquet'), 'PAR1 no PAR1');
    await assert.rejects(refused('bad'), /not a Parquet file/);
    mkdirSync(at('tf'));
    writeFileSync(at('tf/events.out.tfevents.1'), recordOf(Buffer.from([0x2a, 0xff, 0xff, 0xff])));
    await assert.rejects(refused('tf'), /cannot be read|holds no number/);
    mkdirSync(at('state'));
    writeFileSync(at('state/trainer_state.json'), '{"log_history": 3}');
    await assert.rejects(refused('state'), /not the state of a trainer/);
  });
});
