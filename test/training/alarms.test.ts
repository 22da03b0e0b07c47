// Built-in watches: raised once per onset, with the responses that show it.

import assert from 'node:assert/strict';
import { ALARM_WORDS, alertText, evidenceFilter } from '../../src/run/alarm_words.ts';
import { parseFilter } from '../../src/run/filter/parse.ts';
import type { EvaluationLine } from '../../src/run/view.ts';
import type { Rule } from '../../src/spec/specification.ts';
import type { Rollout } from '../../src/training/policy.ts';
import { evidence } from '../../src/training/watches/alarm_evidence.ts';
import { AlarmBell, alarmsOf } from '../../src/training/watches/alarms.ts';
import { HELD_OUT_ALARMS, heldOutAlarmsAt } from '../../src/training/watches/held_out_alarms.ts';
import { correlation, repetition, responseSigns } from '../../src/training/watches/response_signs.ts';

const place = { line: 0, column: 0 };
const rule = (name: string): Rule => ({ name, title: name, doc: '', weight: 1, isMetric: false, cases: [], place });

/** `step name` of every alarm over the values of these steps. */
function rung(steps: readonly Record<string, number>[], rules = ['format']): string[] {
  const bell = new AlarmBell(alarmsOf({ rules: rules.map(rule) }));
  return steps.flatMap((values, i) =>
    bell
      .step({ step: i + 1, time: i, values })
      .map(({ alarm, level }) =>
        [
          i + 1,
          alarm.name,
          ...(alarm.rule === undefined ? [] : [alarm.rule]),
          ...(level === 'alarm' ? ['!'] : []),
        ].join(' '),
      ),
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
    assert.deepEqual(rung([...repeated(9, cut), {}, ...repeated(5, cut)]), ['5 truncated !', '15 truncated !']);
    assert.deepEqual(rung(repeated(9, { 'completions/clipped_ratio': 0.05 })), []);
  });

  it('warn first, and again when the sign becomes serious, and not when it falls back', () => {
    const [some, many] = [{ 'completions/clipped_ratio': 0.1 }, { 'completions/clipped_ratio': 0.3 }];
    const steps = [...repeated(6, some), ...repeated(6, many), ...repeated(6, some), ...repeated(6, many)];
    assert.deepEqual(rung(steps), ['5 truncated', '11 truncated !', '23 truncated !']);
  });

  it("compare entropy and length with the run's first steps", () => {
    const start = repeated(10, { entropy: 2, 'completions/mean_length': 100 });
    assert.deepEqual(rung([...start, ...repeated(6, { entropy: 0.9, 'completions/mean_length': 160 })]), [
      '15 entropy_collapse',
      '15 longer',
    ]);
    assert.deepEqual(rung([...start, ...repeated(6, { entropy: 1.1, 'completions/mean_length': 120 })]), []);
  });

  it('ring on a series that has the onset and not on one that has not', () => {
    const same = (values: Record<string, number>, count = 120) => repeated(count, values);
    const onsets: [string, Record<string, number>[], Record<string, number>[]][] = [
      ['kl', same({ kl: 0.6 }, 4), same({ kl: 0.4 }, 4)],
      ['clipping', same({ 'clip_ratio/region_mean': 0.3 }, 4), same({ 'clip_ratio/region_mean': 0.1 }, 4)],
      [
        'length_reward',
        same({ 'completions/reward_correlation': 0.7 }),
        same({ 'completions/reward_correlation': 0.5 }),
      ],
      ['empty', same({ 'completions/empty_ratio': 0.2 }), same({ 'completions/empty_ratio': 0.05 })],
      ['repetition', same({ 'completions/repetitive_ratio': 0.3 }), same({ 'completions/repetitive_ratio': 0.1 })],
      ['zero_variance', same({ frac_reward_zero_std: 0.6 }), same({ frac_reward_zero_std: 0.4 })],
      ['flat_reward', same({ reward_std: 0.005 }), same({ reward_std: 0.5 })],
      [
        'spread_spike',
        [...same({ reward_std: 0.2 }, 30), { reward_std: 0.6 }],
        [...same({ reward_std: 0.2 }, 30), { reward_std: 0.4 }],
      ],
      ['entropy_floor', same({ entropy: 0.05 }), same({ entropy: 0.3 })],
      ['kl_strangled', same({ kl: 1e-5 }), same({ kl: 1e-3 })],
      [
        'one_sided_clipping',
        same({ 'clip_ratio/low_mean': 0.02, 'clip_ratio/high_mean': 0.12 }),
        same({ 'clip_ratio/low_mean': 0.06, 'clip_ratio/high_mean': 0.08 }),
      ],
      ['mismatch', same({ ratio: 0.4 }), same({ ratio: 1 })],
      [
        'idle_steps',
        Array.from({ length: 60 }, (_, i) => ({ updates: i < 21 ? 1 : i % 2 })),
        Array.from({ length: 60 }, (_, i) => ({ updates: i % 4 === 0 ? 0 : 1 })),
      ],
      [
        'shorter',
        [...same({ 'completions/mean_length': 100 }, 10), ...same({ 'completions/mean_length': 40 }, 6)],
        same({ 'completions/mean_length': 100 }),
      ],
      [
        'dead format',
        same({ reward_std: 1, 'share/format': 0.01, 'share/answer': 0.5 }, 160),
        same({ reward_std: 1, 'share/format': 0.1, 'share/answer': 0.5 }, 160),
      ],
    ];
    for (const [name, has, hasNot] of onsets) {
      const times = (steps: Record<string, number>[]) =>
        rung(steps, ['format', 'answer']).filter((one) => one.endsWith(` ${name}`)).length;
      assert.deepEqual([times(has), times(hasNot)], [1, 0], name);
    }
    const known: string[] = alarmsOf({ rules: [rule('format'), rule('answer')] }).map(({ name }) => name);
    const elsewhere = ['truncated', 'entropy_collapse', 'longer', 'no_update', 'share', 'dead'];
    const tested = new Set([...onsets.map(([name]) => name), ...elsewhere]);
    assert.deepEqual(
      known.filter((name) => !tested.has(name)),
      [],
    );
  });

  it('over held-out evaluations ring when they fall behind, go the other way, or were better long ago', () => {
    const evaluation = (step: number, accuracy: number, reward = accuracy): EvaluationLine => ({
      ...{ kind: 'evaluation', step, time: step, prompt: 'none', rows: 100, structures: 100, accuracy, reward },
      ...{ interval: [accuracy - 0.1, accuracy + 0.1], best: {}, constant: null },
    });
    const trained = (accuracyAt: (step: number) => number) =>
      Array.from({ length: 100 }, (_, i) => ({
        ...{ step: i + 1, time: i },
        values: { accuracy: accuracyAt(i + 1), reward: accuracyAt(i + 1) },
      }));
    const over = (accuracies: readonly number[], accuracyAt: (step: number) => number) =>
      accuracies.flatMap((_, i) => {
        const some = accuracies.slice(0, i + 1).map((accuracy, at) => evaluation(10 * (at + 1), accuracy));
        return heldOutAlarmsAt(some, trained(accuracyAt), 100).map(
          ({ alarm, level }) => `${10 * (i + 1)} ${alarm.name}${level === 'alarm' ? ' !' : ''}`,
        );
      });
    const rising = (step: number) => step / 100;
    // as good as in training: nothing
    assert.deepEqual(over([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], rising), []);
    assert.deepEqual(over([0.1, 0.2, 0.2, 0.2, 0.25, 0.3, 0.35, 0.4], rising), [
      '40 held_out_gap',
      '70 held_out_gap !',
    ]);
    assert.deepEqual(over([0.6, 0.55, 0.5, 0.45, 0.4, 0.35], rising), [
      '50 plateau',
      '60 held_out_gap',
      '60 held_out_falls',
    ]);
  });

  it('say when one of several rules is all that is learnt, and not of a single one, nor of the widest', () => {
    const steps = repeated(31, { 'share/format': 0.95, 'share/answer': 0.05 });
    assert.deepEqual(rung(steps, ['format', 'answer']), ['30 share format !']);
    assert.deepEqual(rung(steps, ['format']), []);
    const scored = (name: string, best: number): Rule => ({
      ...rule(name),
      cases: [best, 0].map((value) => ({
        when: value === 0 ? null : { kind: 'isNone', operand: { kind: 'column', name: 'x' } },
        ...{ score: { kind: 'number', value }, text: null, place },
      })),
    });
    const watched = (rules: Rule[]) =>
      alarmsOf({ rules }).flatMap(({ name, rule }) => (name === 'share' ? [rule] : []));
    assert.deepEqual(watched([scored('format', 1), scored('answer', 2)]), ['format']);
    assert.deepEqual(watched([{ ...scored('format', 3), weight: 0.1 }, scored('answer', 2)]), ['format']);
  });

  it('each say in either language what is seen and where to look', () => {
    const names = Object.keys(ALARM_WORDS);
    const used = [...alarmsOf({ rules: [rule('format'), rule('answer')] }), ...HELD_OUT_ALARMS].map(({ name }) => name);
    assert.deepEqual([...new Set<string>(used)].sort(), names.sort());
    for (const alarm of names) {
      const alert = { kind: 'alert', step: 1, time: 1, watch: 'x > 1', value: 0.25, stops: false, alarm } as const;
      assert.match(alertText({ ...alert, rule: 'format' }, 'en'), /look/, alarm);
      assert.match(alertText({ ...alert, level: 'alarm' }, 'en'), /^Serious: /, alarm);
      assert.match(alertText({ ...alert, level: 'alarm' }, 'ja'), /^重大: .*(見て|考えて)ください。$/, alarm);
    }
    const unknown = { kind: 'alert', step: 1, time: 1, value: 2, stops: false, alarm: 'of another version' } as const;
    assert.equal(alertText({ ...unknown, watch: 'alert when kl > 1' }, 'ja'), 'kl > 1');
  });

  it('name the responses that show them as a filter of the rollouts', () => {
    const rollouts = [
      { prompt_index: 0, sample: 1 },
      { prompt_index: 3, sample: 0 },
    ];
    const filter = evidenceFilter({ rollouts });
    assert.equal(filter, '(prompt == 1 and sample == 2) or (prompt == 4 and sample == 1)');
    assert.ok(parseFilter(filter, { rules: [], captures: [], metrics: [] }).filter);
    assert.equal(evidenceFilter({}), '');
  });

  it('all show responses: those that an update pulls hardest where the update itself is the matter', () => {
    const surprised = (sample: number, total: number, logProbability: number): Rollout => ({
      ...rollout('a', [1, 2], 'stop', total),
      ...{ sample, logProbabilities: [logProbability, logProbability] },
    });
    const group = [surprised(0, 1, -0.1), surprised(1, 1, -3), surprised(2, 0, -2), surprised(3, 0, -1)];
    const shownBy = (name: string) => {
      const alarm = alarmsOf({ rules: [] }).find((one) => one.name === name) ?? assert.fail(name);
      return evidence(alarm, group).map(({ sample }) => sample);
    };
    assert.deepEqual(shownBy('clipping'), [1, 2, 3, 0]);
    assert.deepEqual(shownBy('one_sided_clipping'), [1, 2, 3, 0]);
    assert.deepEqual(shownBy('mismatch'), [2, 3]);
    assert.deepEqual(shownBy('kl_strangled'), [0, 1]);
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
