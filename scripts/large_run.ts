// A run as long training leaves it behind: 2,000 steps, 500 metrics a step, 50 responses a step (5 prompts, 10 each), so
// 100,000 rollouts with their tokens, from a seed. The responses are puzzles' own reasoning, some wrong, some cut, some
// malformed, scored by the file's own rules, which they learn over the steps.
//   node --import=tsx scripts/large_run.ts FOLDER [STEPS]      FOLDER/.merf/runs/large

import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile } from '../src/language/check.ts';
import { scoreResponse } from '../src/reward/score.ts';
import type { RolloutLine, RunRecord } from '../src/run/format.ts';
import { rolloutsFile } from '../src/run/location.ts';
import { random } from '../src/spec/random.ts';
import type { Specification } from '../src/spec/specification.ts';
import { generateRows, type KnightsAndKnavesRow } from '../src/task/knights_and_knaves.ts';

const PROMPTS = 5;
const GROUP = 10;
const METRICS = 500;

/** Writes it, unless it is there already; its folder. */
export async function largeRun(root: string, steps = 2000): Promise<string> {
  const folder = join(root, '.merf', 'runs', 'large');
  if (existsSync(join(folder, 'run.json'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'rollouts'), { recursive: true });
  const example = new URL('../examples/knights_and_knaves.merf', import.meta.url).pathname;
  const { specification } = await checkFile(example);
  if (!specification) throw new Error(`${example} has an error.`);
  const rows = generateRows({ people: { from: 3, to: 3 }, train: 1500, test: 20, seed: 1 }).train;
  for (let step = 1; step <= steps; step++) {
    const lines = rolloutsOf(specification, rows, step, steps);
    const path = join(folder, rolloutsFile({ kind: 'train', step }));
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    appendFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(metricsOf(lines, step))}\n`);
  }
  writeFileSync(join(folder, 'events.jsonl'), '');
  writeFileSync(join(folder, 'run.json'), JSON.stringify(recordOf(specification, steps)));
  return folder;
}

function rolloutsOf(
  spec: Specification,
  rows: readonly KnightsAndKnavesRow[],
  step: number,
  steps: number,
): RolloutLine[] {
  const draw = random(step, 'large run');
  const skill = step / steps;
  return Array.from({ length: PROMPTS }, (_, prompt_index) => {
    const row_index = (step * PROMPTS + prompt_index) % rows.length;
    const row = rows[row_index];
    if (!row) throw new Error('There are no rows.');
    const group = Array.from({ length: GROUP }, (_, sample): RolloutLine => {
      const isCut = draw.uniform() > 0.8 + 0.2 * skill;
      const isRight = draw.uniform() < 0.2 + 0.7 * skill;
      const said = isRight ? row.solution_text : row.names.map((name) => `${name} is a knight`).join(', ');
      const hesitation = draw.uniform() < 0.1 ? ' Wait, let me check that again.' : '';
      const whole = `<think>${row.reasoning}${hesitation}</think><answer>${said}</answer>`;
      const response = isCut ? whole.slice(0, Math.floor(whole.length * (0.3 + 0.6 * draw.uniform()))) : whole;
      const texts = response.match(/<\/?\w+>|\s?\w+|[^\w]/g) ?? [];
      const score = scoreResponse(
        spec,
        row,
        response,
        { tokens: texts.length, finished: !isCut },
        { step, evidence: true },
      );
      return {
        step,
        prompt_index,
        sample,
        split: 'train',
        row_index,
        row,
        prompt: `<|im_start|>system\nYou are a helpful assistant. Reason inside <think> </think>, then state the identity of each character inside <answer> </answer>.<|im_end|>\n<|im_start|>user\n${row.quiz}<|im_end|>\n<|im_start|>assistant\n`,
        shown_rules: ['format', 'correctness'],
        response,
        captures: score.captures,
        rules: Object.fromEntries(
          Object.entries(score.rules).map(([name, rule]) => [
            name,
            { ...rule, evidence: score.evidence?.[name] ?? [] },
          ]),
        ),
        reward: score.total,
        advantage: 0,
        finish_reason: isCut ? 'length' : 'stop',
        token_ids: texts.map((_, i) => i),
        token_texts: texts,
        log_probabilities: texts.map(() => -rounded(draw.uniform() ** 6 * 5)),
        entropies: texts.map(() => rounded(draw.uniform() ** 3 * 2)),
      };
    });
    const rewards = group.map(({ reward }) => reward ?? 0);
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    const spread = Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / (rewards.length - 1));
    return group.map((line) => ({ ...line, advantage: rounded(((line.reward ?? 0) - mean) / (spread + 1e-4)) }));
  }).flat();
}

function metricsOf(lines: readonly RolloutLine[], step: number): unknown {
  const draw = random(step, 'metrics of a large run');
  const mean = (value: (line: RolloutLine) => number) =>
    rounded(lines.reduce((sum, line) => sum + value(line), 0) / lines.length);
  const own = {
    reward: mean((line) => line.reward ?? 0),
    kl: rounded(step / 1e5 + 0.002 * draw.uniform()),
    entropy: rounded(0.9 - step / 4000 + 0.02 * draw.uniform()),
    'completions/mean_length': mean((line) => line.token_ids.length),
    'completions/clipped_ratio': mean((line) => (line.finish_reason === 'length' ? 1 : 0)),
    'rewards/format/mean': mean((line) => line.rules.format?.score ?? 0),
    'rewards/correctness/mean': mean((line) => line.rules.correctness?.score ?? 0),
  };
  const more = METRICS - Object.keys(own).length;
  const others = Array.from({ length: more }, (_, i) => [
    `extra/${i}`,
    rounded(Math.sin(step / (10 + i)) + draw.uniform()),
  ]);
  return { step, time: step * 2, values: { ...own, ...Object.fromEntries(others) } };
}

function recordOf(specification: Specification, steps: number): RunRecord {
  return {
    format: 1,
    id: 'large',
    experiment: specification.name,
    arm: 'merf',
    seed: 1,
    file: 'knights_and_knaves.merf',
    specification,
    model: { name: 'bundled:tiny', hash: 'sha256:00', parameters: 1_843_200 },
    engine: { name: 'onnxruntime-node', version: '1', threads: 2 },
    versions: {},
    status: 'finished',
    step: steps,
    steps,
    created: 1_700_000_000_000,
    updated: 1_700_000_000_000,
    trainedSeconds: 2 * steps,
    pid: null,
    reason: null,
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

const [, script, root, steps] = process.argv;
if (script?.endsWith('large_run.ts')) {
  if (!root) throw new Error('Give the folder under which the run is written.');
  process.stdout.write(`${await largeRun(root, steps === undefined ? undefined : Number(steps))}\n`);
}
