// One update of the policy, and what a step and an evaluation report of responses whose scores are known.

import assert from 'node:assert/strict';
import { copyWeights } from '../../src/model/stored.ts';
import { createScorer, createTrainer } from '../../src/model/trainer.ts';
import type { ObjectivePlan, Rule, Specification, TrainPlan } from '../../src/spec/specification.ts';
import { spread } from '../../src/training/advantages.ts';
import { summary } from '../../src/training/evaluate.ts';
import type { Judged, JudgedGroup } from '../../src/training/judge.ts';
import { Learner } from '../../src/training/learner.ts';
import { LOSS_INPUTS, policyLoss } from '../../src/training/loss.ts';
import type { Rollout } from '../../src/training/policy.ts';
import { stepMetrics, varianceShares } from '../../src/training/step_metrics.ts';
import { difference, smallModel } from '../model/small_model.ts';
import { flagship } from '../reward/knights_and_knaves.ts';
import { record } from '../run/runs.ts';

const plan: TrainPlan = { ...record().specification.train, objective: { kl: 0, clip: 0.2 }, temperature: 0.9 };

const withObjective = (objective: ObjectivePlan): TrainPlan => ({
  ...plan,
  objective: { ...plan.objective, ...objective },
});

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

/** The same rules, whose first cases ask for a column. */
function reading(rules: readonly Rule[], name: string): Rule[] {
  const when = { kind: 'isNone', operand: { kind: 'column', name } } as const;
  return rules.map((one) => ({ ...one, cases: one.cases.map((each, i) => (i === 0 ? { ...each, when } : each)) }));
}

const PROMPTS = [0, 1, 2].map((prompt) => [1, 2, 3 + prompt]);

function rollout(prompt: number, tokens: number[], format: 0 | 1 = 0, correctness: 0 | 1 = 0): Rollout {
  const scores = { format: format === 0 ? 1 : -1, correctness: correctness === 0 ? 2 : -2 };
  return {
    prompt,
    sample: 0,
    promptText: '',
    promptTokens: PROMPTS[prompt] ?? [],
    updatePrompt: PROMPTS[prompt] ?? [],
    shownRules: null,
    row: {},
    response: '',
    tokens,
    logProbabilities: tokens.map((_, i) => -2 - i / 10),
    entropies: tokens.map(() => 1.5),
    finishReason: tokens.at(-1) === 0 ? 'stop' : 'length',
    asked: {},
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

const judged = (one: Rollout, advantage: number, isMasked = false): Judged => ({
  rollout: one,
  reward: 0,
  advantages: one.tokens.map(() => advantage),
  isMasked,
});
const taught = [judged(rollout(0, [4, 5, 0]), 0.7), judged(rollout(0, [6, 6]), -0.7)];
const other = [judged(rollout(1, [9]), -1), judged(rollout(1, [8, 7, 3, 0]), 1)];
const silent = [judged(rollout(2, [1, 0]), 0), judged(rollout(2, [2, 2, 2]), 0)];

async function updated(given: TrainPlan, groups: readonly JudgedGroup[], steps = 1) {
  const model = smallModel(3);
  const before = copyWeights(model.weights);
  const learner = await Learner.open(model, { weights: before }, given, 1);
  const all = [];
  for (let i = 0; i < steps; i++) {
    const known = await learner.know(groups.flat().map((one) => one.rollout));
    all.push(await learner.update(groups, known, { learningRate: 1e-2, seed: 1 }));
  }
  await learner.dispose();
  return { before, weights: model.weights, metrics: all };
}
describe('a learner', () => {
  it('moves the weights as one batch of all tokens would, groups without advantage included', async () => {
    const { weights, metrics, before } = await updated(plan, [taught, silent, other]);
    const model = { config: smallModel(3).config, weights: copyWeights(before) };
    const loss = policyLoss({ ratio: 'token', clip: 0.2, clipHigh: 0.2, kl: 0, entropyBonus: 0 });
    const trainer = createTrainer(model, { loss, inputs: LOSS_INPUTS, temperature: 0.9, beta2: 0.95 });
    const groups = [taught, silent, other].map((group) => ({
      prompt: group[0]?.rollout.promptTokens ?? [],
      responses: group.map(({ rollout: { tokens, logProbabilities: old }, advantages }) => ({
        tokens,
        perToken: { old, reference: old, advantage: advantages },
        // 15 response tokens in the step
        perResponse: { weight: 1 / 15, inverse_length: 1 / tokens.length },
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
    assert.deepEqual([metrics[0]?.loss, metrics[0]?.entropy, metrics[0]?.updates], [0, 1.5, 0]);
    assert.ok(Number.isNaN(metrics[0]?.kl), 'no reference, no divergence');
  });

  it('is held back by the reference, also by groups without advantage', async () => {
    const free = await updated(plan, [taught, other], 6);
    const held = await updated(withObjective({ kl: 5 }), [taught, other], 6);
    assert.ok((held.metrics.at(-1)?.kl ?? 0) > 0);
    assert.ok(difference(held.weights, held.before) < difference(free.weights, free.before));
    assert.ok((await updated(withObjective({ kl: 5 }), [silent], 2)).metrics.every(({ kl }) => Math.abs(kl) < 1e-6));
  });
});

describe('an update', () => {
  it('has no part of a response that is masked', async () => {
    const masked = [judged(rollout(0, [4, 5, 0]), 0.7), judged(rollout(0, [6, 6]), -0.7, true)];
    const alone = [judged(rollout(0, [4, 5, 0]), 0.7)];
    const a = await updated(plan, [masked]);
    const b = await updated(plan, [alone]);
    assert.ok(difference(a.weights, a.before) > 1e-3);
    assert.equal(difference(a.weights, b.weights), 0);
  });

  it('is one of several where the plan says so, with ratios that leave 1', async () => {
    const once = await updated(plan, [taught, other]);
    const twice = await updated(withObjective({ updates: 2, miniBatches: 2 }), [taught, other]);
    assert.deepEqual([once.metrics[0]?.updates, twice.metrics[0]?.updates], [1, 4]);
    assert.notEqual(twice.metrics[0]?.ratio, once.metrics[0]?.ratio);
    const again = await updated(withObjective({ updates: 2, miniBatches: 2 }), [taught, other]);
    assert.equal(difference(twice.weights, again.weights), 0);
  });

  it('under another prompt starts at the probabilities under that prompt: ratio 1, and nothing to clip', async () => {
    const moved = taught.map((one) => ({ ...one, rollout: { ...one.rollout, updatePrompt: [7, 8] } }));
    const { metrics } = await updated(withObjective({ clip: 1e-4 }), [moved]);
    assert.ok(Math.abs((metrics[0]?.ratio ?? 0) - 1) < 1e-5, `${metrics[0]?.ratio}`);
    assert.deepEqual([metrics[0]?.clipLow, metrics[0]?.clipHigh], [0, 0]);
    // the same rollouts have other probabilities under the prompt they were not written under
    const here = await updated(withObjective({ clip: 1e-4 }), [taught]);
    assert.ok(Math.abs((here.metrics[0]?.ratio ?? 1) - 1) > 1e-3);
  });

  it('says how far its log-probabilities are from the sampler’s, token by token and as ratios of responses', async () => {
    const groups = [taught, other];
    const model = smallModel(3);
    const scorer = await createScorer({ config: model.config, weights: copyWeights(model.weights) });
    const asked = groups.map((group) => ({
      prompt: group[0]?.rollout.promptTokens ?? [],
      responses: group.map(({ rollout: { tokens } }) => ({ tokens })),
    }));
    const own = (await scorer.score(asked, plan.temperature)).flat();
    await scorer.dispose();
    const differences = groups.flat().map(({ rollout }, i) => {
      return rollout.logProbabilities.map((old, t) => (own[i]?.logProbabilities[t] ?? Number.NaN) - old);
    });
    const sizes = differences.flat().map(Math.abs);
    const ratios = differences.map((one) => Math.exp(one.reduce((sum, x) => sum + x, 0)));
    const expected = [spread(sizes).mean, Math.max(...sizes), Math.min(...ratios), spread(ratios).mean];
    // also where the batch is computed in parts, and where later updates have moved the policy
    const parts = { ...plan, optimizer: { ...plan.optimizer, microBatchTokens: 4 } };
    for (const given of [plan, parts, withObjective({ updates: 3 })]) {
      const { difference, ratio } = (await updated(given, groups)).metrics[0]?.agreement ?? assert.fail();
      const found = [difference.mean, difference.max, ratio.min, ratio.mean, ratio.max];
      [...expected, Math.max(...ratios)].forEach((value, i) => {
        assert.ok(Math.abs((found[i] ?? Number.NaN) - value) < 1e-4 * Math.abs(value), `${found} is not ${expected}`);
      });
    }
    // under another prompt there is nothing to compare
    const moved = other.map((one) => ({ ...one, rollout: { ...one.rollout, updatePrompt: [7, 8] } }));
    assert.equal((await updated(plan, [moved])).metrics[0]?.agreement, null);
    const some = (await updated(plan, [taught, moved])).metrics[0]?.agreement;
    const alone = (await updated(plan, [taught])).metrics[0]?.agreement;
    assert.ok(Math.abs((some?.difference.mean ?? 0) - (alone?.difference.mean ?? 1)) < 1e-5);
    assert.ok(Math.abs((some?.ratio.max ?? 0) - (alone?.ratio.max ?? 1)) < 1e-5);
  });

  it('keeps entropy up where it has a bonus', async () => {
    const entropyOf = async (entropyBonus: number) => {
      const { weights } = await updated(withObjective({ entropyBonus }), [silent], 20);
      const scorer = await createScorer({ config: smallModel(3).config, weights });
      const prompt = PROMPTS[2] ?? [];
      const [[one] = []] = await scorer.score([{ prompt, responses: [{ tokens: [2, 2, 2] }] }], 0.9);
      await scorer.dispose();
      return one?.entropies.reduce((sum, entropy) => sum + entropy, 0) ?? Number.NaN;
    };
    assert.ok((await entropyOf(1)) > (await entropyOf(0)) + 0.01);
  });
});

describe('what a step reports', () => {
  // group 0: format varies; group 1: correctness varies; group 2: nothing does
  const groups = [
    [rollout(0, [1, 0], 0, 0), rollout(0, [1, 1, 1], 1, 0)],
    [rollout(1, [0], 0, 0), rollout(1, [1, 1, 1, 0], 0, 1)],
    [rollout(2, [1, 1], 1, 1), rollout(2, [1, 0], 1, 1)],
  ];

  it('adds up by hand', () => {
    const update = {
      ...{ loss: -0.25, kl: 0.01, entropy: 1.5, gradientNorm: 2, ratio: 1, updates: 1 },
      ...{ clipLow: 0.1, clipHigh: 0.2, clipLowMin: 0, clipHighMax: 0.3 },
      agreement: { difference: { mean: 1e-6, max: 2e-6 }, ratio: { min: 0.9, mean: 1, max: 1.1 } },
    };
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
    assert.ok(Math.abs((values['clip_ratio/region_mean'] ?? 0) - 0.3) < 1e-12);
    assert.deepEqual([values.loss, values.kl, values.grad_norm, values.step_time], [-0.25, 0.01, 2, 3.2]);
    assert.equal(values['sampling/sampling_logp_difference/max'], 2e-6);
    assert.equal(values['sampling/importance_sampling_ratio/min'], 0.9);
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

  it('of held-out rows: full marks with their interval, each rule at its best, the best constant answer and chance', () => {
    const roles = ['knight', 'knave'];
    const rows = [
      { roles, names: ['A', 'B'], solution: { A: 'knight', B: 'knave' } },
      { roles, names: ['C', 'D'], solution: { C: 'knight', D: 'knave' } },
      { roles, names: ['E', 'F'], solution: { E: 'knave', F: 'knave' } },
      { roles, names: ['E', 'F'], solution: { E: 'knave', F: 'knave' } },
    ];
    const rollouts = [rollout(0, [0]), rollout(1, [0], 0, 1), rollout(2, [0], 1, 1), rollout(3, [0], 0, 0)];
    const { interval, ...rest } = summary({ ...flagship(), rules: reading(spec.rules, 'solution') }, rows, rollouts);
    assert.deepEqual(rest, {
      rows: 4,
      structures: 3,
      accuracy: 0.5,
      reward: (2 + 0 - 2 + 2) / 4,
      best: { format: 0.75, correctness: 0.5 },
      constant: 0.5,
      chance: 0.25,
    });
    // Wilson's interval of 2 in 4
    assert.ok(Math.abs(interval[0] - 0.15) < 1e-4 && Math.abs(interval[1] - 0.85) < 1e-4, interval.join());
  });
});
