// Every algorithm learns: on a task whose best answer is known (end at once: 1 point, less for every token more), each
// gets from a random model to nearly full marks, from either of two seeds. And what a step does with groups, masks and
// visibilities, on real rollouts.

import assert from 'node:assert/strict';
import { loadSpecification } from '../../src/cli/specification.ts';
import { openModel } from '../../src/model/folder.ts';
import { readRun } from '../../src/run/read.ts';
import { objectiveOf } from '../../src/spec/objective.ts';
import type { Algorithm, Visibility } from '../../src/spec/specification.ts';
import { loadTask } from '../../src/task/registry.ts';
import { spread } from '../../src/training/advantages.ts';
import { judge, overlongPenalty } from '../../src/training/judge.ts';
import { Policy, type Rollout } from '../../src/training/policy.ts';
import { stepRollouts } from '../../src/training/step_rollouts.ts';
import { Scorer } from '../../src/verify/scorer.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf } from './letters.ts';

const ALGORITHMS = {
  grpo: '',
  dr_grpo: '',
  dapo: '',
  gspo: 'clip 0.1 mini_batches 2',
  // less of a pull towards the random model it began with
  rloo: 'kl 0.01',
  reinforce_plus_plus: '',
} satisfies Record<Algorithm, string>;

/** Each with its own settings, then what any of them can be mixed with. */
const LEARNERS: Record<string, string> = {
  ...Object.fromEntries(Object.entries(ALGORITHMS).map(([name, settings]) => [name, `algorithm ${name} ${settings}`])),
  'grpo with KL in the loss': 'algorithm grpo kl 0.01 kl_in loss',
  'grpo with KL in the reward': 'algorithm grpo kl 0.01 kl_in reward',
  'grpo with several updates of a batch': 'algorithm grpo updates 2 mini_batches 2',
};
const SEEDS = [1, 2];

const SHORT = `rule short "Short" {
    + linear(tokens, 12 -> 0, 1 -> 1) otherwise : "the shorter the better"
  }
`;

describe('an algorithm that must learn', function () {
  this.timeout(300_000);
  const at = temporaryFolder();
  for (const [name, settings] of Object.entries(LEARNERS)) {
    it(`${name} reaches the best answer`, async () => {
      await letters(at(), (text) =>
        text
          .replace(/rule vowel[\s\S]*(?=\}\nmotivation)/, SHORT)
          .replace('algorithm grpo', settings)
          .replace('clip 0.2  kl 0 ', '')
          .replace('prompts 4  group 4', 'prompts 4  group 8')
          .replace(/evaluate .*\n/, ''),
      );
      for (const seed of SEEDS) {
        const given = ['train', 'letters.merf', '--arm', 'rlvr', '--seed', `${seed}`, '--out', `run-${seed}`];
        const { code, stderr } = await merf(at(), ...given, '--steps', '60');
        assert.deepEqual([code, stderr], [0, '']);
        const rewards = readRun(at(`run-${seed}`)).metrics.map(({ values }) => values.reward ?? Number.NaN);
        const after = spread(rewards.slice(-8)).mean;
        assert.ok(after > 0.9, `seed ${seed}: ${rewards.map((reward) => reward.toFixed(2)).join(' ')}`);
      }
    });
  }
});

describe('the rollouts of a step', function () {
  this.timeout(60_000);
  const at = temporaryFolder();

  /** Three steps' worth of a plan, without a process around it. */
  async function rolloutsOf(edit: (text: string) => string, visibility: Partial<Visibility> = {}, step = 1) {
    const spec = await loadSpecification(await letters(at(), edit));
    const motivations = spec.motivations.map((one) => ({ ...one, visibility: { ...one.visibility, ...visibility } }));
    const given = { ...spec, motivations };
    const arm = given.arms.find(({ name }) => name === 'merf') ?? assert.fail();
    const scorer = new Scorer(given, null);
    const policy = await Policy.open(await openModel(at('model')), given, 1, scorer);
    const { train: rows } = await loadTask(spec.task, at('letters.merf'));
    const found = await stepRollouts(policy, {
      spec: given,
      arm,
      seed: 1,
      step,
      steps: 10,
      rows,
      onProgress: () => {},
    });
    await policy.dispose();
    await scorer.end();
    return { ...found, arm };
  }

  it('read the motivation in part of a group, and share the prompts they have in common', async () => {
    const { groups } = await rolloutsOf((text) => text, { share: 0.5, update: 'without' });
    for (const group of groups) {
      assert.deepEqual(
        group.map(({ sample }) => sample),
        [0, 1, 2, 3],
      );
      assert.deepEqual(
        group.map(({ promptText }) => /letter e/.test(promptText)),
        [true, true, false, false],
      );
      assert.deepEqual(
        group.map(({ shownRules }) => shownRules),
        [['vowel', 'short'], ['vowel', 'short'], null, null],
      );
      // all are updated under the prompt that the last two read
      const plain = group[3]?.promptTokens;
      assert.ok(group.every(({ updatePrompt }) => JSON.stringify(updatePrompt) === JSON.stringify(plain)));
      assert.equal(group[3]?.updatePrompt, plain);
    }
  });

  it('read fewer and fewer of the rules where the motivation is graded, and none when it has decayed', async () => {
    const graded = await rolloutsOf((text) => text, { share: 'graded' });
    assert.deepEqual(
      graded.groups[0]?.map(({ shownRules }) => shownRules?.length ?? 0),
      [2, 1, 1, 0],
    );
    const [first, second] = graded.groups[0] ?? [];
    assert.ok(/Vowel/.test(second?.promptText ?? '') && !/Short/.test(second?.promptText ?? ''));
    assert.equal(first?.updatePrompt, first?.promptTokens);
    const decayed = await rolloutsOf((text) => text, { decay: { middle: 0.2, steepness: 125 } }, 9);
    assert.ok(decayed.groups.flat().every(({ promptText }) => !/letter e/.test(promptText)));
  });

  it('of groups that cannot teach are tried with other prompts, three times at the most', async () => {
    const never = (text: string) =>
      text
        .replace('clip 0.2  kl 0 ', 'zero_variance resample')
        .replace(/\+1 {2}when contains.*/, '')
        .replace('tokens < 6', 'tokens < 0');
    const none = await rolloutsOf(never);
    assert.deepEqual([none.groups.length, none.taught.length, none.rows.length], [16, 0, 16]);
    const some = await rolloutsOf((text) => text.replace('clip 0.2  kl 0 ', 'zero_variance resample'));
    assert.ok(some.taught.length <= 4 && some.groups.length >= some.taught.length);
    const objective = objectiveOf(some.arm.train);
    const known = (rollout: Rollout) => ({ old: rollout.logProbabilities, reference: null });
    const judged = judge(some.taught, objective, 12, known);
    assert.ok(judged.every((group) => group.some(({ advantages }) => advantages.some((a) => a !== 0))));
  });

  it('lose reward over the last tokens before the limit where the plan says so', () => {
    assert.deepEqual(
      [6, 8, 10, 12, 13].map((length) => overlongPenalty(length, 12, 4)),
      [0, 0, 0.5, 1, 1],
    );
    assert.equal(overlongPenalty(12, 12, 0), 0);
  });
});
