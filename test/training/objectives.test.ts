// Every algorithm learns: on a task whose best answer is known (end at once: 1 point, less for every token more), each
// gets from a random model to nearly full marks, from either of two seeds. And what a step does with groups, masks and
// visibilities, on real rollouts.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadSpecification } from '../../src/cli/specification.ts';
import { openModel } from '../../src/model/folder.ts';
import { trainable } from '../../src/model/stored.ts';
import { createScorer } from '../../src/model/trainer.ts';
import { readRun } from '../../src/run/read.ts';
import { objectiveOf } from '../../src/spec/objective.ts';
import type { Algorithm, Visibility } from '../../src/spec/specification.ts';
import { loadTask } from '../../src/task/registry.ts';
import { spread } from '../../src/training/advantages.ts';
import { judge, overlongPenalty } from '../../src/training/judge.ts';
import { Learner } from '../../src/training/learner.ts';
import { motivationMetrics } from '../../src/training/motivation_metrics.ts';
import { inGroups, Policy, type Rollout } from '../../src/training/policy.ts';
import { stepRollouts } from '../../src/training/step_rollouts.ts';
import { Scorer } from '../../src/verify/scorer.ts';
import { difference } from '../model/small_model.ts';
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

/** Who reads the motivation, and under which prompt is learnt (RuscaRL): options of `full`, which the arm `merf` reads. */
const VISIBILITIES = {
  'a motivation that decays': 'decay at 50% steepness 20',
  'a motivation that half of a group reads': 'share 50%',
  'a motivation of which each of a group reads less': 'share graded',
  'updates without the motivation': 'update without',
  'a graded motivation that decays, and updates without it': 'share graded decay at 50% steepness 20 update without',
};

const SHORT = `rule short "Short" {
    + linear(tokens, 12 -> 0, 1 -> 1) otherwise : "the shorter the better"
  }
`;

/** Trains 60 steps to be short, with either seed; the mean reward must come near 1, the best there is. */
async function learnsToBeShort(folder: string, arm: 'rlvr' | 'merf', edit: (text: string) => string): Promise<void> {
  await letters(folder, (text) =>
    edit(text)
      .replace(/rule vowel[\s\S]*(?=\}\nmotivation)/, SHORT)
      .replace('clip 0.2  kl 0 ', '')
      .replace('prompts 4  group 4', 'prompts 4  group 8')
      .replace(/evaluate .*\n/, ''),
  );
  for (const seed of SEEDS) {
    const out = `run-${seed}`;
    const given = ['train', 'letters.merf', '--arm', arm, '--seed', `${seed}`, '--out', out, '--steps', '60'];
    const { code, stderr } = await merf(folder, ...given);
    assert.deepEqual([code, stderr], [0, '']);
    const lines = readRun(join(folder, out)).metrics;
    const rewards = lines.map(({ values }) => values.reward ?? Number.NaN);
    const after = spread(rewards.slice(-8)).mean;
    assert.ok(after > 0.9, `seed ${seed}: ${rewards.map((reward) => reward.toFixed(2)).join(' ')}`);
    // sampler and update see one policy
    for (const { values } of lines) {
      assert.ok((values['sampling/sampling_logp_difference/max'] ?? 0) < 1e-4);
      assert.ok(Math.abs((values['sampling/importance_sampling_ratio/mean'] ?? 1) - 1) < 1e-4);
    }
  }
}

describe('an algorithm that must learn', function () {
  this.timeout(300_000);
  const at = temporaryFolder();
  for (const [name, settings] of Object.entries(LEARNERS)) {
    it(`${name} reaches the best answer`, () =>
      learnsToBeShort(at(), 'rlvr', (text) => text.replace('algorithm grpo', settings)));
  }
  for (const [name, options] of Object.entries(VISIBILITIES)) {
    it(`${name}: grpo reaches the best answer`, () =>
      learnsToBeShort(at(), 'merf', (text) => text.replace('motivation full', `motivation full ${options}`)));
  }
});

/** A step's rollouts of the arm that reads the motivation, without a process around it. */
async function rolloutsIn(folder: string, edit: (text: string) => string, visibility: Partial<Visibility>, step = 1) {
  const spec = await loadSpecification(await letters(folder, edit));
  const motivations = spec.motivations.map((one) => ({ ...one, visibility: { ...one.visibility, ...visibility } }));
  const given = { ...spec, motivations };
  const arm = given.arms.find(({ name }) => name === 'merf') ?? assert.fail();
  const scorer = new Scorer(given, null);
  const policy = await Policy.open(await openModel(join(folder, 'model')), given, { threads: 1 }, scorer);
  const { train: rows } = await loadTask(spec.task, join(folder, 'letters.merf'));
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
  return { ...found, arm, motivation: motivations[0] };
}

describe('the rollouts of a step', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  const rolloutsOf = (edit: (text: string) => string, visibility: Partial<Visibility> = {}, step = 1) =>
    rolloutsIn(at(), edit, visibility, step);

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

describe('an update without the motivation', function () {
  this.timeout(60_000);
  const at = temporaryFolder();

  it('is the one of a policy that never read it: neither probability of the ratio knows the motivation', async () => {
    const edit = (text: string) => text.replace('kl 0 ', 'kl 0.1 updates 2 ');
    const { groups, arm, motivation } = await rolloutsIn(at(), edit, { update: 'without' });
    const rollouts = groups.flat();
    assert.ok(rollouts.every(({ promptTokens, updatePrompt }) => promptTokens.length > updatePrompt.length));

    // log π_old(o | q) of every token, q the prompt of an arm without any motivation
    const scorer = await createScorer(await openModel(at('model')));
    const asked = rollouts.map(({ updatePrompt, tokens }) => ({ prompt: updatePrompt, responses: [{ tokens }] }));
    const plain = (await scorer.score(asked, arm.train.temperature)).map(([one]) =>
      Array.from(one?.logProbabilities ?? []),
    );
    await scorer.dispose();

    /** The update's numbers and the weights after it, of these rollouts. */
    const learnt = async (all: readonly Rollout[]) => {
      const model = await openModel(at('model'));
      const weights = trainable(model.weights);
      const learner = await Learner.open({ ...model, weights }, model, arm.train, 1);
      const known = await learner.know(all);
      const judged = judge(inGroups(all), learner.objective, 12, known);
      const metrics = await learner.update(judged, known, { learningRate: 1e-2, seed: 1 });
      await learner.dispose();
      return { metrics, weights, known, lift: motivationMetrics(motivation, all, known)['motivation/lift'] };
    };
    const without = await learnt(rollouts);
    const never = rollouts.map((one, i) => ({
      ...one,
      promptTokens: one.updatePrompt,
      logProbabilities: plain[i] ?? [],
    }));
    const { weights, metrics } = await learnt(never);
    assert.ok(difference(without.weights, weights) < 1e-6, `${difference(without.weights, weights)}`);
    assert.ok(
      Math.abs(without.metrics.ratio - metrics.ratio) < 1e-6 && Math.abs(without.metrics.kl - metrics.kl) < 1e-6,
    );
    // nor has the reference read it: it begins as the policy
    for (const [i, rollout] of rollouts.entries()) {
      const { old, reference } = without.known(rollout);
      close(old, plain[i] ?? []);
      close(reference ?? [], plain[i] ?? []);
    }
    const differences = rollouts.flatMap(({ logProbabilities }, i) =>
      logProbabilities.map((own, t) => own - (plain[i]?.[t] ?? 0)),
    );
    assert.ok(Math.abs((without.lift ?? Number.NaN) - spread(differences).mean) < 1e-5);

    // with the probabilities under the motivation in the ratio it would be another update
    const corrected = await learnt(rollouts.map((one) => ({ ...one, promptTokens: one.updatePrompt })));
    assert.ok(difference(corrected.weights, weights) > 1e-3);
    assert.ok(Math.abs(corrected.metrics.ratio - metrics.ratio) > 1e-3);
  });
});

function close(found: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, t) => {
    assert.ok(Math.abs((found[t] ?? Number.NaN) - value) < 1e-5, `${found[t]} is not ${value}`);
  });
}
