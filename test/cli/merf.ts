// Runs the real `merf` command as a child process, from the sources.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSX = fileURLToPath(import.meta.resolve('tsx'));
const MAIN = join(ROOT, 'src/cli/main.ts');

/** The command line that runs `merf`, for whoever starts it. */
export const MERF_COMMAND: readonly string[] = [process.execPath, `--import=${TSX}`, MAIN];

export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function merf(given: readonly string[], input = ''): Result {
  const [node = '', ...rest] = MERF_COMMAND;
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
