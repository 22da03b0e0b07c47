// Training runs as real processes: what they write down adds up, the same seed gives the same numbers, and a run that
// is stopped or killed at any moment ends with the numbers of one that never was.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../src/model/folder.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { requestPause, requestStop } from '../../src/run/control.ts';
import { readRecord, readRollouts, readRun, readStatus, rolloutSets } from '../../src/run/read.ts';
import { random } from '../../src/spec/random.ts';
import { groupAdvantages, spread } from '../../src/training/advantages.ts';
import { checkpoints } from '../../src/training/checkpoint.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers, start, stepsDone, until } from './letters.ts';

describe('a training run', function () {
  this.timeout(120_000);
  const at = temporaryFolder();
  const train = (...given: string[]) => merf(at(), 'train', 'letters.merf', '--arm', 'merf', ...given);

  it('writes down what happened, and its numbers add up', async () => {
    await letters(at());
    const { code, stdout, stderr } = await train('--out', 'run');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /merf s1 {2}step 12\/12 {2}reward .* accuracy .* left\n/);
    assert.match(stdout, /held out after step 0, without motivation: [\d.]+ % right \(.*\) of 6/);
    const { record, metrics, events } = readRun(at('run'));
    assert.deepEqual(
      [record.status, record.step, record.pid, record.arm, record.seed],
      ['finished', 12, null, 'merf', 1],
    );
    assert.deepEqual(
      metrics.map(({ step }) => step),
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    let tokens = 0;
    for (const { step, values } of metrics) {
      const lines = readRollouts(at('run'), { kind: 'train', step });
      assert.equal(lines.length, 16);
      assert.ok(lines.every(({ split, prompt }) => split === 'train' && prompt.includes('the letter e occurs')));
      const totals = lines.map(({ reward }) => reward ?? Number.NaN);
      assert.equal(values.reward, spread(totals).mean);
      assert.equal(values.accuracy, totals.filter((total) => total === 2).length / 16);
      const groups = [0, 1, 2, 3].map((prompt) => lines.filter((line) => line.prompt_index === prompt));
      const advantages = groups.flatMap((group) => groupAdvantages(group.map(({ reward }) => reward ?? Number.NaN)));
      assert.deepEqual(
        lines.map(({ advantage }) => advantage),
        advantages,
      );
      const vowels = lines.filter(({ response }) => response.includes('e')).length;
      assert.equal(values['cases/vowel/0'], vowels / 16);
      assert.equal(values['rewards/vowel/mean'], vowels / 16);
      assert.ok(
        Math.abs((values['share/vowel'] ?? 0) + (values['share/short'] ?? 0) - 1) < 1e-9 ||
          totals.every((t) => t === totals[0]),
      );
      const lengths = lines.map(({ token_ids }) => token_ids.length);
      assert.equal(values['completions/mean_length'], spread(lengths).mean);
      assert.equal(
        values['completions/clipped_ratio'],
        lines.filter((line) => line.finish_reason === 'length').length / 16,
      );
      assert.ok((values.num_tokens ?? 0) > tokens);
      tokens = values.num_tokens ?? 0;
      for (const name of ['entropy', 'grad_norm', 'step_time', 'time/generation', 'time/update']) {
        assert.ok((values[name] ?? -1) >= 0, name);
      }
    }
    const evaluations = events.filter((event) => event.kind === 'evaluation');
    assert.deepEqual(
      evaluations.map(({ step, prompt }) => [step, prompt]),
      [0, 3, 6, 9, 12].flatMap((step) => [
        [step, 'none'],
        [step, 'motivation'],
      ]),
    );
    assert.deepEqual(
      rolloutSets(at('run'))
        .filter(({ kind }) => kind === 'none')
        .map(({ step }) => step),
      [0, 3, 6, 9, 12],
    );
    const withMotivation = readRollouts(at('run'), { kind: 'motivation', step: 12 });
    assert.ok(
      withMotivation.every(
        ({ split, prompt, advantage }) => split === 'test' && /letter e/.test(prompt) && advantage === null,
      ),
    );
    assert.ok(readRollouts(at('run'), { kind: 'none', step: 12 }).every(({ prompt }) => !/letter e/.test(prompt)));
    // the last checkpoints and the best one are models that anything opens
    const plain = evaluations.filter(({ prompt }) => prompt === 'none');
    const best = plain.reduce((one, other) => (other.accuracy > one.accuracy ? other : one));
    const name = `step-${String(best.step).padStart(6, '0')}`;
    const { accuracy: value } = best;
    assert.deepEqual(record.best, {
      ...{ step: best.step, folder: `checkpoints/${name}`, metric: 'accuracy', value, measured: 'none' },
    });
    const kept = new Set([name, 'step-000009', 'step-000012']);
    assert.deepEqual(readdirSync(at('run/checkpoints')).sort(), [...kept].sort());
    const trained = await openModel(at('run/checkpoints/step-000012'));
    assert.notEqual(trained.hash, record.model.hash);
    assert.match(readFileSync(at('run/log.txt'), 'utf8'), /step 12\/12/);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    await letters(at());
    await Promise.all([train('--out', 'a'), train('--out', 'b'), train('--out', 'c', '--seed', '2')]);
    assert.deepEqual(numbers(at('a')), numbers(at('b')));
    assert.notDeepEqual(numbers(at('a')), numbers(at('c')));
    assert.equal(readRecord(at('c')).seed, 2);
  });

  it('earns more reward as it goes', async () => {
    await letters(at());
    await train('--out', 'run', '--steps', '40');
    const rewards = readRun(at('run')).metrics.map(({ values }) => values.reward ?? 0);
    const [before, after] = [spread(rewards.slice(0, 5)).mean, spread(rewards.slice(-5)).mean];
    assert.ok(after > before + 0.4, `${before} became ${after}`);
  });

  it('killed at any moment goes on without a gap or a double, with the same numbers', async () => {
    await letters(at());
    await train('--out', 'whole');
    const rng = random(7, 'moments');
    let first = true;
    let kills = 0;
    while (first || readStatus(at('run')).status !== 'finished') {
      const given = first ? ['letters.merf', '--arm', 'merf', '--out', 'run'] : ['--resume', 'run'];
      const { child, ended } = start(at(), ['train', ...given]);
      // the process must be under way; killed at a moment of one of the next steps, or of loading
      const target = first ? 0 : stepsDone(at('run')) + rng.below(4);
      await Promise.race([ended, until(() => existsSync(at('run/run.json')) && stepsDone(at('run')) >= target)]);
      await new Promise((resolve) => setTimeout(resolve, rng.below(kills < 6 ? 120 : 5000)));
      child.kill('SIGKILL');
      const { signal, stderr } = await ended;
      assert.equal(stderr, '');
      if (signal === 'SIGKILL') kills++;
      first = false;
      for (const folder of checkpoints(at('run'))) readSafetensors(join(folder, 'optimizer.safetensors'));
    }
    assert.ok(kills >= 3, `${kills} kills`);
    assert.deepEqual(numbers(at('run')), numbers(at('whole')));
    const weights = (run: string) => readFileSync(join(run, 'checkpoints/step-000012/model.safetensors'));
    assert.ok(weights(at('run')).equals(weights(at('whole'))));
    const steps = readRun(at('run'))
      .events.filter(({ kind }) => kind === 'checkpoint')
      .map(({ step }) => step);
    assert.deepEqual(steps, [...new Set(steps)]);
  });

  it('finishes its step and writes a checkpoint when it is asked to stop, by a signal or through its folder', async () => {
    await letters(at());
    await train('--out', 'whole', '--steps', '24');
    const asks = {
      interrupted: (child: ReturnType<typeof start>['child']) => child.kill('SIGINT'),
      terminated: (child: ReturnType<typeof start>['child']) => child.kill('SIGTERM'),
      asked: () => merf(at(), 'runs', 'stop', 'asked'),
    };
    for (const [name, ask] of Object.entries(asks)) {
      const { child, ended } = start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', name, '--steps', '24']);
      await until(() => stepsDone(at(name)) >= 2);
      await ask(child);
      const { code, stdout } = await ended;
      assert.equal(code, 0, stdout);
      const { status, step, reason } = readRecord(at(name));
      assert.deepEqual([status, reason], ['stopped', 'It was asked to stop.'], `${name} at ${step}`);
      assert.ok(step < 24);
      assert.match(stdout, /Go on with: merf train --resume/);
      assert.equal(
        checkpoints(at(name)).at(-1),
        join(at(name), 'checkpoints', `step-${String(step).padStart(6, '0')}`),
      );
      const last = readRun(at(name)).events.at(-1);
      assert.deepEqual(last && [last.kind, last.step], ['ended', step]);
      assert.equal((await merf(at(), 'train', '--resume', name)).code, 0);
      assert.deepEqual(numbers(at(name)), numbers(at('whole')), name);
    }
  });

  it('waits when it is asked to, and goes on with the same numbers; killed while it waits, it loses nothing', async () => {
    await letters(at());
    await train('--out', 'whole', '--steps', '16');
    for (const name of ['goes-on', 'killed']) {
      const { child, ended } = start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', name, '--steps', '16']);
      await until(() => stepsDone(at(name)) >= 1);
      requestPause(at(name), 'pause');
      await until(() => readRecord(at(name)).status === 'paused');
      const { step } = readRecord(at(name));
      assert.ok(step < 16, `${step}`);
      await new Promise((resolve) => setTimeout(resolve, 600));
      assert.equal(stepsDone(at(name)), step);
      if (name === 'killed') {
        child.kill('SIGKILL');
        await ended;
        assert.equal((await merf(at(), 'train', '--resume', name)).code, 0);
      } else {
        assert.equal((await merf(at(), 'runs', 'continue', name)).code, 0);
        assert.equal((await ended).code, 0);
      }
      assert.equal(readRecord(at(name)).status, 'finished');
      assert.deepEqual(numbers(at(name)), numbers(at('whole')));
    }
  });

  it('breaks off an evaluation when it is asked to stop, and makes up for it when it goes on', async () => {
    const slow = (text: string) =>
      text
        .replace('2..3, train: 12, test: 6', '4, train: 12, test: 40')
        .replace('max_response 12', 'max_response 90')
        .replace('every 3', 'every 1');
    await letters(at(), slow);
    const whole = train('--out', 'whole', '--steps', '1');
    for (const [name, step] of [
      ['first', 0],
      ['last', 1],
    ] as const) {
      const { ended } = start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', name, '--steps', '1']);
      await until(() => existsSync(join(at(name), 'run.json')) && readRecord(at(name)).status === 'running');
      await until(() => stepsDone(at(name)) >= step);
      requestStop(at(name));
      assert.equal((await ended).code, 0);
      const { record, events } = readRun(at(name));
      assert.deepEqual([record.status, record.step], ['stopped', step]);
      assert.ok(
        !events.some((event) => event.kind === 'evaluation' && event.step === step && event.prompt === 'motivation'),
      );
      assert.equal((await merf(at(), 'train', '--resume', name)).code, 0);
      assert.equal(readRecord(at(name)).status, 'finished');
      await whole;
      assert.deepEqual(numbers(at(name)), numbers(at('whole')));
    }
  });

  it('ends when a watch says so, and reports an alert once, also when it goes on', async () => {
    await letters(at(), (text) => text.replace('alert when', 'alert when entropy > 0 after 4 steps\n  stop when'));
    const stopped = await train('--out', 'run');
    assert.equal(stopped.code, 0);
    assert.match(stopped.stdout, /merf s1 {2}stops: truncated > 1% for 2 steps\n/);
    const { record } = readRun(at('run'));
    assert.deepEqual([record.status, record.step], ['stopped', 2]);
    assert.equal(record.reason, 'A watch stopped it: truncated > 1% for 2 steps.');
    const { events, metrics } = readRun(at('run'));
    const alert = events.find(({ kind }) => kind === 'alert');
    const cut = metrics.at(-1)?.values['completions/clipped_ratio'];
    assert.deepEqual([metrics.length, alert?.kind === 'alert' && alert.value], [2, cut]);
    const end = events.at(-1);
    assert.deepEqual(end?.kind === 'ended' && [end.step, end.status, end.reason], [2, 'stopped', record.reason]);
    assert.equal(readRollouts(at('run'), { kind: 'train', step: 2 }).length, 16);
    assert.ok(existsSync(at('run/checkpoints/step-000002/trainer.json')));
    await merf(at(), 'train', '--resume', 'run');
    const alerts = readRun(at('run')).events.filter((event) => event.kind === 'alert');
    assert.deepEqual(alerts.map(({ step, stops }) => [step, stops]).slice(0, 2), [
      [2, true],
      [5, false],
    ]);
  });

  it('measures how far it has gone from the model it began with, where the plan asks', async () => {
    await letters(at(), (text) => text.replace('kl 0 ', 'kl 0.05 '));
    await train('--out', 'run', '--steps', '6');
    const kl = readRun(at('run')).metrics.map(({ values }) => values.kl ?? Number.NaN);
    assert.ok(Math.abs(kl[0] ?? 1) < 1e-9, `${kl[0]}`);
    assert.ok(kl.slice(1).every((value) => value > 1e-6));
    // a resumed run compares with the same model
    await train('--out', 'half', '--steps', '3');
    await merf(at(), 'train', '--resume', 'half', '--steps', '6');
    const again = readRun(at('half')).metrics.map(({ values }) => values.kl ?? Number.NaN);
    assert.deepEqual(again, kl);
  });
});
