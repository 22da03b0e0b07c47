// The same experiment for TRL on another machine: a folder with the prompts of one arm, the .merf file that scores, a
// reward function that asks it, and the plan in TRL's names. Pure: file contents by their paths in the folder.
// A row travels as JSON text in one column, because a table would give every row the keys of all rows.
// Left out: verl, and evaluation under two prompts at once (TRL has one test split).

import { renderPrompt } from '../motivation/prompt.ts';
import { motivationText } from '../motivation/render.ts';
import { rewardColumns } from '../spec/reward_columns.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import type { Row, Rows, TaskRows } from '../task/registry.ts';
import { trlPlan } from './trl_plan.ts';
import { trlReward } from './trl_reward.ts';

export interface TrlHandover {
  spec: Specification;
  arm: Arm;
  rows: Pick<TaskRows, 'train' | 'test'>;
  /** The .merf file's name and text. */
  file: { name: string; text: string };
  /** The model as TRL finds it: a folder or a hub id. */
  model: string;
}

export function trlFolder({ spec, arm, rows, file, model }: TrlHandover): Map<string, string> {
  const columns = rewardColumns(spec);
  const lines = (some: Rows): string =>
    [...some]
      .map(
        (row) =>
          `${JSON.stringify({ prompt: renderPrompt(spec, arm.name, row), merf_row: rewardRow(row, columns) })}\n`,
      )
      .join('');
  return new Map([
    ['data/train.jsonl', lines(rows.train)],
    ['data/test.jsonl', lines(rows.test)],
    [file.name, file.text],
    ['reward.py', trlReward(file.name)],
    ['grpo.yaml', trlPlan(arm.train, { model, seed: arm.train.seeds[0] ?? 1 })],
    ['README.md', readme(spec, arm, file.name)],
  ]);
}

/** The columns the reward reads, as JSON text. */
function rewardRow(row: Row, columns: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(columns.map((name) => [name, row[name] ?? null])));
}

function readme(spec: Specification, arm: Arm, file: string): string {
  const motivation = motivationText(spec, arm.motivation);
  const seeds = arm.train.seeds.join(', ');
  return `# ${spec.name}, arm ${arm.name}, for TRL

    pip install "trl[peft]>=1.13"
    trl grpo --config grpo.yaml

Run it in this folder, on a machine with Node.js where \`merf\` is on the path (or set the environment variable MERF to
the command that runs it).

| file | what it is |
|---|---|
| \`data/train.jsonl\`, \`data/test.jsonl\` | the prompts of this arm as messages; \`merf_row\` is what the reward needs of the row, as JSON |
| \`${file}\` | the specification: the one place where the reward is written; files that it names stand beside it |
| \`reward.py\` | \`merf_reward\`, which asks \`merf score ${file} --serve\` |
| \`grpo.yaml\` | the training plan in TRL's names, for one device |

The plan names the seeds ${seeds}: one run each, with \`--seed\` and its own \`--output_dir\`. The test prompts are this
arm's; hand over an arm without a motivation to evaluate without one.

What the model reads as its motivation:

${
  motivation === ''
    ? '(nothing: this arm has none)'
    : motivation
        .split('\n')
        .map((line) => `    ${line}`.trimEnd())
        .join('\n')
}
`;
}
