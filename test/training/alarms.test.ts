// Built-in watches: raised once per onset, with the responses that show it.

import assert from 'node:assert/strict';
import type { Rule } from '../../src/spec/specification.ts';
import { AlarmBell, alarmsOf, evidence } from '../../src/training/alarms.ts';
import type { Rollout } from '../../src/training/policy.ts';
import { correlation, repetition, responseSigns } from '../../src/training/response_signs.ts';

const place = { line: 0, column: 0 };
const rule = (name: string): Rule => ({ name, title: name, doc: '', weight: 1, isMetric: false, cases: [], place });

/** `step name` of every alarm over the values of these steps. */
function rung(steps: readonly Record<string, number>[], rules = ['format']): string[] {
  const bell = new AlarmBell(alarmsOf({ rules: rules.map(rule) }));
  return steps.flatMap((values, i) =>
    bell.step({ step: i + 1, time: i, values }).map(({ alarm }) => `${i + 1} ${alarm.name}`),
  );
}
const repeated = (count: number, values: Record<string, number>) => Array.from({ length: count }, () => values);

function rollout(response: string, tokens: number[], finishReason: 'stop' | 'length' = 'stop', total = 0): Rollout {
  return {
    ...{ prompt: 0, sample: tokens.length, promptText: '', promptTokens: [], updatePrompt: [], shownRules: null },
    ...{ row: {}, response, tokens, logProbabilities: [], entropies: tokens.map(() => 1), finishReason },
    score: { total, rules: {}, captures: {}, invalid: null },
    asked: {},
  };
}

describe('built-in watches', () => {
  it('ring once when a sign has held long enough, and again only after it was gone', () => {
    const cut = { 'completions/clipped_ratio': 0.2 };
    assert.deepEqual(rung([...repeated(9, cut), {}, ...repeated(5, cut)]), ['5 truncated', '15 truncated']);
    assert.deepEqual(rung(repeated(9, { 'completions/clipped_ratio': 0.15 })), []);
  });

  it("compare entropy and length with the run's first steps", () => {
    const start = repeated(10, { entropy: 2, 'completions/mean_length': 100 });
    assert.deepEqual(rung([...start, ...repeated(6, { entropy: 0.9, 'completions/mean_length': 160 })]), [
      '15 entropy_collapse',
      '15 longer',
    ]);
    assert.deepEqual(rung([...start, ...repeated(6, { entropy: 1.1, 'completions/mean_length': 120 })]), []);
  });

  it('say when one of several rules is all that is learnt, and not of a single one', () => {
    const steps = repeated(31, { 'share/format': 0.95, 'share/answer': 0.05 });
    assert.deepEqual(rung(steps, ['format', 'answer']), ['30 share_format']);
    assert.deepEqual(rung(steps, ['format']), []);
  });

  it('say when nothing was learnt', () => {
    assert.deepEqual(rung([{ updates: 1 }, { updates: 0 }, { updates: 0 }, { updates: 0 }]), ['4 no_update']);
  });

  it('show the responses they are about, the clearest first', () => {
    const cut = alarmsOf({ rules: [] }).find(({ name }) => name === 'truncated') ?? assert.fail();
    const rollouts = [rollout('a', [1]), rollout('b', [1, 2], 'length'), rollout('c', [1, 2, 3], 'length')];
    assert.deepEqual(
      evidence(cut, rollouts).map(({ response }) => response),
      ['c', 'b'],
    );
    assert.match(cut.says(0.25), /25\.0% of the responses are cut .*: look whether/);
  });
});

describe('signs in responses', () => {
  it('find repetition by what was said before', () => {
    assert.equal(repetition([1, 2, 3, 4, 5, 6]), 0);
    assert.equal(repetition([]), 0);
    // nine 4-grams, all the same
    assert.ok(Math.abs(repetition(Array(12).fill(7)) - 8 / 9) < 1e-12);
  });

  it('measure whether longer ones earn more', () => {
    assert.ok(Math.abs(correlation([1, 2, 3], [2, 4, 6]) - 1) < 1e-12);
    assert.ok(Math.abs(correlation([1, 2, 3], [1, 0, -1]) + 1) < 1e-12);
    assert.equal(correlation([1, 1], [0, 5]), 0);
    const signs = responseSigns([rollout(' \n', [1], 'stop', 0), rollout('x', Array(12).fill(7), 'stop', 1)]);
    assert.deepEqual([signs['completions/empty_ratio'], signs['completions/repetitive_ratio']], [0.5, 0.5]);
    assert.ok(Math.abs((signs['completions/reward_correlation'] ?? 0) - 1) < 1e-12);
  });
});
