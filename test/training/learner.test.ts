// One update of the policy, and what a step and an evaluation report of responses whose scores are known.

import assert from 'node:assert/strict';
import { createTrainer } from '../../src/model/trainer.ts';
import { copyWeights, type Weights } from '../../src/model/weights.ts';
import type { Rule, Specification, TrainPlan } from '../../src/spec/specification.ts';
import { summary } from '../../src/training/evaluate.ts';
import { Learner } from '../../src/training/learner.ts';
import { LOSS_INPUTS, policyLoss } from '../../src/training/loss.ts';
import type { Rollout } from '../../src/training/policy.ts';
import { stepMetrics, varianceShares } from '../../src/training/step_metrics.ts';
import { smallModel } from '../model/small_model.ts';
import { record } from '../run/runs.ts';

const plan: TrainPlan = { ...record().specification.train, kl: 0, clip: 0.2, temperature: 0.9 };

const place = { line: 0, column: 0 };
const rule = (name: string, weight: number, scores: number[]): Rule => ({
  name,
  title: name,
  doc: '',
  weight,
  isMetric: false,
  place,
  cases: scores.map((value) => ({ when: null, score: { kind: 'number', value }, text: null, place })),
});
/** Format +1 or −1; correctness +2 or −2 with weight 0.5. */
const spec: Pick<Specification, 'rules'> = {
  rules: [rule('format', 1, [1, -1]), rule('correctness', 0.5, [2, -2])],
};

function rollout(prompt: number, tokens: number[], format: 0 | 1 = 0, correctness: 0 | 1 = 0): Rollout {
  const scores = { format: format === 0 ? 1 : -1, correctness: correctness === 0 ? 2 : -2 };
  return {
    prompt,
    sample: 0,
    promptText: '',
    promptTokens: [1, 2, 3 + prompt],
    row: {},
    response: '',
    tokens,
    logProbabilities: tokens.map((_, i) => -2 - i / 10),
    entropies: tokens.map(() => 1.5),
    finishReason: tokens.at(-1) === 0 ? 'stop' : 'length',
    score: {
      captures: {},
      rules: {
        format: { case: format, score: scores.format, weight: 1 },
        correctness: { case: correctness, score: scores.correctness, weight: 0.5 },
      },
      total: scores.format + scores.correctness / 2,
      invalid: null,
    },
  };
}

const taught = { rollouts: [rollout(0, [4, 5, 0]), rollout(0, [6, 6])], advantages: [0.7, -0.7] };
const other = { rollouts: [rollout(1, [9]), rollout(1, [8, 7, 3, 0])], advantages: [-1, 1] };
const silent = { rollouts: [rollout(2, [1, 0]), rollout(2, [2, 2, 2])], advantages: [0, 0] };

function difference(a: Weights, b: Weights): number {
  return Math.max(
    ...[...a].map(([name, { data }]) =>
      data.reduce((most, x, i) => Math.max(most, Math.abs(x - (b.get(name)?.data[i] ?? NaN))), 0),
    ),
  );
}

async function updated(given: TrainPlan, groups: Parameters<Learner['update']>[0], steps = 1) {
  const model = smallModel(3);
  const before = copyWeights(model.weights);
  const learner = await Learner.open(model, { weights: before }, given, 1);
  const all = [];
  for (let i = 0; i < steps; i++) all.push(await learner.update(groups, 1e-2));
  await learner.dispose();
  return { before, weights: model.weights, metrics: all };
}
describe('a learner', () => {
  it('moves the weights as one batch of all tokens would, groups without advantage included', async () => {
    const { weights, metrics, before } = await updated(plan, [taught, silent, other]);
    const model = { config: smallModel(3).config, weights: copyWeights(before) };
    const loss = policyLoss({ clipLow: 0.2, clipHigh: 0.2, kl: 0 });
    const trainer = createTrainer(model, { loss, inputs: LOSS_INPUTS, temperature: 0.9, beta2: 0.95 });
    const groups = [taught, silent, other].map(({ rollouts, advantages }) => ({
      prompt: rollouts[0]?.promptTokens ?? [],
      responses: rollouts.map(({ tokens, logProbabilities }, i) => ({
        tokens,
        perToken: { old: logProbabilities, reference: logProbabilities },
        // 15 response tokens in the step
        perResponse: { advantage: advantages[i] ?? 0, weight: 1 / 15 },
      })),
    }));
    const expected = await trainer.update(groups, 1e-2);
    await trainer.dispose();
    assert.ok(difference(weights, before) > 1e-3);
    assert.ok(difference(weights, model.weights) < 1e-5, `${difference(weights, model.weights)}`);
    assert.ok(Math.abs((metrics[0]?.loss ?? 0) - (expected.loss ?? 1)) < 1e-5);
    assert.ok(Math.abs((metrics[0]?.gradientNorm ?? 0) - (expected.gradient_norm ?? 1)) < 1e-4);
  });

  it('leaves the weights alone when no group has an advantage', async () => {
    const { weights, before, metrics } = await updated(plan, [silent]);
    assert.equal(difference(weights, before), 0);
    assert.deepEqual(metrics, [{ loss: 0, kl: 0, entropy: 1.5, clipRatio: 0, gradientNorm: 0 }]);
  });

  it('is held back by the reference, also by groups without advantage', async () => {
    const free = await updated(plan, [taught, other], 6);
    const held = await updated({ ...plan, kl: 5 }, [taught, other], 6);
    assert.ok((held.metrics.at(-1)?.kl ?? 0) > 0);
    assert.ok(difference(held.weights, held.before) < difference(free.weights, free.before));
    assert.ok((await updated({ ...plan, kl: 5 }, [silent], 2)).metrics.every(({ kl }) => Math.abs(kl) < 1e-6));
  });
});

describe('what a step reports', () => {
  // group 0: format varies; group 1: correctness varies; group 2: nothing does
  const groups = [
    { rollouts: [rollout(0, [1, 0], 0, 0), rollout(0, [1, 1, 1], 1, 0)], advantages: [1, -1] },
    { rollouts: [rollout(1, [0], 0, 0), rollout(1, [1, 1, 1, 0], 0, 1)], advantages: [1, -1] },
    { rollouts: [rollout(2, [1, 1], 1, 1), rollout(2, [1, 0], 1, 1)], advantages: [0, 0] },
  ];

  it('adds up by hand', () => {
    const update = { loss: -0.25, kl: 0.01, entropy: 1.5, clipRatio: 0, gradientNorm: 2 };
    const times = { generation: 1, reward: 0.1, update: 2, step: 3.2 };
    const values = stepMetrics(spec, groups, update, times, { step: 1, learningRate: 1e-3, tokensBefore: 1000 });
    // totals: 2, 0 | 2, 0 | −2, −2
    assert.equal(values.reward, 0);
    assert.equal(values.reward_std, (Math.SQRT2 + Math.SQRT2 + 0) / 3);
    assert.equal(values.accuracy, 2 / 6);
    assert.equal(values.frac_reward_zero_std, 1 / 3);
    assert.equal(values['rewards/format/mean'], 0);
    assert.equal(values['rewards/correctness/mean'], 0);
    assert.ok(Math.abs((values['rewards/format/std'] ?? 0) - Math.sqrt(6 / 5)) < 1e-12);
    assert.deepEqual([values['cases/format/0'], values['cases/correctness/1']], [1 / 2, 1 / 2]);
    assert.equal(values['completions/mean_length'], 14 / 6);
    assert.deepEqual([values['completions/min_length'], values['completions/max_length']], [1, 4]);
    assert.equal(values['completions/mean_terminated_length'], (2 + 1 + 4 + 2) / 4);
    assert.equal(values['completions/clipped_ratio'], 2 / 6);
    // three prompts of three tokens, fourteen tokens in responses
    assert.equal(values.num_tokens, 1000 + 9 + 14);
    assert.deepEqual([values.loss, values.kl, values.grad_norm, values.step_time], [-0.25, 0.01, 2, 3.2]);
  });

  it('gives each rule its part of the variance inside the groups, weights included', () => {
    // format: var {1, −1} = 2; correctness: var {1, −1} = 2 after its weight of 0.5
    assert.deepEqual(
      [...varianceShares(spec, groups)],
      [
        ['format', 0.5],
        ['correctness', 0.5],
      ],
    );
    assert.deepEqual(
      [...varianceShares(spec, groups.slice(0, 1))],
      [
        ['format', 1],
        ['correctness', 0],
      ],
    );
    assert.deepEqual(
      [...varianceShares(spec, groups.slice(2))],
      [
        ['format', 0],
        ['correctness', 0],
      ],
    );
  });

  it('of held-out rows: full marks with their interval, each rule at its best, and the best constant answer', () => {
    const rows = [
      { names: ['A', 'B'], solution: { A: 'knight', B: 'knave' } },
      { names: ['C', 'D'], solution: { C: 'knight', D: 'knave' } },
      { names: ['E', 'F'], solution: { E: 'knave', F: 'knave' } },
      { names: ['E', 'F'], solution: { E: 'knave', F: 'knave' } },
    ];
    const rollouts = [rollout(0, [0]), rollout(1, [0], 0, 1), rollout(2, [0], 1, 1), rollout(3, [0], 0, 0)];
    const { interval, ...rest } = summary(spec, rows, rollouts);
    assert.deepEqual(rest, {
      rows: 4,
      structures: 3,
      accuracy: 0.5,
      reward: (2 + 0 - 2 + 2) / 4,
      best: { format: 0.75, correctness: 0.5 },
      constant: 0.5,
    });
    // Wilson's interval of 2 in 4
    assert.ok(Math.abs(interval[0] - 0.15) < 1e-4 && Math.abs(interval[1] - 0.85) < 1e-4, interval.join());
  });
});
