// `merf plan FILE`: what memory, tokens and time each arm's run needs here, before anything is loaded, and what to change
// where it does not fit. The prompts are real ones, counted by the model's tokenizer; the speed is measured now.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { readChatTemplate, readTokenizer } from '../../model/folder.ts';
import { renderPrompt } from '../../motivation/prompt.ts';
import { MerfError } from '../../spec/error.ts';
import { type MemoryEstimate, showBytes } from '../../spec/memory_estimate.ts';
import type { Arm, Specification } from '../../spec/specification.ts';
import { firstRows, loadTask, type TaskRows } from '../../task/registry.ts';
import { evaluationPrompts } from '../../training/evaluate.ts';
import { machineMemory } from '../../training/machine_memory.ts';
import { estimateRun, type RunEstimate } from '../../training/run_estimate.ts';
import { findArm, wholeNumber } from '../arm.ts';
import { folderNamed } from '../named_model.ts';
import { print } from '../output.ts';
import { duration } from '../progress.ts';
import { loadSpecification } from '../specification.ts';
import { standardThreads } from '../training_run.ts';
import { readModel } from '../world.ts';

/** Rows whose prompts are counted. */
const COUNTED_ROWS = 100;

export interface PlannedArm extends RunEstimate {
  arm: string;
  model: string;
  parameters: number;
  steps: number;
  seeds: number[];
  /** Of the longest of the counted prompts. */
  promptTokens: number;
}

export interface PlanReport {
  device: { name: string; threads: number; bytes: number; speed: number };
  arms: PlannedArm[];
}

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .description(
      "Say what memory, tokens and time the runs of a .merf file need here, and what to change if they don't fit.",
    )
    .argument('<file>', 'the .merf file')
    .option('--arm <arm>', 'only this arm')
    .option('--model <model>', "a model in place of the plan's")
    .option('--threads <threads>', 'processor threads; otherwise half of them')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(
      async (file: string, options: { arm?: string; model?: string; threads?: string; format: 'text' | 'json' }) => {
        const report = await planOf(file, options);
        await print(options.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : text(report));
        if (report.arms.some(({ fits }) => !fits)) process.exitCode = 1;
      },
    );
}

async function planOf(
  file: string,
  { arm: named, model, threads: asked }: { arm?: string; model?: string; threads?: string },
): Promise<PlanReport> {
  const spec = await loadSpecification(file);
  const arms = (named === undefined ? spec.arms : [findArm(spec, named)]).map((arm) =>
    model === undefined ? arm : { ...arm, train: { ...arm.train, model } },
  );
  const threads = asked === undefined ? standardThreads() : Math.max(1, wholeNumber('threads')(asked));
  const { matrixSpeed } = await import('../../tensor/matrix_speed.ts');
  const [rows, speed] = [await loadTask(spec.task, file), await matrixSpeed(threads)];
  const bytes = machineMemory();
  return {
    device: { name: `the processor, ${threads} of ${availableParallelism()} threads`, threads, bytes, speed },
    arms: arms.map((arm) => planned(spec, arm, rows, file, { bytes, speed })),
  };
}

function planned(
  spec: Specification,
  arm: Arm,
  rows: TaskRows,
  file: string,
  device: { bytes: number; speed: number },
): PlannedArm {
  const { train: plan, motivation } = arm;
  const folder = folderNamed(plan.model, file);
  const model = readModel(join(folder, 'config.json'));
  if (model === null) {
    const remedy = 'Give a folder with the config.json of a supported model; adapters are merged first: merf merge.';
    throw new MerfError(`${folder} holds no model that can be trained.`, remedy);
  }
  const [tokenizer, template] = [readTokenizer(folder), readChatTemplate(folder)];
  const lengths = firstRows(rows.train, COUNTED_ROWS).map(
    (row) => tokenizer.encode(template.render(renderPrompt(spec, { motivation }, row))).length,
  );
  const promptTokens = Math.max(1, ...lengths);
  const every = plan.evaluate?.everySteps ?? 0;
  const evaluations = every === 0 ? 0 : (Math.ceil(plan.steps / every) + 1) * evaluationPrompts(arm).length;
  const facts = {
    model,
    promptTokens,
    evaluatedRows: evaluations * rows.test.length,
    memory: device.bytes,
    speed: device.speed,
  };
  return {
    arm: arm.name,
    model: plan.model,
    parameters: model.parameters,
    steps: plan.steps,
    seeds: plan.seeds,
    promptTokens,
    ...estimateRun(plan, facts),
  };
}

function text({ device, arms }: PlanReport): string {
  const speed = `${(device.speed / 1e9).toFixed(0)} GFLOP/s in matrix products, measured now`;
  const head = `On ${device.name}: ${showBytes(device.bytes)} of memory, ${speed}.\n`;
  return [head, ...arms.map(armText)].join('\n');
}

function armText(arm: PlannedArm): string {
  const { memory, tokens, seconds, seeds } = arm;
  const seedText = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(', ')}`;
  const lines = [
    `${arm.arm}  ${arm.steps} steps, ${seedText}, model ${arm.model} (${(arm.parameters / 1e6).toFixed(1)} million parameters)`,
    `  memory  ${showBytes(memory.peak)}: ${parts(memory)}`,
    `  tokens  at most ${count(tokens.step)} a step, ${count(tokens.run)} a seed (prompts of up to ${arm.promptTokens})`,
    `  time    at most about ${duration(seconds.step)} a step, ${duration(seconds.run)} a seed` +
      (seeds.length > 1 ? `, ${duration(seconds.run * seeds.length)} for all` : '') +
      (seconds.evaluation > 0 ? ` (evaluations: ${duration(seconds.evaluation)})` : ''),
  ];
  if (arm.recomputes) lines.push('  blocks are computed again for their gradients, for want of room to keep them');
  if (!arm.fits) {
    lines.push('  IT DOES NOT FIT.');
    lines.push(
      arm.remedies.length === 0
        ? '  No single change of the plan is enough: choose a smaller model.'
        : `  Any of these makes it fit: ${arm.remedies.join('; ')}.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function parts({ held, generation, update }: MemoryEstimate): string {
  const sum = (list: MemoryEstimate['held']) => showBytes(list.reduce((total, { bytes }) => total + bytes, 0));
  return `${sum(held)} all the time, ${sum(generation)} more to write responses, ${sum(update)} to learn`;
}

function count(tokens: number): string {
  return Math.round(tokens).toLocaleString('en');
}
