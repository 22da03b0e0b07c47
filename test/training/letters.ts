// A whole experiment that trains in a second: a random decoder of some 8,000 parameters, prompts of a few tokens, and
// rules that a policy gradient can follow (write an "e", be short). Real files, real `merf` processes.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModel, saveModel } from '../../src/model/folder.ts';
import { initialise } from '../../src/model/initialise.ts';
import { rolloutsFile } from '../../src/run/location.ts';
import { readRun, rolloutSets } from '../../src/run/read.ts';
import { merfCommand } from '../cli/merf.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/qwen2-tiny', import.meta.url));

export const LETTERS = `experiment letters
task knights_and_knaves(people: 2..3, train: 12, test: 6, seed: 3)
prompt {
  system "{motivation}"
  user "{people}"
}
response {}
reward {
  rule vowel "Vowel" {
    +1  when contains(response, "e") : "the letter e occurs"
    0   otherwise                    : "it does not occur"
  }
  rule short "Short" {
    +1  when tokens < 6 : "fewer than six tokens"
    0   otherwise       : "six tokens or more"
  }
}
motivation full { "{rules}" }
arm rlvr { motivation none }
arm merf { motivation full }
train {
  model "./model"
  algorithm grpo
  steps 12  prompts 4  group 4  max_response 12
  learning_rate 1e-2  clip 0.2  kl 0  temperature 1.0
  seeds 1
  evaluate every 3 steps with motivation and without
}
watch {
  alert when truncated > 1% for 2 steps
}
`;

/** Writes letters.merf (changed by `edit`) and its model into a folder; returns the file's path. */
export async function letters(folder: string, edit = (text: string) => text): Promise<string> {
  const { config: base } = await openModel(FIXTURE);
  const size = { hiddenSize: 16, layers: 1, heads: 2, keyValueHeads: 1, headSize: 8, intermediateSize: 24 };
  const config = { ...base, ...size, maxPositions: 512 };
  mkdirSync(folder, { recursive: true });
  saveModel(join(folder, 'model'), { config, weights: initialise(config, 1) }, { from: FIXTURE });
  const text = edit(LETTERS);
  writeFileSync(join(folder, 'letters.merf'), text);
  return join(folder, 'letters.merf');
}

let processes = 0;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A `merf` process in a folder, and how it ends; it waits for no other unless MERF_QUEUE says so. */
export function start(
  cwd: string,
  given: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const [node = '', ...rest] = merfCommand();
  const env = { ...process.env, MERF_QUEUE: join(cwd, '.queue', String(++processes)), ...environment };
  const child = spawn(node, [...rest, ...given], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString('utf8');
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function merf(cwd: string, ...given: string[]): Promise<Ended> {
  return start(cwd, given).ended;
}

/** Resolves when something holds; looks every few milliseconds, and gives up after a minute. */
export async function until(holds: () => boolean): Promise<void> {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > 60_000) throw new Error(`it never held: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Steps whose line is complete. */
export function stepsDone(run: string): number {
  return existsSync(join(run, 'run.json')) ? readRun(run).metrics.length : 0;
}

/** All that a run found, without the times: what must not depend on how often it was interrupted. */
export function numbers(run: string, kinds: readonly string[] = ['evaluation', 'alert']): unknown {
  const { metrics, events } = readRun(run);
  const timed = (name: string) => name === 'step_time' || name.startsWith('time/');
  return {
    metrics: metrics.map(({ step, values }) => [
      step,
      Object.fromEntries(Object.entries(values).filter(([name]) => !timed(name))),
    ]),
    events: events.filter(({ kind }) => kinds.includes(kind)).map(({ time: _, ...event }) => event),
    rollouts: rolloutSets(run).map((set) => [set, readFileSync(join(run, rolloutsFile(set)), 'utf8')]),
  };
}
