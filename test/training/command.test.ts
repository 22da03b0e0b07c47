// `merf train` and `merf runs` at their edges: whatever is wrong gets one sentence with its remedy, and loses nothing.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { runFolders } from '../../src/run/location.ts';
import { readRecord, readRun, readStatus } from '../../src/run/read.ts';
import { temporaryFolder } from '../run/runs.ts';
import { type Ended, letters, merf, numbers, start, stepsDone, until } from './letters.ts';

describe('merf train', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  const train = (...given: string[]) => merf(at(), 'train', ...given);
  beforeEach(() => letters(at()));

  /** Refused in one line on the error output, without a stack. */
  function refused({ code, stdout, stderr }: Ended, sentence: RegExp): void {
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, sentence);
    assert.match(stderr, /^merf: [^\n]+\n$/);
  }

  it('says which arms there are when none or an unknown one is named', async () => {
    refused(await train('letters.merf'), /several arms\. Choose one with --arm: rlvr, merf\./);
    refused(await train('letters.merf', '--arm', 'merv'), /no arm named merv\. Use one of: rlvr, merf\./);
    refused(await train(), /No \.merf file was named\. Name one: /);
    assert.equal(existsSync(at('.merf')), false);
  });

  it('says what is wrong with a model folder, before anything is written', async () => {
    const arm = ['letters.merf', '--arm', 'rlvr'];
    refused(
      await train(...arm, '--model', './nowhere'),
      /There is no model folder \.\/nowhere; it would be .*Check the path/,
    );
    cpSync(at('model'), at('cut'), { recursive: true });
    truncateSync(at('cut/model.safetensors'), 4000);
    refused(
      await train(...arm, '--model', './cut'),
      /model\.safetensors is damaged: .*Download or copy the file again/,
    );
    writeFileSync(at('cut/model.safetensors'), 'oops');
    refused(await train(...arm, '--model', './cut'), /model\.safetensors .*Download or copy the file again/);
    rmSync(at('cut/model.safetensors'));
    refused(await train(...arm, '--model', './cut'), /no model\.safetensors in /);
    assert.equal(existsSync(at('.merf')), false);
  });

  it('says what to do when the run cannot be kept where it should be', async () => {
    writeFileSync(at('file'), '');
    refused(await train('letters.merf', '--arm', 'rlvr', '--out', 'file/run'), /cannot be written .*--out/);
    mkdirSync(at('taken'));
    writeFileSync(at('taken/run.json'), '{}');
    refused(
      await train('letters.merf', '--arm', 'rlvr', '--out', 'taken'),
      /already holds a run\. Choose another folder/,
    );
    assert.equal(readFileSync(at('taken/run.json'), 'utf8'), '{}');
  });

  it('refuses numbers that mean nothing, and a plan it cannot carry out', async () => {
    refused(await train('letters.merf', '--arm', 'rlvr', '--steps', '0'), /--steps cannot be 0\. Give 1 or more\./);
    refused(await train('letters.merf', '--arm', 'rlvr', '--seed', '1.5'), /--seed cannot be 1\.5\./);
    await letters(at(), (text) => text.replace('max_response 12', 'max_response 600'));
    const { code, stderr } = await train('letters.merf', '--arm', 'rlvr');
    assert.equal(code, 1);
    assert.match(stderr, /needs 600 tokens for a response and .* looks at 512\. Lower `max_response`/);
  });

  it('trains on rows of a file, and goes on only with the same file', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `{"people": "${i}", "answer": ${i % 7}}\n`);
    writeFileSync(at('rows.jsonl'), rows.join(''));
    const task = 'task jsonl("rows.jsonl", test: 20%) { secret answer }';
    await letters(at(), (text) => text.replace(/^task .*$/m, task));
    const run = ['--arm', 'rlvr', '--out', 'run', '--steps', '1'];
    assert.equal((await train('letters.merf', ...run)).code, 0);
    const { data, specification } = readRecord(at('run'));
    assert.match(data?.hash ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(
      specification.task.columns.map(({ name, type, secret }) => [name, type.kind, secret]),
      [
        ['people', 'text', false],
        ['answer', 'number', true],
      ],
    );
    writeFileSync(at('rows.jsonl'), rows.slice(1).join(''));
    refused(
      await train('--resume', 'run', '--steps', '2'),
      /The data file rows\.jsonl is not the one the run run began with\. Put the file back/,
    );
    writeFileSync(at('rows.jsonl'), rows.join(''));
    assert.equal((await train('--resume', 'run', '--steps', '2')).code, 0);
    assert.equal(readRecord(at('run')).step, 2);
  });

  it('asked to stop while it waits for room on a full disk ends with the remedy, and goes on from its checkpoint', async function () {
    if (!existsSync('/dev/full')) this.skip();
    await train('letters.merf', '--arm', 'merf', '--out', 'whole');
    mkdirSync(at('run'));
    symlinkSync('/dev/full', at('run/metrics.jsonl'));
    const { ended } = start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', 'run']);
    await until(() => existsSync(at('run/run.json')) && readRecord(at('run')).status === 'paused');
    assert.match(readRecord(at('run')).reason ?? '', /The disk is full/);
    assert.equal((await merf(at(), 'runs', 'stop', 'run')).code, 0);
    const { code, stderr } = await ended;
    assert.equal(code, 1);
    assert.match(stderr, /^merf: The disk is full; .* cannot be written\. Free some space, then go on with: .*\n$/);
    assert.equal(readRecord(at('run')).status, 'failed');
    assert.equal(existsSync(at('run/checkpoints/step-000000/model.safetensors')), true);
    rmSync(at('run/metrics.jsonl'));
    assert.equal((await train('--resume', 'run')).code, 0);
    assert.deepEqual(numbers(at('run')), numbers(at('whole')));
  });

  it('goes on with the newest unfinished run; a finished one only with more steps; one in training not at all', async () => {
    refused(await train('--resume'), /no run here to go on with/);
    refused(await train('--resume', 'nothing'), /There is no run nothing\. Start one with/);
    const { child, ended } = start(at(), ['train', 'letters.merf', '--arm', 'rlvr', '--steps', '500']);
    await until(() => runFolders(at()).length === 1);
    const folder = runFolders(at())[0] ?? '';
    await until(() => stepsDone(folder) >= 2);
    refused(await train('--resume', basename(folder)), /is being trained right now\./);
    child.kill('SIGKILL');
    await ended;
    const listed = lines((await merf(at(), 'runs', '--json')).stdout);
    assert.deepEqual(
      Run.array()
        .parse(listed)
        .map(({ status }) => status),
      ['stopped'],
    );
    refused(await train('letters.merf', '--arm', 'merf', '--resume'), /no run here to go on with/);
    const done = stepsDone(folder);
    const resumed = await train('letters.merf', '--resume', '--steps', String(done + 1));
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual([readStatus(folder).status, stepsDone(folder)], ['finished', done + 1]);
    refused(await train('--resume', folder), /has done \d+ steps already\. Give more steps to go on: /);
  });

  it('goes on from the checkpoint before when the last one is broken', async () => {
    await train('letters.merf', '--arm', 'rlvr', '--out', 'whole', '--steps', '9');
    await train('letters.merf', '--arm', 'rlvr', '--out', 'run', '--steps', '6');
    truncateSync(at('run/checkpoints/step-000006/optimizer.safetensors'), 100);
    assert.equal((await train('--resume', 'run', '--steps', '9')).code, 0);
    // some alerts are about a part of the steps that were asked for, which were fewer at first
    assert.deepEqual(numbers(at('run'), ['evaluation']), numbers(at('whole'), ['evaluation']));
  });

  it('does not go on with another model than the run began with', async () => {
    await train('letters.merf', '--arm', 'rlvr', '--out', 'run', '--steps', '3');
    cpSync(at('run/checkpoints/step-000003'), at('model'), { recursive: true });
    refused(await train('--resume', 'run', '--steps', '6'), /is not the one the run run began with\. Put the original/);
    assert.equal(readStatus(at('run')).status, 'finished');
  });

  it('tells a program first where the run is, then what happens, one JSON line each', async () => {
    const { stdout } = await train('letters.merf', '--arm', 'merf', '--steps', '2', '--json-progress');
    const [first, ...events] = lines(stdout);
    const { run } = z.object({ run: z.string() }).parse(first);
    assert.equal(readRun(run).record.status, 'finished');
    const kinds = z
      .array(z.looseObject({ kind: z.string() }))
      .parse(events)
      .map(({ kind }) => kind);
    assert.deepEqual(
      kinds.filter((kind) => kind === 'step' || kind === 'ended'),
      ['step', 'step', 'ended'],
    );
    assert.ok(kinds.includes('evaluation'));
  });

  it('in the background outlives the command that started it', async () => {
    const { code, stdout } = await train('letters.merf', '--arm', 'rlvr', '--steps', '4', '--detach');
    assert.equal(code, 0);
    const folder = /^Training in the background: (.*)\n/.exec(stdout)?.[1] ?? assert.fail(stdout);
    await until(() => existsSync(`${folder}/run.json`) && readStatus(folder).status === 'finished');
    assert.equal(stepsDone(folder), 4);
    const listed = (await merf(at(), 'runs')).stdout;
    assert.match(listed, /^letters-rlvr-s1-\d{8}-\d{6} {2}finished {2}4\/4\n$/);
    refused(await train('letters.merf', '--arm', 'merv', '--detach'), /no arm named merv/);
    refused(await merf(at(), 'runs', 'stop', folder), /is not training; it is finished\./);
  });
});

const Run = z.object({ folder: z.string(), status: z.string(), id: z.string() });

function lines(text: string): unknown[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
