// Runs the real `merf` command as a child process, bundled once from the sources as they are now (a bundle starts
// five times quicker than the sources do).

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let bundle: string | null = null;

/** The command line that runs `merf`, for whoever starts it. */
export function merfCommand(): string[] {
  if (bundle === null) {
    // Inside the project, so that packages and the product's own files are found from it.
    bundle = join(ROOT, 'node_modules/.cache/merf-test', `merf-${process.pid}.mjs`);
    const file = bundle;
    buildSync({
      entryPoints: [join(ROOT, 'src/cli/main.ts')],
      outfile: file,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'error',
      external: ['onnxruntime-node', '@tensorflow/tfjs', '@tensorflow/tfjs-node-gpu'],
      banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    });
    // no test waits for what another process trains
    const queue = mkdtempSync(join(tmpdir(), 'merf-queue-'));
    process.env.MERF_QUEUE = queue;
    process.once('exit', () => {
      rmSync(file, { force: true });
      rmSync(queue, { recursive: true, force: true });
    });
  }
  return [process.execPath, bundle];
}

export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function merf(given: readonly string[], input = ''): Result {
  const [node = '', ...rest] = merfCommand();
  return spawnSync(node, [...rest, ...given], { cwd: ROOT, input, encoding: 'utf8', maxBuffer: 1 << 27 });
}

/** A folder of its own for each test, gone after it. */
export function temporaryFolder(): { path: (name: string) => string; write: (name: string, text: string) => string } {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write: (name, text) => {
      writeFileSync(path(name), text);
      return path(name);
    },
  };
}

/** The flagship's language on few rows, so that commands are quick. */
export const SMALL = `experiment small
task knights_and_knaves(people: 2..3, train: 6, test: 4, seed: 3)
prompt {
  system """
    Answer inside <answer> </answer>.
    {motivation}
  """
  user "{quiz}"
}
response {
  think  = tag("think")
  answer = tag("answer")
  roles  = assignments(answer, "{name} is a {role}")
}
reward {
  rule format "Format" {
    +1  when exactly(think, answer) : "the response is <think>…</think><answer>…</answer>"
    -1  otherwise                   : "the response has any other shape"
  }
  rule correctness "Correctness" {
    -2    when format is -1         : "the format is wrong, so no answer can be read"
    +2    when roles == solution    : "every identity is stated correctly"
    -1.5  when covers(roles, names) : "every identity is stated, but at least one is wrong"
    -2    otherwise                 : "an identity is missing or cannot be understood"
  }
}
motivation full {
  """
  Rules:
  {rules}
  From {reward.min} to {reward.max}.
  """
}
arm rlvr { motivation none }
arm merf { motivation full }
train {
  model "nobody/has-this-model"
  algorithm grpo
  steps 20  prompts 4  group 8  max_response 256
  learning_rate 1e-6  clip 0.2  kl 0.001  temperature 1.0
  lora { rank 16 }
  seeds 1, 2
  evaluate every 5 steps with motivation and without
}
`;
