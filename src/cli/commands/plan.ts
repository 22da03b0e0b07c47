// `merf plan FILE`: what memory, tokens and time each arm's run needs, before anything is loaded, on which of the devices
// found here it has room, and what to change where it has none. The prompts are real ones, counted by the model's
// tokenizer; the speed is measured now.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { readChatTemplate, readTokenizer } from '../../model/folder.ts';
import { renderPrompt } from '../../motivation/prompt.ts';
import { MerfError } from '../../spec/error.ts';
import type { Arm, Specification } from '../../spec/specification.ts';
import { firstRows, loadTask, type TaskRows } from '../../task/registry.ts';
import { evaluationPrompts } from '../../training/evaluate.ts';
import { estimateRun, type RunEstimate } from '../../training/run_estimate.ts';
import { findArm, wholeNumber } from '../arm.ts';
import { type Device, devicesHere, hasRoom } from '../devices/devices.ts';
import { processor } from '../devices/processor.ts';
import { folderNamed } from '../named_model.ts';
import { print } from '../output.ts';
import { planText } from '../plan_text.ts';
import { type Language, languageOption, sayIn } from '../say.ts';
import { loadSpecification } from '../specification.ts';
import { standardThreads } from '../training_run.ts';
import { readModel } from '../world.ts';

/** Rows whose prompts are counted. */
const COUNTED_ROWS = 100;

export interface PlannedArm extends RunEstimate {
  arm: string;
  /** Of each device of the report, whether so much memory is free there; null: not known. */
  rooms: { device: string; fits: boolean | null }[];
  model: string;
  parameters: number;
  steps: number;
  seeds: number[];
  /** Of the longest of the counted prompts. */
  promptTokens: number;
}

export interface PlanReport {
  /** The processor first, which trains. */
  devices: Device[];
  threads: { used: number; all: number };
  /** Floating-point operations a second of the processor in large matrix products. */
  speed: number;
  arms: PlannedArm[];
}

interface PlanFlags {
  arm?: string;
  model?: string;
  threads?: string;
  format: 'text' | 'json';
  lang: Language;
}

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .description(
      "Say what memory, tokens and time the runs of a .merf file need on the devices here, and what to change if they don't fit.",
    )
    .argument('<file>', 'the .merf file')
    .option('--arm <arm>', 'only this arm')
    .option('--model <model>', "a model in place of the plan's")
    .option('--threads <threads>', 'processor threads; otherwise half of them')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addOption(languageOption())
    .action(async (file: string, options: PlanFlags) => {
      const report = await planOf(file, options);
      const asText = () => planText(report, sayIn(options.lang));
      await print(options.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : asText());
      if (report.arms.some(({ fits }) => !fits)) process.exitCode = 1;
    });
}

async function planOf(file: string, { arm: named, model, threads: asked }: PlanFlags): Promise<PlanReport> {
  const spec = await loadSpecification(file);
  const arms = (named === undefined ? spec.arms : [findArm(spec, named)]).map((arm) =>
    model === undefined ? arm : { ...arm, train: { ...arm.train, model } },
  );
  const used = asked === undefined ? standardThreads() : Math.max(1, wholeNumber('threads')(asked));
  const { matrixSpeed } = await import('../../tensor/matrix_speed.ts');
  const devices = await devicesHere();
  const [rows, speed] = [await loadTask(spec.task, file), await matrixSpeed(used)];
  return {
    devices,
    threads: { used, all: availableParallelism() },
    speed,
    arms: arms.map((arm) => planned(spec, arm, rows, file, devices, speed)),
  };
}

function planned(
  spec: Specification,
  arm: Arm,
  rows: TaskRows,
  file: string,
  devices: readonly Device[],
  speed: number,
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
  const { bytes, free } = processor();
  const evaluatedRows = evaluations * rows.test.length;
  const estimate = estimateRun(plan, { model, promptTokens, evaluatedRows, memory: bytes, free, speed });
  const rooms = devices.map((device) => ({ device: device.name, fits: hasRoom(device, estimate.least) }));
  return {
    arm: arm.name,
    model: plan.model,
    parameters: model.parameters,
    steps: plan.steps,
    seeds: plan.seeds,
    promptTokens,
    rooms,
    ...estimate,
  };
}
