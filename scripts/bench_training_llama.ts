// llama.cpp's part of `npm run bench:training` as a child process (bench_llama.py): steps of one token for each of the
// responses of a setting, on the same weights and with as many threads. Its clock runs in llama_decode alone, while ours
// counts all of generation: prompts, draws, log-probabilities and entropies. LLAMA_LIBRARY names the shared library
// (libllama.so, with ggml's beside it), LLAMA_PYTHON a Python with numpy and gguf (`python3` where it is left out).

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Work } from './bench_training_work.ts';

const PROGRAM = fileURLToPath(new URL('bench_llama.py', import.meta.url));
const Rounds = z.array(z.object({ seconds: z.number(), processor: z.number(), tokens: z.number() })).nonempty();

export interface LlamaGeneration {
  /** Tokens a second of the clock and of the processor, in the best round of each. */
  readonly perSecond: number;
  readonly perProcessorSecond: number;
}

/** null: the environment names no llama.cpp. */
export function llamaGeneration({ setting, folder }: Work, threads: number, rounds = 3): LlamaGeneration | null {
  const library = process.env.LLAMA_LIBRARY;
  if (library === undefined) return null;
  const { prompts, group, promptTokens: prompt, newTokens: steps } = setting;
  const gguf = join(dirname(folder), 'model.gguf');
  const asked = { model: folder, library, gguf, rows: prompts * group, prompt, steps, rounds, threads };
  const python = process.env.LLAMA_PYTHON ?? 'python3';
  const { status, stdout, stderr } = spawnSync(python, [PROGRAM, JSON.stringify(asked)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`llama.cpp did not run:\n${stderr.slice(-4000)}`);
  const found = Rounds.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  return {
    perSecond: Math.max(...found.map(({ tokens, seconds }) => tokens / seconds)),
    perProcessorSecond: Math.max(...found.map(({ tokens, processor }) => tokens / processor)),
  };
}
