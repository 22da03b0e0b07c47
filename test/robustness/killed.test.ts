// A process that is killed in the middle of writing, at moments spread evenly over all its changes of files, and a
// person who presses Ctrl-C twice: the run that is resumed finds the numbers of one that was left alone.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readStatus } from '../../src/run/read.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf, numbers, start, until } from '../training/letters.ts';

const KILL = new URL('kill_at.mjs', import.meta.url).href;
const MOMENTS = 7;

describe('a run that is killed', function () {
  this.timeout(600_000);
  const at = temporaryFolder();

  it('while it writes goes on with the same numbers, whichever file it was', async () => {
    await letters(at(), (text) => text.replace('steps 12', 'steps 3').replace('every 3', 'every 2'));
    const train = (out: string, kill: number) =>
      start(at(), ['train', 'letters.merf', '--arm', 'merf', '--out', out], {
        NODE_OPTIONS: `--import=${KILL}`,
        KILL_IN: at(out),
        KILL_AT: String(kill),
        KILL_COUNT: at('count'),
      }).ended;
    assert.equal((await train('whole', 0)).code, 0);
    const changes = Number(readFileSync(at('count'), 'utf8'));
    assert.ok(changes > 100, `only ${changes} changes of files`);
    for (let i = 1; i <= MOMENTS; i++) {
      const moment = Math.round((changes * i) / (MOMENTS + 0.5));
      const out = `killed-${moment}`;
      assert.equal((await train(out, moment)).signal, 'SIGKILL');
      const { code, stderr } = await merf(at(), 'train', '--resume', out);
      assert.equal(code, 0, `after ${moment}: ${stderr}`);
      assert.deepEqual(numbers(at(out)), numbers(at('whole')), `after ${moment} of ${changes}`);
    }
  });

  it('by a second Ctrl-C ends at once and can go on', async () => {
    await letters(at(), (text) =>
      text.replace('prompts 4  group 4  max_response 12', 'prompts 12  group 64  max_response 480'),
    );
    const { child, ended } = start(at(), ['train', 'letters.merf', '--arm', 'rlvr', '--out', 'run']);
    await until(() => existsSync(at('run/checkpoints/step-000000/trainer.json')));
    child.kill('SIGINT');
    await until(() => readStatus(at('run')).status === 'stopping');
    // what comes at once counts as the same Ctrl-C, because npm passes on what the terminal has sent already
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 800));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    assert.equal(code, 130);
    assert.match(stdout, /Ctrl-C again: at once.*\n\nEnded\. Go on with: merf train --resume run\n$/s);
    assert.equal(readStatus(at('run')).status, 'stopped');
  });
});
