// The folder for TRL, and its reward.py run by a real Python as TRL would call it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { trlPlan } from '../../src/handover/trl_plan.ts';
import { checkText } from '../../src/language/check.ts';
import { scoreResponse } from '../../src/reward/score.ts';
import { rewardColumns } from '../../src/spec/reward_columns.ts';
import { makeRows } from '../../src/task/registry.ts';
import { merf, merfCommand, SMALL, temporaryFolder } from '../cli/merf.ts';

const quoted = (): string =>
  merfCommand()
    .map((part) => `'${part}'`)
    .join(' ');

function python(
  program: string,
  cwd: string,
  input: unknown,
  command = quoted(),
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('python3', ['-c', program], {
    cwd,
    input: JSON.stringify(input),
    encoding: 'utf8',
    env: { ...process.env, MERF: command },
  });
}

/** Calls the reward as TRL does: everything by keyword, columns repeated for each completion. */
const CALL = `
import json, sys
from reward import merf_reward
logged, metrics = {}, {}
given = json.load(sys.stdin)
totals = merf_reward(
    prompts=[None] * len(given["completions"]), completions=given["completions"], merf_row=given["merf_row"],
    completion_ids=[[1, 2, 3]] * len(given["completions"]), trainer_state=None,
    log_extra=logged.__setitem__, log_metric=metrics.__setitem__)
print(json.dumps({"totals": totals, "logged": logged, "metrics": metrics}))
`;

describe('the handover to TRL', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const handOver = (arm: string): string => {
    const out = folder.path(`trl-${arm}`);
    const { status, stderr } = merf([
      'handover',
      folder.write('small.merf', SMALL),
      '--arm',
      arm,
      '--to',
      'trl',
      '--out',
      out,
    ]);
    assert.equal(status, 0, stderr);
    return out;
  };
  const rowsOf = (out: string, split: string): { prompt: { role: string; content: string }[]; merf_row: string }[] =>
    readFileSync(`${out}/data/${split}.jsonl`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('takes along what the file names, so that it can be scored where it goes', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${JSON.stringify({ quiz: `${i}?`, solution: `${i}` })}\n`);
    mkdirSync(folder.path('parts'), { recursive: true });
    folder.write('parts/rows.jsonl', rows.join(''));
    folder.write('parts/shared.merf', 'response { answer = tag("answer") }');
    const file = folder.write(
      'own.merf',
      `import "parts/shared.merf"
experiment own
task jsonl("./parts/rows.jsonl", test: 20%) { secret solution }
prompt { user "{quiz}" }
reward { rule right { +1 when answer == solution
  0 otherwise } }
arm rlvr { motivation none }`,
    );
    const out = folder.path('trl-own');
    const { status, stderr } = merf(['handover', file, '--out', out]);
    assert.equal(status, 0, stderr);
    const responses = folder.write('r.jsonl', '{"row": {"solution": "7"}, "response": "<answer>7</answer>"}');
    const scored = merf(['score', `${out}/own.merf`, '--responses', responses]);
    assert.match(scored.stdout, /total \+1/, scored.stderr);
  });

  it("writes the arm's prompts, with no more of a row than the reward reads", async () => {
    const out = handOver('merf');
    const { specification } = await checkText(SMALL);
    assert.ok(specification);
    assert.deepEqual(rewardColumns(specification), ['names', 'roles', 'solution']);
    const rows = makeRows(specification.task);
    for (const split of ['train', 'test'] as const) {
      const written = rowsOf(out, split);
      assert.equal(written.length, rows[split].length);
      for (const [i, { prompt, merf_row }] of written.entries()) {
        const { names, roles, solution, quiz } = rows[split][i] ?? {};
        assert.deepEqual(JSON.parse(merf_row), { names, roles, solution });
        assert.match(prompt[0]?.content ?? '', /Rules:\nFormat:\n/);
        assert.equal(prompt[1]?.content, quiz);
      }
    }
    for (const name of ['small.merf', 'reward.py', 'grpo.yaml', 'README.md'])
      assert.ok(existsSync(`${out}/${name}`), name);
    assert.equal(readFileSync(`${out}/small.merf`, 'utf8'), SMALL);
  });

  it('rewards completions in Python as the reward does here', async () => {
    const out = handOver('rlvr');
    const { specification } = await checkText(SMALL);
    assert.ok(specification);
    const rows = rowsOf(out, 'train').map(({ merf_row }) => merf_row);
    const responses = rows.flatMap((row) => {
      const { solution }: { solution: Record<string, string> } = JSON.parse(row);
      const said = Object.entries(solution).map(([name, role]) => `${name} is a ${role}`);
      return [
        `<think>é\n\u2028😀</think><answer>${said.join('. ')}</answer>`,
        `<think></think><answer>${said.slice(1).join('. ')}</answer>`,
        '',
      ].map((response) => ({ row, response }));
    });
    const completions = responses.map(({ response }, i) =>
      i % 2 === 0 ? response : [{ role: 'assistant', content: response }],
    );
    const { status, stdout, stderr } = python(CALL, out, { completions, merf_row: responses.map(({ row }) => row) });
    assert.equal(status, 0, stderr);
    const expected = responses.map(({ row, response }) =>
      scoreResponse(specification, JSON.parse(row), response, { tokens: 3 }),
    );
    const { totals, logged, metrics } = JSON.parse(stdout);
    assert.deepEqual(
      totals,
      expected.map(({ total }) => total),
    );
    assert.deepEqual(new Set(totals), new Set([3, -1, -3]));
    assert.deepEqual(
      logged['rule format'],
      expected.map(({ rules }) => rules.format?.score),
    );
    const mean = expected.reduce((sum, { rules }) => sum + (rules.format?.score ?? NaN), 0) / expected.length;
    assert.ok(Math.abs(metrics['rules/format/mean'] - mean) < 1e-12);
  });

  it('starts the child again when it has died, and says what to run when it cannot', () => {
    const out = handOver('rlvr');
    const [row] = rowsOf(out, 'train').map(({ merf_row }) => merf_row);
    const given = { completions: ['a'], merf_row: [row] };
    const again = `${CALL}
import reward
reward._child.kill()
print(merf_reward(prompts=[None], completions=["a"], merf_row=given["merf_row"]))
`;
    const { status, stdout, stderr } = python(again, out, given);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /\n\[-3\]\n$/);
    const broken = python(CALL, out, given, 'false');
    assert.notEqual(broken.status, 0);
    assert.match(
      broken.stderr,
      /RuntimeError: merf score ended without an answer: run `false score .*small\.merf --serve`/,
    );
  });

  it("maps the plan to TRL's names, in numbers that YAML reads as numbers", async () => {
    const { specification } = await checkText(SMALL);
    assert.ok(specification);
    const yaml = trlPlan(specification.train, { model: 'a/b', seed: 2 });
    const value = (name: string) => new RegExp(`^${name}: (\\S+)`, 'm').exec(yaml)?.[1];
    assert.equal(value('learning_rate'), '0.000001');
    assert.equal(value('num_generations'), '8');
    assert.equal(Number(value('per_device_train_batch_size')) * Number(value('gradient_accumulation_steps')), 4 * 8);
    assert.equal(value('epsilon'), '0.2');
    assert.equal(value('beta'), '0.001');
    assert.equal(value('lora_r'), '16');
    assert.equal(value('eval_steps'), '5');
    assert.equal(value('seed'), '2');
    const full = trlPlan({ ...specification.train, lora: null, evaluate: null }, { model: 'a/b', seed: 2 });
    assert.match(
      trlPlan({ ...specification.train, learningRate: 3e-7 }, { model: 'a', seed: 1 }),
      /^learning_rate: 3\.0e-7$/m,
    );
    assert.doesNotMatch(full, /lora|eval_steps/);
    assert.match(full, /^eval_strategy: "no"$/m);
  });
});
