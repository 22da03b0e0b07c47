// npm run bench:plan: what `merf plan` says of memory and time beside what real runs took: the bundled model, and random
// ones trained whole or by adapters, each by `merf train` in a process of its own, with one thread. Responses that end
// early make a step shorter than its bound, so the plan's time is also given for the tokens that were written.
// `npm run bench:plan -- NAME…` runs some of them. The command is the built one: npm run build first.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { parseConfig } from '../src/model/config.ts';
import { saveModel } from '../src/model/folder.ts';
import { initialise } from '../src/model/initialise.ts';
import type { StorageType } from '../src/model/safetensors.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TINY = join(ROOT, 'models/tiny');

interface Case {
  name: string;
  /** null: the bundled model. */
  model: { hidden: number; layers: number; heads: number; intermediate: number; type: StorageType } | null;
  steps: number;
  settings: string;
}

const SHORT = 'prompts 4  group 8  max_response 64  kl 0.1';
const CASES: readonly Case[] = [
  {
    name: 'tiny',
    model: null,
    steps: 3,
    settings: 'prompts 8  group 8  max_response 320  kl 0.1  evaluate every 25 steps with motivation and without',
  },
  {
    name: 'full-10M',
    model: { hidden: 384, layers: 6, heads: 6, intermediate: 1152, type: 'F32' },
    steps: 4,
    settings: SHORT,
  },
  {
    name: 'lora-39M-bf16',
    model: { hidden: 640, layers: 8, heads: 10, intermediate: 2048, type: 'BF16' },
    steps: 3,
    settings: `${SHORT}  lora { rank 16 }`,
  },
  {
    name: 'lora-39M',
    model: { hidden: 640, layers: 8, heads: 10, intermediate: 2048, type: 'F32' },
    steps: 3,
    settings: `${SHORT}  lora { rank 16 }`,
  },
  {
    name: 'lora-119M',
    model: { hidden: 896, layers: 8, heads: 14, intermediate: 4864, type: 'F32' },
    steps: 2,
    settings: `${SHORT}  lora { rank 16 }`,
  },
  {
    name: 'lora-119M-bf16',
    model: { hidden: 896, layers: 8, heads: 14, intermediate: 4864, type: 'BF16' },
    steps: 2,
    settings: `${SHORT}  lora { rank 16 }`,
  },
];

const Plan = z.object({
  speed: z.number(),
  arms: z
    .array(
      z.object({
        memory: z.object({ peak: z.number() }),
        tokens: z.object({ step: z.number() }),
        seconds: z.object({ generation: z.number(), update: z.number(), step: z.number(), evaluation: z.number() }),
      }),
    )
    .length(1),
});
const Line = z.object({ values: z.record(z.string(), z.number()) });

/** The demonstration with another model and another plan. */
function writeCase({ model, settings, steps }: Case, folder: string): string {
  if (model !== null) {
    const base = parseConfig(JSON.parse(readFileSync(join(TINY, 'config.json'), 'utf8')));
    const { hidden: hiddenSize, layers, heads, intermediate: intermediateSize } = model;
    const config = { ...base, hiddenSize, layers, heads, intermediateSize, headSize: hiddenSize / heads };
    saveModel(join(folder, 'model'), { config, weights: initialise(config, 1) }, { from: TINY, type: model.type });
  }
  const text = readFileSync(join(ROOT, 'examples/knights_and_knaves.merf'), 'utf8');
  const plan = `train {\n  model ${model === null ? 'bundled:tiny' : '"./model"'}\n  steps ${steps}\n  learning_rate 1e-5\n  ${settings}\n}`;
  const file = join(folder, 'run.merf');
  writeFileSync(file, text.replace(/^train \{.*?^\}/ms, plan).replace(/^watch \{.*?^\}/ms, ''));
  return file;
}

function measure(one: Case): void {
  const folder = mkdtempSync(join(tmpdir(), 'merf-plan-'));
  const file = writeCase(one, folder);
  const command = [join(ROOT, 'dist/merf.mjs')];
  const common = [file, '--arm', 'merf', '--threads', '1'];
  const plan = () => {
    const given = [...command, 'plan', ...common, '--format', 'json'];
    return Plan.parse(JSON.parse(execFileSync(process.execPath, given, { cwd: folder, encoding: 'utf8' })));
  };
  const before = plan();
  const [hook, noted, run] = [join(folder, 'hook.mjs'), join(folder, 'peak'), join(folder, 'run')];
  writeFileSync(
    hook,
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(noted)}, String(1024 * process.resourceUsage().maxRSS)));`,
  );
  const env = { ...process.env, NODE_OPTIONS: `--import=${pathToFileURL(hook)}`, MERF_QUEUE: join(folder, 'queue') };
  const given = [...command, 'train', ...common, '--out', run];
  const { status, stderr } = spawnSync(process.execPath, given, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${one.name}: ${stderr}`);
  const speeds = [before.speed, plan().speed];
  // as the plan would be at the mean of what a product took before and after
  const slower = speeds.reduce((sum, speed) => sum + before.speed / speed, 0) / speeds.length;
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const steps = lines.map((line) => Line.parse(JSON.parse(line)).values);
  const {
    memory,
    tokens,
    seconds: said,
  } = before.arms[0] ?? { memory: { peak: 0 }, tokens: { step: 0 }, seconds: null };
  const seconds = (part: 'step' | 'generation' | 'update') => (said?.[part] ?? 0) * slower;
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  const later = steps.slice(1);
  const mean = (name: string) => later.reduce((sum, values) => sum + (values[name] ?? 0), 0) / later.length;
  const total = steps.at(-1)?.num_tokens ?? 0;
  const share = (total - (steps[0]?.num_tokens ?? 0)) / later.length / tokens.step;
  const s = (value: number | undefined) => (value ?? 0).toFixed(1);
  const parts = [
    one.name.padEnd(15),
    `${speeds.map((speed) => (speed / 1e9).toFixed(0)).join(', then ')} GFLOP/s`,
    `memory ${mebibytes(memory.peak)} / ${mebibytes(Number(readFileSync(noted, 'utf8')))} MiB`,
    `step ${s(seconds('step'))} (${s(seconds('step') * share)} for ${(100 * share).toFixed(0)} % of its tokens) / ${s(mean('step_time'))} s`,
    `first ${s(steps[0]?.step_time)} s`,
    `generation ${s(seconds('generation') * share)} / ${s(mean('time/generation'))}`,
    `update ${s(seconds('update') * share)} / ${s(mean('time/update'))}`,
  ];
  process.stdout.write(`${parts.join('  ')}\n`);
  rmSync(folder, { recursive: true });
}

const named = process.argv.slice(2);
for (const one of CASES) if (named.length === 0 || named.includes(one.name)) measure(one);
