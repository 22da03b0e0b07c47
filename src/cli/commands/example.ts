// `merf example RUN --step N --sample I`: a response of a run as the text of an `example`, ready to be put into the
// .merf file. It is scored again by the rules that the run was trained with, at the end of their weights' schedules,
// as every example is; verifiers and judges are given what they answered in the run, and are not asked again.

import { type Command, Option } from 'commander';
import { givenBy } from '../../reward/examples.ts';
import { scoreResponse } from '../../reward/score.ts';
import { findRunFolder } from '../../run/location.ts';
import { readRecord, readRollouts, rolloutSets } from '../../run/read.ts';
import { type RolloutSet, sameSet } from '../../run/view.ts';
import { MerfError } from '../../spec/error.ts';
import { wholeNumber } from '../arm.ts';
import { print } from '../output.ts';

interface ExampleOptions {
  step: number;
  sample: number;
  heldOut?: 'motivation' | 'none';
  name?: string;
}

export function registerExample(program: Command): void {
  program
    .command('example')
    .description('Print a response of a run as an example, to be put into the .merf file.')
    .argument('<run>', 'its id or folder')
    .requiredOption('--step <number>', 'the step', wholeNumber('step'))
    .requiredOption('--sample <number>', 'which of its responses, from 0', wholeNumber('sample'))
    .addOption(
      new Option('--held-out <prompt>', 'of the held-out rows after that step, under this prompt').choices([
        'motivation',
        'none',
      ]),
    )
    .option('--name <name>', "the example's name")
    .action(async (run: string, options: ExampleOptions) => print(await exampleOf(run, options)));
}

async function exampleOf(run: string, { step, sample, heldOut, name }: ExampleOptions): Promise<string> {
  const folder = findRunFolder(process.cwd(), run);
  const { specification: spec, id } = readRecord(folder);
  const set: RolloutSet = { kind: heldOut ?? 'train', step };
  const lines = readRollouts(folder, set);
  const line = lines[sample];
  if (line === undefined) {
    const steps = rolloutSets(folder).filter(({ kind }) => kind === set.kind);
    const known =
      steps.length === 0 ? 'none are kept' : `kept are those of step ${steps.map((one) => one.step).join(', ')}`;
    throw steps.some((one) => sameSet(one, set))
      ? new MerfError(`Step ${step} has no response ${sample}.`, `Give a number from 0 to ${lines.length - 1}.`)
      : new MerfError(`There are no responses of step ${step} in ${id}.`, `Give another --step: ${known}.`);
  }
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
