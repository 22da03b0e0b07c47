// No case that is said to be unreachable ever fires, for any rules and responses.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scoreResponse } from '../../src/reward/score.ts';
import type { BinaryOperator, Expression } from '../../src/spec/expression.ts';
import { rewardRanges } from '../../src/spec/ranges.ts';
import { unreachableCases } from '../../src/spec/reachability.ts';
import type { Capture, Rule } from '../../src/spec/specification.ts';
import { call, capture, flagship, number, one, rule, text } from './knights_and_knaves.ts';

const place = { line: 0, column: 0 };
const captures: Capture[] = [
  {
    name: 'letter',
    extractor: { kind: 'choice', from: null, options: ['A', 'B', 'C'] },
    type: { kind: 'text' },
    place,
  },
  { name: 'last', extractor: { kind: 'last_number', from: null }, type: { kind: 'number' }, place },
  { name: 'sure', extractor: { kind: 'tag', from: null, tag: 'sure' }, type: { kind: 'bool' }, place },
];
const first = rule('first', [
  one({ kind: 'binary', operator: '>', left: capture('last'), right: number(2) }, 1),
  one({ kind: 'builtin', name: 'finished' }, -1),
]);

const binary = (left: Expression, operator: BinaryOperator, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});

function found(...cases: (Expression | null)[]): [number, boolean][] {
  const judged = rule(
    'judged',
    cases.map((when, i) => one(when, i)),
  );
  const ranges = new Map(Object.entries(rewardRanges({ rules: [first] }).rules));
  const known = { rules: new Map([['first', first]]), ranges, captures };
  return unreachableCases(judged, known).map(({ case: index, isNever }) => [index, isNever]);
}

const tokens: Expression = { kind: 'builtin', name: 'tokens' };
const letter = capture('letter');
const isNone = (operand: Expression): Expression => ({ kind: 'isNone', operand });
const not = (operand: Expression): Expression => ({ kind: 'not', operand });

describe('the reach of cases', () => {
  it('ends where a condition above takes all for which one holds', () => {
    assert.deepEqual(found(binary(tokens, '>', number(50)), binary(tokens, '>', number(100)), null), [[1, false]]);
    assert.deepEqual(found(binary(tokens, '>', number(100)), binary(tokens, '>', number(50)), null), []);
    assert.deepEqual(found(binary(number(50), '<=', tokens), binary(tokens, '==', number(50)), null), [[1, false]]);
    const between = binary(binary(tokens, '>=', number(10)), 'and', binary(tokens, '<', number(20)));
    assert.deepEqual(found(binary(tokens, '<', number(20)), between, null), [[1, false]]);
  });

  it('ends where a value is compared that is never there', () => {
    assert.deepEqual(found(binary(letter, '==', text('D')), null), [[0, true]]);
    assert.deepEqual(found(binary(letter, 'in', { kind: 'list', items: [text('D'), text('A')] }), null), []);
    assert.deepEqual(found(binary(tokens, '<', number(0)), null), [[0, true]]);
    assert.deepEqual(found(binary({ kind: 'rule', name: 'first' }, '==', number(2)), null), [[0, true]]);
    assert.deepEqual(found(binary({ kind: 'rule', name: 'first' }, '==', number(0)), null), []);
    assert.deepEqual(found(binary(call('repetition', number(3)), '>', number(1)), null), [[0, true]]);
  });

  it('counts what is not there: a case below all values is reached by none', () => {
    const values = ['A', 'B', 'C'].map((option) => binary(letter, '==', text(option)));
    assert.deepEqual(found(...values, null), []);
    assert.deepEqual(found(...values, binary(letter, '!=', text('A')), null), [[3, false]]);
    assert.deepEqual(found(isNone(letter), ...values, null), [[4, false]]);
    assert.deepEqual(found(isNone(letter), not(isNone(letter)), null), [[2, false]]);
    assert.deepEqual(found(capture('sure'), not(capture('sure')), null), []);
  });

  const { condition } = fc.letrec<{ condition: Expression }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc
        .tuple(
          fc.constantFrom<Expression>(
            tokens,
            capture('last'),
            { kind: 'rule', name: 'first' },
            call('abs', capture('last')),
          ),
          fc.constantFrom<BinaryOperator>('==', '!=', '<', '<=', '>', '>='),
          fc.integer({ min: -2, max: 4 }),
          fc.boolean(),
        )
        .map(([left, operator, right, turned]) =>
          turned ? binary(number(right), operator, left) : binary(left, operator, number(right)),
        ),
      fc
        .tuple(fc.constantFrom<BinaryOperator>('==', '!='), fc.constantFrom('A', 'B', 'C', 'D'))
        .map(([operator, option]) => binary(letter, operator, text(option))),
      fc
        .tuple(fc.constantFrom<BinaryOperator>('in', 'not in'), fc.subarray(['A', 'B', 'C', 'D']))
        .map(([operator, options]) => binary(letter, operator, { kind: 'list', items: options.map(text) })),
      fc.constantFrom<Expression>(
        capture('sure'),
        { kind: 'builtin', name: 'finished' },
        isNone(letter),
        isNone(tokens),
        isNone(capture('sure')),
        { kind: 'bool', value: true },
      ),
      fc
        .tuple(tie('condition'), fc.constantFrom<BinaryOperator>('and', 'or'), tie('condition'))
        .map(([left, operator, right]) => binary(left, operator, right)),
      tie('condition').map(not),
    ),
  }));
  const parts = fc.constantFrom('A', 'B', 'C', 'D', '-2', '0', '1', '2', '3.5', '<sure>yes</sure>', '<sure>no</sure>');
  const responses = fc.record({
    text: fc.array(parts, { maxLength: 3 }).map((some) => some.join(' ')),
    tokens: fc.option(fc.integer({ min: 0, max: 4 })),
    finished: fc.option(fc.boolean()),
  });

  it('is never ended too early', () => {
    let ended = 0;
    fc.assert(
      fc.property(
        fc.array(fc.option(condition, { freq: 8 }), { minLength: 1, maxLength: 5 }),
        fc.array(responses, { minLength: 5, maxLength: 20 }),
        (conditions, tried) => {
          const judged: Rule = rule(
            'judged',
            conditions.map((when, i) => one(when, i)),
          );
          const never = found(...conditions).map(([index]) => index);
          ended += never.length;
          for (const { text: response, tokens: count, finished } of tried) {
            const spec = { ...flagship(), captures, rules: [first, judged] };
            const fired = scoreResponse(spec, {}, response, { tokens: count, finished }).rules.judged?.case ?? -1;
            assert.ok(!never.includes(fired), `case ${fired} of ${JSON.stringify(response)}`);
          }
        },
      ),
      { numRuns: 800 },
    );
    assert.ok(ended > 200, 'some were found');
  }).timeout(60_000);
});
