// One run that is killed at twenty random moments of its life, as `kill -9` does it: while it loads, computes, or is in
// the middle of writing a file (kill_at.mjs). Each time it goes on, and in the end it has the very numbers of a run that
// was left alone, with no rollout missing or double. MERF_KILL_SEED gives other moments; the seed is in the test's name.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRollouts, readRun, readStatus, rolloutSets } from '../../src/run/read.ts';
import { random } from '../../src/spec/random.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers, start } from '../training/letters.ts';

const SEED = Number(process.env.MERF_KILL_SEED ?? 1);
const KILLS = 20;
const KILL = new URL('kill_at.mjs', import.meta.url).href;

describe('a run that is killed again and again', function () {
  this.timeout(600_000);
  const at = temporaryFolder();

  it(`${KILLS} times at random (MERF_KILL_SEED=${SEED}) ends with the numbers of an undisturbed one`, async () => {
    await letters(at(), (text) => text.replace('evaluate every 3', 'checkpoint every 1 steps\n  evaluate every 3'));
    const arm = ['train', 'letters.merf', '--arm', 'merf'];
    const environment = (out: string, kill: number) => ({
      NODE_OPTIONS: `--import=${KILL}`,
      ...{ KILL_IN: at(out), KILL_AT: String(kill), KILL_COUNT: kill === 0 ? at('count') : '' },
    });
    const whole = await start(at(), [...arm, '--out', 'whole'], environment('whole', 0)).ended;
    assert.equal(whole.code, 0, whole.stderr);
    const changes = Number(readFileSync(at('count'), 'utf8'));
    const rng = random(SEED, 'moments');
    let kills = 0;
    for (let lives = 0; kills < KILLS; lives++) {
      assert.ok(lives < 3 * KILLS, `${kills} kills in ${lives} lives`);
      const given = existsSync(at('run/run.json')) ? ['train', '--resume', 'run'] : [...arm, '--out', 'run'];
      // a few of its changes of files, so that it is killed often before it is through
      const moment = 1 + rng.below(Math.ceil((2 * changes) / KILLS));
      const { signal, code, stderr } = await start(at(), given, environment('run', moment)).ended;
      assert.ok(signal === 'SIGKILL' || code === 0, `seed ${SEED}, life ${lives}: ${stderr}`);
      if (signal === 'SIGKILL') kills++;
      // through before its time: it goes on with more steps, as the other then must
      else break;
    }
    const resumed = readStatus(at('run')).status === 'finished' ? null : await merf(at(), 'train', '--resume', 'run');
    assert.equal(resumed?.code ?? 0, 0, resumed?.stderr);
    assert.deepEqual(numbers(at('run')), numbers(at('whole')), `seed ${SEED}`);
    for (const set of rolloutSets(at('run'))) {
      const lines = readRollouts(at('run'), set).map(({ prompt_index, sample }) => `${prompt_index} ${sample}`);
      assert.equal(new Set(lines).size, lines.length);
    }
    const { record, events } = readRun(at('run'));
    const saved = events.filter(({ kind }) => kind === 'checkpoint').map(({ step }) => step);
    assert.deepEqual(saved, [...new Set(saved)]);
    assert.deepEqual(record.best, readRun(at('whole')).record.best);
    assert.deepEqual(readdirSync(at('run/checkpoints')).sort(), readdirSync(at('whole/checkpoints')).sort());
    const weights = (run: string) => readFileSync(join(at(run), 'checkpoints/step-000012/model.safetensors'));
    assert.ok(weights('run').equals(weights('whole')));
    assert.ok(kills >= KILLS, `only ${kills} kills: choose smaller moments`);
  });
});
