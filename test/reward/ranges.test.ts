import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scoreResponse } from '../../src/reward/score.ts';
import type { Expression } from '../../src/spec/expression.ts';
import { rewardRanges } from '../../src/spec/ranges.ts';
import type { Rule } from '../../src/spec/specification.ts';
import { call, flagship, number, one, rule } from './knights_and_knaves.ts';

const spec = flagship();

const tokens: Expression = { kind: 'builtin', name: 'tokens' };
const numbers = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ noNaN: true, min: -1e3, max: 1e3 }));

const { score: scores } = fc.letrec<{ score: Expression }>((tie) => {
  const part = tie('score');
  return {
    score: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      numbers.map(number),
      fc.constant(tokens),
      fc.constant<Expression>({ kind: 'rule', name: 'rule0' }),
      part.map((operand): Expression => ({ kind: 'negate', operand })),
      fc
        .tuple(fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const), part, part)
        .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right })),
      fc.tuple(part, part, part).map(([a, then, otherwise]): Expression => {
        const condition: Expression = { kind: 'binary', operator: '<', left: a, right: number(3) };
        return { kind: 'if', condition, then, otherwise };
      }),
      fc.tuple(fc.constantFrom('abs', 'round'), part).map(([name, x]) => call(name, x)),
      fc.tuple(part, fc.integer({ min: 0, max: 4 })).map(([x, digits]) => call('round', x, number(digits))),
      fc
        .tuple(fc.constantFrom('min', 'max'), fc.array(part, { minLength: 1, maxLength: 3 }))
        .map(([name, given]) => call(name, ...given)),
      fc.tuple(part, part, part).map((given) => call('clamp', ...given)),
      fc.tuple(part, part, part, part, part).map((given) => call('linear', ...given)),
      fc.tuple(part, numbers, numbers, numbers, numbers).map(([x, ...line]) => call('linear', x, ...line.map(number))),
    ),
  };
});

const rules = fc
  .array(fc.record({ scores: fc.array(scores, { maxLength: 3 }), weight: numbers, closed: fc.boolean() }))
  .map((drawn): Rule[] =>
    drawn.map(({ scores: each, weight, closed }, i) => {
      const cases = each.map((score, j) => {
        const when: Expression = { kind: 'binary', operator: '<', left: tokens, right: number(10 * j) };
        return one(closed && j === each.length - 1 ? null : when, score);
      });
      return rule(`rule${i}`, cases, weight);
    }),
  );

describe('the ranges', () => {
  it('of the flagship are those its motivation names', () => {
    assert.deepEqual(rewardRanges(spec), {
      rules: { format: { min: -1, max: 1 }, correctness: { min: -2, max: 2 } },
      total: { min: -3, max: 3 },
    });
  });

  it('hold every score and total, for any rules', () => {
    fc.assert(
      fc.property(rules, fc.option(fc.nat({ max: 5000 })), (drawn, count) => {
        const ranges = rewardRanges({ rules: drawn });
        const score = scoreResponse({ ...spec, rules: drawn }, {}, 'x', { tokens: count });
        for (const [name, { score: value }] of Object.entries(score.rules)) {
          const range = ranges.rules[name];
          assert.ok(range && value >= range.min && value <= range.max, `${name}: ${value}`);
        }
        assert.ok(score.total >= ranges.total.min && score.total <= ranges.total.max, `total: ${score.total}`);
      }),
      { numRuns: 3000 },
    );
  }).timeout(30_000);

  it('hold what an expression that overflows counts as', () => {
    const overflows: Expression = { kind: 'binary', operator: '/', left: number(-1), right: number(5e-324) };
    const itself: Expression = { kind: 'rule', name: 'a' };
    const score: Expression = { kind: 'binary', operator: '+', left: overflows, right: itself };
    const range = rewardRanges({ rules: [rule('a', [one(null, score)])] }).rules.a;
    assert.deepEqual(range, { min: -Infinity, max: Infinity });
  });

  it('follow the weight, also a negative one, and the first case that always holds', () => {
    const twice = rewardRanges({
      rules: [rule('a', [one(null, 2), one(null, 50)], -2), rule('b', [one(null, 1)], 0.5)],
    });
    assert.deepEqual(twice.total, { min: -3.5, max: -3.5 });
  });

  it('know the shape of a bonus for length', () => {
    const bonus = call('linear', tokens, number(512), number(0), number(256), number(1));
    assert.deepEqual(rewardRanges({ rules: [rule('short', [one(null, bonus)])] }).total, { min: 0, max: 1 });
  });
});
