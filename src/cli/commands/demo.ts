// `merf demo`: the whole of the product once, on this machine's processor. Trains the bundled model on the Knights and
// Knaves example with and without the rules in its prompt, says what was found, and writes a report.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { newRunFolder, runName } from '../../run/location.ts';
import { readStatus } from '../../run/read.ts';
import { findArm, wholeNumber } from '../arm.ts';
import { packageRoot } from '../package_root.ts';
import { duration } from '../progress.ts';
import { loadSpecification } from '../specification.ts';

const ARMS = ['rlvr', 'merf'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'Train the bundled model on an example, with and without the rules in its prompt (about five minutes).',
    )
    .option('--steps <steps>', 'fewer or more steps than the example asks for')
    .option('--seed <seed>', 'another seed', '1')
    .option('--out <file>', 'where the report goes', join('.merf', 'demo.html'))
    .action(async (options: { steps?: string; seed: string; out: string }) => {
      await demo(options.steps === undefined ? null : wholeNumber('steps')(options.steps), options);
    });
}

async function demo(steps: number | null, { seed: seedText, out }: { seed: string; out: string }): Promise<void> {
  const { trainArms } = await import('../demo/children.ts');
  const { Board } = await import('../demo/board.ts');
  const { armResult } = await import('../demo/results.ts');
  const { findings, table } = await import('../demo/findings.ts');
  const { writeReport } = await import('../report.ts');
  const began = performance.now();
  const file = join(packageRoot(), 'examples', 'knights_and_knaves.merf');
  const spec = await loadSpecification(file);
  const seed = wholeNumber('seed')(seedText);
  const plan = findArm(spec, 'merf').train;
  const planned = steps ?? plan.steps;
  const now = new Date();
  const runs = ARMS.map((arm) => ({
    arm,
    folder: newRunFolder(process.cwd(), { experiment: spec.name, arm, seed, now }),
  }));
  process.stdout.write(
    `${runName(process.cwd(), file)}: ${planned} steps of ${plan.prompts} prompts × ${plan.group} responses, arms ${ARMS.join(' and ')}, ${plan.model}\n`,
  );
  const board = new Board(ARMS, planned);
  // the children finish their step and write a checkpoint; a terminal's Ctrl-C reaches them by itself, a kill does not
  const asked = new AbortController();
  const stop = () => {
    if (!asked.signal.aborted) board.say('Stopping: each arm finishes its step and writes a checkpoint.');
    asked.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  await trainArms(
    runs,
    ({ arm, folder }) => [
      file,
      ...['--arm', arm, '--seed', String(seed), '--steps', String(planned), '--threads', '1', '--now', '--out', folder],
    ],
    (arm, event) => board.show(arm, event),
    asked.signal,
  );
  for (const signal of SIGNALS) process.off(signal, stop);
  const begun = runs.filter(({ folder }) => existsSync(join(folder, 'run.json')));
  const stopped = begun.filter(({ folder }) => readStatus(folder).status !== 'finished');
  if (stopped.length > 0 || begun.length < runs.length) {
    process.stdout.write(`\nStopped.${stopped.length > 0 ? ' Go on with:' : ''}\n`);
    for (const { folder } of stopped)
      process.stdout.write(`  npx merf train --resume ${runName(process.cwd(), folder)}\n`);
    if (begun.length === runs.length) {
      process.stdout.write(`and then compare them with:\n  npx merf report ${names(runs)} --out ${out}\n`);
    }
    process.exitCode = 130;
    return;
  }
  const results = runs.map(({ folder }) => armResult(folder));
  const rows = results[0]?.plain.after.rows ?? 0;
  process.stdout.write(`\nHeld-out puzzles right, of ${rows} (95 % interval):\n\n`);
  process.stdout.write(`${table(results)}\n\n${findings(results).join('\n')}\n\n`);
  await writeReport(
    runs.map(({ folder }) => folder),
    out,
  );
  process.stdout.write(`Report: ${out}   (${duration((performance.now() - began) / 1000)} in all)\n`);
}

function names(runs: readonly { folder: string }[]): string {
  return runs.map(({ folder }) => runName(process.cwd(), folder)).join(' ');
}
