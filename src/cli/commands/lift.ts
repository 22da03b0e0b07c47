// `merf lift RUN --step N --sample I`: what a motivation does to a response of a run, token by token: its log-probability
// with the motivation minus that without it, both asked of one model, the checkpoint nearest to the step (checkpoints are
// not kept of every step). The training itself keeps only log-probabilities under the prompt that was read.

import type { Command } from 'commander';
import { rootOfRun } from '../../run/location.ts';
import { MerfError } from '../../spec/error.ts';
import { print } from '../output.ts';
import { namesResponse, type ResponseOptions, responseOfRun } from '../response_of_run.ts';

export function registerLift(program: Command): void {
  namesResponse(program.command('lift'))
    .description('Say how much likelier the motivation makes a response of a run, token by token.')
    .action(async (run: string, options: ResponseOptions) => print(`${JSON.stringify(await liftOf(run, options))}\n`));
}

/** One JSON object: by token the log-probability with and without, and their difference; which motivation and model. */
async function liftOf(run: string, options: ResponseOptions): Promise<unknown> {
  const { folder, record, line } = responseOfRun(run, options);
  const { specification: spec } = record;
  const { step } = options;
  const arm = spec.arms.find(({ name }) => name === record.arm);
  const motivation = arm?.motivation ?? spec.motivations[0]?.name;
  if (motivation === undefined) {
    throw new MerfError(
      `${spec.name} has no motivation, so there is no lift.`,
      'Write one: motivation full { """{rules}""" }.',
    );
  }
  if (line.token_ids.length === 0) throw new MerfError('The response is empty.', 'Choose another one.');
  const { checkpoints } = await import('../../training/checkpoint.ts');
  const { openModelNamed } = await import('../named_model.ts');
  const { renderPrompt } = await import('../../motivation/prompt.ts');
  const { createScorer } = await import('../../model/trainer.ts');
  const { standardThreads } = await import('../training_run.ts');
  const [nearest] = checkpoints(folder).sort((a, b) => Math.abs(stepOf(a) - step) - Math.abs(stepOf(b) - step));
  const model = nearest
    ? await openModelNamed(nearest, '.')
    : await openModelNamed(record.model.name, `${rootOfRun(folder)}/run.merf`);
  const { tokenizer, chatTemplate } = model;
  const rendered = (name: string | null) =>
    tokenizer.encode(chatTemplate.render(renderPrompt(spec, { motivation: name, step }, line.row)));
  const read = line.shown_rules == null ? rendered(motivation) : tokenizer.encode(line.prompt);
  const scorer = await createScorer(model, { threads: standardThreads() });
  try {
    const logProbabilities = async (prompt: readonly number[]) => {
      const [scored] = await scorer.score(
        [{ prompt, responses: [{ tokens: line.token_ids }] }],
        arm?.train.temperature ?? 1,
      );
      return Array.from(scored?.[0]?.logProbabilities ?? []);
    };
    const [using, without] = [await logProbabilities(read), await logProbabilities(rendered(null))];
    const lift = using.map((value, i) => value - (without[i] ?? Number.NaN));
    return { motivation, checkpoint: nearest ? stepOf(nearest) : null, with: using, without, lift };
  } finally {
    await scorer.dispose();
  }
}

function stepOf(checkpoint: string): number {
  return Number(/step-(\d+)$/.exec(checkpoint)?.[1] ?? 0);
}
