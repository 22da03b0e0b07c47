// Advantages against TRL's (fixtures/trl_grpo.json), verl's whitening worked out by hand, and the laws they follow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { advantagesOf, groupAdvantages, type Rewarded, spread } from '../../src/training/advantages.ts';

const Fixtures = z.object({
  advantages: z.object({
    rewards: z.array(z.array(z.number())),
    group: z.array(z.number()),
    batch: z.array(z.number()),
    none: z.array(z.number()),
  }),
});
const path = new URL('./fixtures/trl_grpo.json', import.meta.url);
const { advantages: fixtures } = Fixtures.parse(JSON.parse(readFileSync(path, 'utf8')));

function close(actual: readonly number[], expected: readonly number[], tolerance = 1e-9): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs((actual[i] ?? Number.NaN) - value) <= tolerance, `[${i}]: ${actual[i]} is not ${value}`);
  });
}

const one = (reward: number, length = 1): Rewarded => ({ reward, length });
/** The first token's advantage of every response. */
const first = (groups: number[][], kind: Parameters<typeof advantagesOf>[1]) =>
  advantagesOf(
    groups.map((group) => group.map((reward) => one(reward))),
    kind,
  )
    .flat()
    .map((tokens) => tokens[0] ?? Number.NaN);

describe('advantages', () => {
  it("are TRL's, scaled by the group, by the batch, or not at all", () => {
    const { rewards, group, batch, none } = fixtures;
    close(first(rewards, 'group'), group, 1e-7);
    close(first(rewards, 'batch'), batch, 1e-7);
    close(first(rewards, 'centered'), none, 1e-7);
  });

  it('compare with the others of the group, when one is left out', () => {
    // r₀ − mean(0, 5) = 1 − 2.5, …
    close(first([[1, 0, 5]], 'leave_one_out'), [1 - 2.5, 0 - 3, 5 - 0.5]);
    close(first([[4]], 'leave_one_out'), [0]);
  });

  it('are the same for every token of a response', () => {
    const [[a = [], b = []] = []] = advantagesOf([[one(1, 3), one(0, 2)]], 'centered');
    assert.deepEqual(
      [a, b],
      [
        [0.5, 0.5, 0.5],
        [-0.5, -0.5],
      ],
    );
  });

  it('are whitened over the tokens of the batch, not over the responses', () => {
    // returns 1, 1, 1 and 0: mean 3/4, unbiased variance (3·1/16 + 9/16)/3 = 1/4
    const [[a = []] = [], [b = []] = []] = advantagesOf([[one(1, 3)], [one(0, 1)]], 'whitened');
    close([...a, ...b], [0.5, 0.5, 0.5, -1.5], 1e-7);
    assert.deepEqual(advantagesOf([[one(2, 2), one(2, 1)]], 'whitened'), [[[0, 0], [0]]]);
  });

  it('add up the rewards of single tokens from each token on, when they are whitened', () => {
    const rewarded: Rewarded = { reward: 1, length: 2, perToken: [-0.5, -0.25] };
    // returns 1 − 0.75 and 1 − 0.25; of the other 0 and 0
    const returns = [0.25, 0.75, 0, 0];
    const { mean, deviation } = spread(returns);
    const expected = returns.map((value) => (value - mean) / Math.sqrt(deviation ** 2 + 1e-8));
    close(advantagesOf([[rewarded, one(0, 2)]], 'whitened').flat(2), expected);
    // in all others the whole response is less worth
    close(advantagesOf([[rewarded, one(0, 2)]], 'centered').flat(2), [0.125, 0.125, -0.125, -0.125]);
  });

  it('are none where all rewards of a group are equal, also when their sum rounds', () => {
    assert.deepEqual(groupAdvantages([0.1, 0.1, 0.1]), [0, 0, 0]);
    assert.deepEqual(groupAdvantages(Array(7).fill(-1.1)), Array(7).fill(0));
    assert.deepEqual(groupAdvantages([3]), [0]);
    assert.deepEqual(groupAdvantages([]), []);
    for (const kind of ['group', 'centered', 'batch', 'leave_one_out'] as const) {
      assert.deepEqual(first([Array(7).fill(-1.1), [0, 3]], kind).slice(0, 7), Array(7).fill(0), kind);
    }
  });

  it('have mean zero and unit variance, and do not change when rewards are moved or stretched', () => {
    const rewards = [3, -0.5, -3, -3, -1, 3, -0.5, -0.5];
    const advantages = groupAdvantages(rewards);
    const mean = advantages.reduce((sum, a) => sum + a, 0) / 8;
    const variance = advantages.reduce((sum, a) => sum + a * a, 0) / 7;
    close([mean, variance], [0, 1], 2e-4);
    close(groupAdvantages(rewards.map((reward) => 100 * reward - 7)), advantages, 3e-4);
  });

  it('add up to nothing in each group, unless they are whitened', () => {
    for (const kind of ['group', 'centered', 'batch', 'leave_one_out'] as const) {
      const sum = first([[3, -0.5, -3, 1]], kind).reduce((total, a) => total + a, 0);
      assert.ok(Math.abs(sum) < 1e-12, kind);
    }
  });
});
