// npm run bench:training: a GRPO step (generate, score, update) of our trainer beside one of TRL's GRPOTrainer
// (bench_training.py), on the same random model, prompts, group, lengths and threads, in float32. The two take turns, so
// that a busy moment of the machine meets both; medians count. Then, of ours alone: generation and update as a part of
// what a large matrix multiplication reaches in the same runtime, and how they grow with batch, length and model. TRL
// runs under the Python that TRL_PYTHON names, else under `python3`; without it our figures are printed alone. Where
// LLAMA_LIBRARY names a llama.cpp, generation of 64 responses stands beside it (bench_training_llama.ts).
// Options: --threads=N (1), --steps=N (5), --batch=N (responses in one forward pass of TRL's; 8, its default), --only=SETTING.
// The last line is one JSON object.

import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type LlamaGeneration, llamaGeneration } from './bench_training_llama.ts';
import { matrixLimit, type OurStep, Ours, type Step, work } from './bench_training_ours.ts';
import { pythonWithTrl, Theirs } from './bench_training_theirs.ts';
import { type Setting, writeWork } from './bench_training_work.ts';

const { values: given } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    steps: { type: 'string', default: '5' },
    batch: { type: 'string', default: '8' },
    only: { type: 'string' },
  },
});
const [threads, steps, batch] = [Number(given.threads), Number(given.steps), Number(given.batch)];

const tiny = { size: 'tiny', prompts: 8, group: 8, promptTokens: 64, newTokens: 128, ends: null } as const;
const medium = { ...tiny, size: 'medium', prompts: 4, newTokens: 64 } as const;
const SETTINGS: readonly Setting[] = [
  { ...tiny, name: 'tiny_fixed' },
  { ...tiny, name: 'tiny_real', ends: 1 / 40 },
  { ...medium, name: 'medium_fixed' },
];
/** 64 responses, beside llama.cpp. */
const GENERATION: readonly Setting[] = [
  { ...tiny, name: 'tiny_generation' },
  { ...medium, name: 'medium_generation', prompts: 8 },
];
/** Of ours alone: one thing changed at a time. */
const GROWTH: readonly Setting[] = [
  { ...tiny, name: 'tiny, 2 prompts', prompts: 2 },
  { ...tiny, name: 'tiny, 16 prompts', prompts: 16 },
  { ...tiny, name: 'tiny, 32 tokens', newTokens: 32 },
  { ...tiny, name: 'tiny, 512 tokens', prompts: 4, newTokens: 512 },
  { ...medium, name: 'small, 4 prompts, 64 tokens', size: 'small' },
  { ...medium, name: 'medium, 8 prompts', prompts: 8 },
];

const folder = mkdtempSync(join(tmpdir(), 'merf-bench-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const python = pythonWithTrl();
  say(
    `${cpus()[0]?.model ?? 'processor'}, ${availableParallelism()} of them; Node ${process.version}; ${threads} thread(s)`,
  );
  if (python === null) {
    say(
      'TRL is not here: make a virtual environment with torch, transformers, trl and datasets (docs/performance.md) and name its Python in TRL_PYTHON.',
    );
  }
  // looked at before every setting, as others may use the machine
  let limit = 0;
  const ratios: Record<string, number | null> = {};
  const parts: Record<string, unknown> = {};
  for (const setting of SETTINGS) {
    if (given.only !== undefined && given.only !== setting.name) continue;
    limit = Math.max(limit, await matrixLimit(threads));
    const { ours, theirs } = await takeTurns(setting, python);
    const all = figures(setting, ours, limit);
    const against = theirs.length === 0 ? null : figures(setting, theirs, limit);
    const over = (read: (step: typeof all) => number): number | null =>
      against === null ? null : round(read(against) / read(all));
    ratios[setting.name] = over(({ seconds }) => seconds);
    parts[setting.name] = {
      ours: all,
      trl: against,
      generation: over(({ generation }) => generation),
      update: over(({ update }) => update),
    };
    say(
      `\n${setting.name}: ${setting.prompts} prompts of ${setting.promptTokens} tokens, group ${setting.group}, at most ${setting.newTokens} new`,
    );
    tell('MeRF', all);
    if (against !== null) {
      tell('TRL', against);
      const part = over(({ generation }) => generation);
      say(
        `  TRL's time over ours: ${ratios[setting.name]} (generation ${part}, update and scoring ${over(({ update }) => update)})`,
      );
    }
  }
  const llama: Record<string, unknown> = {};
  for (const setting of GENERATION) {
    if (given.only !== undefined && given.only !== setting.name) continue;
    llama[setting.name] = await besideLlama(setting);
  }
  const growth: Record<string, unknown> = {};
  if (given.only === undefined) {
    say('\nHow ours grows');
    for (const setting of GROWTH) {
      limit = Math.max(limit, await matrixLimit(threads));
      const { ours } = await takeTurns(setting, null, 3);
      growth[setting.name] = figures(setting, ours, limit);
      tell(setting.name, figures(setting, ours, limit));
    }
  }
  say(`\nthe limit, a multiplication of 1024 × 1024 matrices in onnxruntime: ${limit.toFixed(0)} GFLOP/s`);
  say(JSON.stringify({ bench: 'training', ratios, threads, limit: round(limit), settings: parts, llama, growth }));
}

/** Generation of both, ours before and after; null: there is no llama.cpp. */
async function besideLlama(setting: Setting): Promise<LlamaRatio | null> {
  const written = writeWork(join(folder, setting.name), setting);
  const ours = await Ours.open(written, threads);
  const made: OurStep[] = [];
  const steps = async (from: number): Promise<void> => {
    for (let step = from; step < from + 3; step++) made.push(await ours.step(step));
  };
  await steps(1);
  const theirs = llamaGeneration(written, threads);
  if (theirs !== null) await steps(4);
  await ours.close();
  if (theirs === null) return null;
  const [clock, processor] = [
    Math.max(...made.map(({ tokens, generation }) => tokens / generation)),
    Math.max(...made.map(({ tokens, generationProcessor }) => tokens / generationProcessor)),
  ];
  const ratio = { clock: round(clock / theirs.perSecond), processor: round(processor / theirs.perProcessorSecond) };
  say(
    `\n${setting.name}: ${Math.round(clock)} tokens/s by the clock, ${Math.round(processor)} by the processor; llama.cpp's` +
      ` steps ${Math.round(theirs.perSecond)} and ${Math.round(theirs.perProcessorSecond)}; ours over llama.cpp's ${ratio.clock} and ${ratio.processor}`,
  );
  return { ...theirs, ours: clock, oursByProcessor: processor, ratio };
}

interface LlamaRatio extends LlamaGeneration {
  readonly ours: number;
  readonly oursByProcessor: number;
  readonly ratio: { readonly clock: number; readonly processor: number };
}

/** Steps of both, one after the other; the first of each is not counted. */
async function takeTurns(setting: Setting, python: string | null, count = steps) {
  const written = writeWork(join(folder, setting.name.replaceAll(/\W+/g, '_')), setting);
  const theirs = python === null ? null : await Theirs.open(python, written, { threads, batch, steps: count + 1 });
  const ours = await Ours.open(written, threads);
  const [of, against]: [Step[], Step[]] = [[], []];
  for (let step = 1; step <= count + 1; step++) {
    of.push(await ours.step(step));
    if (theirs !== null) against.push(await theirs.step());
  }
  await ours.close();
  await theirs?.close();
  return { ours: of.slice(1), theirs: against.slice(1) };
}

/** Medians over the steps. */
function figures(setting: Setting, all: readonly Step[], limit: number) {
  const median = (read: (step: Step) => number): number => {
    const sorted = all.map(read).sort((a, b) => a - b);
    return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
  };
  const rate = (read: (step: Step) => number, flops: (tokens: number) => number): number =>
    median((step) => flops(step.tokens) / 1e9 / read(step));
  const needed = work(setting);
  const [generated, updated] = [
    rate((step) => step.generation, needed.generation),
    rate((step) => step.seconds - step.generation, needed.update),
  ];
  return {
    seconds: round(median((step) => step.seconds)),
    generation: round(median((step) => step.generation)),
    update: round(median((step) => step.seconds - step.generation)),
    processor: round(median((step) => step.processor)),
    tokens: Math.round(median((step) => step.tokens)),
    generated_per_second: Math.round(median((step) => step.tokens / step.generation)),
    tokens_per_second: Math.round(median((step) => step.tokens / step.seconds)),
    generation_gflops: round(generated),
    update_gflops: round(updated),
    generation_of_limit: round(generated / limit),
    update_of_limit: round(updated / limit),
  };
}

function tell(who: string, of: ReturnType<typeof figures>): void {
  const percent = (part: number): string => `${Math.round(100 * part)} %`;
  say(
    `  ${who}: step ${of.seconds} s = generation ${of.generation} s (${of.generated_per_second} tokens/s, ${percent(of.generation_of_limit)} of the limit)` +
      ` + scoring and update ${of.update} s (${percent(of.update_of_limit)}); ${of.tokens_per_second} tokens/s; processor ${of.processor} s`,
  );
}

function round(x: number): number {
  return Number(x.toPrecision(3));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
