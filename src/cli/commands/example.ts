// `merf example RUN --step N --sample I`: a response of a run as the text of an `example`, ready to be put into the
// .merf file. It is scored again by the rules that the run was trained with, at the end of their weights' schedules,
// as every example is; verifiers and judges are given what they answered in the run, and are not asked again.

import type { Command } from 'commander';
import { givenBy } from '../../reward/examples.ts';
import { scoreResponse } from '../../reward/score.ts';
import { print } from '../output.ts';
import { namesResponse, type ResponseOptions, responseOfRun } from '../response_of_run.ts';

interface ExampleOptions extends ResponseOptions {
  name?: string;
}

export function registerExample(program: Command): void {
  namesResponse(program.command('example'))
    .description('Print a response of a run as an example, to be put into the .merf file.')
    .option('--name <name>', "the example's name")
    .action(async (run: string, options: ExampleOptions) => print(await exampleOf(run, options)));
}

async function exampleOf(run: string, options: ExampleOptions): Promise<string> {
  const { record, line } = responseOfRun(run, options);
  const { specification: spec } = record;
  const { step, sample, name } = options;
  const generation = { tokens: line.token_ids.length, finished: line.finish_reason === 'stop' };
  const given = line.answers ?? {};
  const { total, rules } = scoreResponse(spec, line.row, line.response, generation, { answers: givenBy({ given }) });
  const { writeExample } = await import('../../language/write_example.ts');
  return writeExample(spec, {
    name: name ?? `step ${step}, response ${sample}`,
    row: line.row,
    response: line.response,
    ...generation,
    given,
    reward: Number.isFinite(total) ? total : null,
    rules: Object.fromEntries(Object.entries(rules).map(([rule, { score }]) => [rule, score])),
  });
}
