// `merf probe FILE`: looks for a bad reward before a model does. Ctrl-C ends it with what was found by then. Exit status
// 0 whatever is found: a finding is something to look at, not an error.

import { type Command, Option } from 'commander';
import { STANDARD } from '../../probe/report.ts';
import { wholeNumber } from '../arm.ts';
import { print } from '../output.ts';
import { loadSpecification } from '../specification.ts';

interface ProbeCommandOptions {
  format: 'text' | 'json';
  seed: number;
  budget: number;
  rows: number;
}

/** Of a larger data file the first ones stand for all. */
const MOST_ROWS = 20_000;

export function registerProbe(program: Command): void {
  program
    .command('probe')
    .description('Attack the reward of a .merf file with responses that know nothing of the answer.')
    .argument('<file>', 'the .merf file')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--seed <number>', 'the same seed finds the same on any machine', wholeNumber('seed'), STANDARD.seed)
    .option('--budget <number>', 'how many responses may be scored', wholeNumber('budget'), STANDARD.budget)
    .option('--rows <number>', "how many of the task's training rows are used", wholeNumber('rows'), STANDARD.rows)
    .action(async (file: string, { format, seed, budget, rows: most }: ProbeCommandOptions) => {
      const spec = await loadSpecification(file);
      const { firstRows, loadTask } = await import('../../task/registry.ts');
      const { probe } = await import('../../probe/probe.ts');
      const { located } = await import('../probe/located.ts');
      const rows = firstRows((await loadTask(spec.task, file)).train, MOST_ROWS);
      const stopping = new AbortController();
      const stop = (): void => stopping.abort();
      process.once('SIGINT', stop);
      const onProgress = process.stderr.isTTY ? progress(budget) : undefined;
      const options = { seed, budget, rows: most, signal: stopping.signal, ...(onProgress && { onProgress }) };
      const found = await located(file, spec, rows, await probe(spec, rows, options));
      process.removeListener('SIGINT', stop);
      if (onProgress) process.stderr.write('\r\x1b[2K');
      if (format === 'json') return print(`${JSON.stringify(found, null, 2)}\n`);
      const { probeText } = await import('../probe/text.ts');
      await print(probeText(found));
    });
}

/** One line that changes, a few times a second. */
function progress(budget: number): (doing: string, responses: number) => void {
  let last = 0;
  return (doing, responses) => {
    if (performance.now() - last < 100) return;
    last = performance.now();
    process.stderr.write(`\r\x1b[2K${doing}  ${Math.min(100, Math.round((100 * responses) / budget))} %`);
  };
}
