// TRL's half of `npm run bench:training` as a child process (bench_training.py), which makes a step for every line.

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Step } from './bench_training_ours.ts';
import type { Work } from './bench_training_work.ts';

const PROGRAM = fileURLToPath(new URL('bench_training.py', import.meta.url));
const StepLine = z.object({ seconds: z.number(), generation: z.number(), processor: z.number(), tokens: z.number() });
const ReadyLine = z.object({ ready: z.literal(true), versions: z.record(z.string(), z.string()) });

/** The Python that has TRL: TRL_PYTHON, else `python3`; null: it has none. */
export function pythonWithTrl(): string | null {
  const python = process.env.TRL_PYTHON ?? 'python3';
  const look =
    'import importlib.util as u, sys; sys.exit(not all(u.find_spec(m) for m in ("trl", "torch", "datasets")))';
  return spawnSync(python, ['-c', look]).status === 0 ? python : null;
}

export class Theirs {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>) {
    this.child = child;
    this.lines = lines;
  }

  static async open(
    python: string,
    { setting, folder, prompts }: Work,
    { threads, batch, steps }: { threads: number; batch: number; steps: number },
  ): Promise<Theirs> {
    const settings = join(dirname(folder), 'trl.json');
    const { group, newTokens, ends } = setting;
    const asked = { model: folder, prompts, group, max_new_tokens: newTokens, fixed: ends === null, end: 0 };
    writeFileSync(settings, JSON.stringify({ ...asked, threads, batch, steps, out: join(dirname(folder), 'trl') }));
    const child = spawn(python, [PROGRAM, settings]);
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said = `${said}${text.toString('utf8')}`.slice(-4000);
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const theirs = new Theirs(child, lines);
    const { done, value } = await lines.next();
    if (done || !ReadyLine.safeParse(JSON.parse(value)).success) throw new Error(`TRL did not start:\n${said}`);
    return theirs;
  }

  async step(): Promise<Step> {
    this.child.stdin.write('\n');
    const { done, value } = await this.lines.next();
    if (done) throw new Error('TRL ended before its last step.');
    return StepLine.parse(JSON.parse(value));
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    if (this.child.exitCode === null) await new Promise((resolve) => this.child.once('close', resolve));
  }
}
