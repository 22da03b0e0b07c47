// A long run does not grow: 500 steps of a real `merf train`, whose resident memory is looked at after each hundred. That
// the watch sees a leak is shown on a process that keeps four megabytes every ten milliseconds.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../run/runs.ts';
import { letters, start, stepsDone } from './letters.ts';

const MEGABYTE = 2 ** 20;
/** The engine's arenas and V8's heap settle within this. */
const ALLOWED = 40 * MEGABYTE;

/** Resident bytes of a process; null: it has ended. */
function resident(pid: number): number | null {
  try {
    return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim());
  } catch {
    return null;
  }
}

/** Median resident bytes of each stretch of steps. */
async function watched(folder: string, steps: number, stretch: number, options: string): Promise<number[]> {
  // a small heap, so that what is garbage is collected within a stretch
  const environment = { NODE_OPTIONS: `--max-old-space-size=96 --max-semi-space-size=2 ${options}` };
  const given = ['train', 'letters.merf', '--arm', 'merf', '--steps', String(steps), '--out', 'run'];
  const { child, ended } = start(folder, given, environment);
  const seen = new Map<number, number[]>();
  for (
    let bytes = resident(child.pid ?? 0);
    bytes !== null && child.exitCode === null;
    bytes = resident(child.pid ?? 0)
  ) {
    const at = Math.floor(stepsDone(`${folder}/run`) / stretch);
    seen.set(at, [...(seen.get(at) ?? []), bytes]);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { code, stderr } = await ended;
  assert.deepEqual([code, stderr], [0, '']);
  return [...seen].sort(([a], [b]) => a - b).map(([, bytes]) => bytes.sort((a, b) => a - b)[bytes.length >> 1] ?? 0);
}

const small = (text: string) =>
  text
    .replace('prompts 4  group 4  max_response 12', 'prompts 2  group 2  max_response 6')
    .replace(/ {2}evaluate .*\n/, '');

describe('the memory of a run', function () {
  this.timeout(600_000);
  const at = temporaryFolder();

  it('does not grow over 500 steps', async () => {
    await letters(at('steady'), small);
    const [, warm = 0, ...later] = await watched(at('steady'), 500, 100, '');
    assert.ok(later.length >= 3);
    const last = later.at(-1) ?? Number.POSITIVE_INFINITY;
    assert.ok(last - warm < ALLOWED, `it grew by ${((last - warm) / MEGABYTE).toFixed(1)} MB`);
  });

  it('is seen to grow where something leaks', async () => {
    await letters(at('leaking'), small);
    writeFileSync(
      at('leak.mjs'),
      'const kept = [];\nsetInterval(() => kept.push(Buffer.alloc(2 ** 22, 1)), 10).unref();\n',
    );
    const [, warm = 0, ...later] = await watched(at('leaking'), 120, 30, `--import=file://${at('leak.mjs')}`);
    assert.ok((later.at(-1) ?? 0) - warm > ALLOWED);
  });
});
