// One run that is killed with SIGKILL at twenty random moments of its life: while it loads, while it is at work (it
// samples, computes, evaluates or saves) and in the middle of a change of a file (kill_at.mjs). Each time it goes on,
// and in the end it has the very numbers and weights of a run that was left alone, with no rollout missing or double. A
// run that is through before the last kill is held against the undisturbed one, and another begins. MERF_KILL_SEED
// gives other moments; the seed is in the test's name.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRollouts, readRun, readStatus, rolloutSets } from '../../src/run/read.ts';
import { random } from '../../src/spec/random.ts';
import { temporaryFolder } from '../run/runs.ts';
import { type Ended, letters, numbers, start, until } from '../training/letters.ts';

const SEED = Number(process.env.MERF_KILL_SEED ?? 1);
const KILLS = 20;
const STEPS = 8;
/** Prompts of a step, times responses to each. */
const ROLLOUTS = 4 * 4;
const MOMENTS = ['writing', 'at work', 'writing', 'at work', 'loading'] as const;
const KILL = new URL('kill_at.mjs', import.meta.url).href;
const ARM = ['train', 'letters.merf', '--arm', 'merf'];

/** An undisturbed run: what the moments are drawn from. */
interface Pace {
  /** Changes of files in a step. */
  changes: number;
  /** Milliseconds until it trains. */
  loading: number;
  /** Milliseconds of a step, with its part of what is done between steps. */
  step: number;
}

describe('a run that is killed again and again', function () {
  this.timeout(600_000);
  const at = temporaryFolder();

  it(`${KILLS} times at random (MERF_KILL_SEED=${SEED}) ends with the numbers of an undisturbed one`, async () => {
    const often = `checkpoint every 1 steps\n  evaluate every 3`;
    await letters(at(), (text) => text.replace('steps 12', `steps ${STEPS}`).replace('evaluate every 3', often));
    const pace = await undisturbed(at());
    const rng = random(SEED, 'moments');
    const isThrough = (run: string) => existsSync(at(`${run}/run.json`)) && readStatus(at(run)).status === 'finished';
    let runs = 1;
    for (let kills = 0, lives = 0; kills < KILLS; lives++) {
      assert.ok(lives < 3 * KILLS, `${kills} kills in ${lives} lives`);
      const run = `run-${runs}`;
      const { signal, code, stderr } = await liveUntil(at(), run, MOMENTS[kills % MOMENTS.length], rng.uniform(), pace);
      assert.ok(signal === 'SIGKILL' || code === 0, `seed ${SEED}, life ${lives}: ${stderr}`);
      if (signal === 'SIGKILL') kills++;
      if (!isThrough(run)) continue;
      sameAsUndisturbed(at(), run);
      runs++;
    }
    const { code, stderr } = await goOn(at(), `run-${runs}`).ended;
    assert.equal(code, 0, stderr);
    sameAsUndisturbed(at(), `run-${runs}`);
  });
});

/** Trains `whole` from its beginning to its end. */
async function undisturbed(folder: string): Promise<Pace> {
  const run = join(folder, 'whole');
  const count = join(folder, 'count');
  const began = performance.now();
  const { child, ended } = goOn(folder, 'whole', { ...killAt(run, 0), KILL_COUNT: count });
  await until(() => trains(child, run));
  const loading = performance.now() - began;
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  for (const set of rolloutSets(run)) {
    if (set.kind === 'train') assert.equal(readRollouts(run, set).length, ROLLOUTS);
  }
  const step = (1000 * readStatus(run).trainedSeconds) / STEPS;
  return { changes: Number(readFileSync(count, 'utf8')) / STEPS, loading, step };
}

/** Begins a run or goes on with it, and kills it at a moment: `when` in [0, 1) of the time or changes it may come in. */
async function liveUntil(
  folder: string,
  run: string,
  moment: (typeof MOMENTS)[number] | undefined,
  when: number,
  pace: Pace,
): Promise<Ended> {
  const path = join(folder, run);
  // more than one step's worth, so that it gets on between two kills
  if (moment === 'writing') return goOn(folder, run, killAt(path, 1 + Math.floor(1.5 * pace.changes * when))).ended;
  const { child, ended } = goOn(folder, run);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  if (moment === 'at work') await until(() => hasEnded() || trains(child, path));
  const milliseconds = when * (moment === 'at work' ? 2 * pace.step : pace.loading);
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
  child.kill('SIGKILL');
  return ended;
}

function goOn(folder: string, run: string, environment: NodeJS.ProcessEnv = {}) {
  const isThere = existsSync(join(folder, run, 'run.json'));
  return start(folder, isThere ? ['train', '--resume', run] : [...ARM, '--out', run], environment);
}

function killAt(run: string, change: number): NodeJS.ProcessEnv {
  return { NODE_OPTIONS: `--import=${KILL}`, KILL_IN: run, KILL_AT: String(change) };
}

/** Whether this very process has loaded and begun. */
function trains({ pid }: ChildProcess, run: string): boolean {
  return (
    existsSync(join(run, 'run.json')) &&
    readRun(run).events.some((event) => event.kind === 'started' && event.pid === pid)
  );
}

function sameAsUndisturbed(folder: string, name: string): void {
  const [run, whole] = [join(folder, name), join(folder, 'whole')];
  assert.deepEqual(numbers(run), numbers(whole), `seed ${SEED}, ${name}`);
  for (const set of rolloutSets(run)) {
    const lines = readRollouts(run, set).map(({ prompt_index, sample }) => `${prompt_index} ${sample}`);
    assert.equal(new Set(lines).size, lines.length, `seed ${SEED}, ${name}: double rollouts in step ${set.step}`);
  }
  const saved = readRun(run).events.flatMap(({ kind, step }) => (kind === 'checkpoint' ? [step] : []));
  assert.deepEqual(saved, [...new Set(saved)]);
  assert.deepEqual(readRun(run).record.best, readRun(whole).record.best);
  const kept = readdirSync(join(whole, 'checkpoints')).sort();
  assert.deepEqual(readdirSync(join(run, 'checkpoints')).sort(), kept);
  for (const checkpoint of kept) {
    for (const file of ['model.safetensors', 'optimizer.safetensors']) {
      const bytes = (of: string) => readFileSync(join(of, 'checkpoints', checkpoint, file));
      assert.ok(bytes(run).equals(bytes(whole)), `seed ${SEED}, ${name}: ${checkpoint}/${file} differs`);
    }
  }
}
