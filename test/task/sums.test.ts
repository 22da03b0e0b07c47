// The built-in tasks `countdown` and `arithmetic`, and the function that judges the first.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countdownValue } from '../../src/reward/countdown.ts';
import { arithmeticRows } from '../../src/task/arithmetic.ts';
import { countdownRows } from '../../src/task/countdown.ts';
import { makeRows } from '../../src/task/registry.ts';

const seeds = fc.integer({ min: 0, max: 1e6 });

describe('countdown', () => {
  const options = { numbers: { from: 2, to: 5 }, largest: 100, train: 60, test: 12 };

  it('has rows whose solution uses each number once and comes to the target', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { train, test } = countdownRows({ ...options, seed });
        for (const { numbers, target, solution } of [...train, ...test]) {
          assert.equal(countdownValue(solution, numbers), target, solution);
          assert.ok(target >= 1 && target <= 100 && numbers.every((n) => n >= 1 && n <= 100));
        }
        assert.deepEqual([...new Set(train.map(({ numbers }) => numbers.length))].sort(), [2, 3, 4, 5]);
      }),
      { numRuns: 10 },
    );
  });

  it('has no row twice, and no test row of one seed among the train rows of another', () => {
    const key = ({ numbers, target }: { numbers: number[]; target: number }) =>
      `${[...numbers].sort((a, b) => a - b)} = ${target}`;
    const { train } = countdownRows({ ...options, train: 2000, seed: 1 });
    const { test } = countdownRows({ ...options, test: 500, seed: 2 });
    const trained = new Set(train.map(key));
    assert.equal(trained.size, 2000);
    assert.ok(test.every((row) => !trained.has(key(row))));
  });

  it('gives the same rows for a seed, and row i does not depend on how many follow', () => {
    const rows = countdownRows({ ...options, seed: 5 });
    assert.deepEqual(countdownRows({ ...options, train: 10, test: 3, seed: 5 }), {
      train: rows.train.slice(0, 10),
      test: rows.test.slice(0, 3),
    });
    assert.notDeepEqual(countdownRows({ ...options, seed: 6 }), rows);
  });

  it('says how to go on when there are no more', () => {
    const few = { numbers: { from: 2, to: 2 }, largest: 10, train: 1, test: 5000, seed: 1 };
    assert.throws(() => countdownRows(few), /no more new rows of 2 numbers for the test rows/);
  });
});

describe('countdown_value', () => {
  it('is exact, knows precedence and parentheses, and the usual signs', () => {
    for (const [text, numbers, value] of [
      ['8 / 3 * 3', [8, 3, 3], 8],
      ['1/3+1/3+1/3', [1, 1, 1, 3, 3, 3], 1],
      ['2 + 3 * 4', [2, 3, 4], 14],
      ['(2 + 3) * 4', [4, 3, 2], 20],
      ['10 − 2 − 3', [10, 2, 3], 5],
      ['-(2 - 9) × 3 ÷ 7', [2, 3, 7, 9], 3],
      ['1.5 * 2', [1.5, 2], 3],
      ['7 / 2', [2, 7], 3.5],
    ] as const) {
      assert.equal(countdownValue(text, numbers), value, text);
    }
  });

  it('is none where a number is missing, used twice or not given, and where the text is anything else', () => {
    for (const text of [
      '',
      '25',
      '25 + 3 + 3',
      '25 + 4',
      '25 3',
      '25 + + 3',
      '(25 + 3',
      '25 + 3)',
      '25 ** 3',
      '25 / (3 - 3)',
      '25 + 3 = 28',
      'eval(25 + 3)',
      '0x19 + 3',
      '25e0 + 3',
      '25 + 3; 1',
    ]) {
      assert.equal(countdownValue(text, [3, 25]), null, text);
    }
    assert.equal(countdownValue('3 / (3 - 3)', [3, 3, 3]), null);
  });

  it('answers on any text at once', () => {
    assert.equal(countdownValue(`${'('.repeat(400)}1${')'.repeat(400)}`, [1]), 1);
    assert.equal(countdownValue('-'.repeat(900), [1]), null);
    assert.equal(countdownValue('9 * '.repeat(1e6), [9]), null);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123 +-*/().') }), (text) => {
        const value = countdownValue(text, [1, 2, 3]);
        assert.ok(value === null || Number.isFinite(value));
      }),
    );
  });
});

describe('arithmetic', () => {
  const options = { operands: { from: 2, to: 4 }, digits: { from: 1, to: 2 }, operators: '+-*/', train: 80, test: 20 };

  it('has questions whose answer is theirs', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { train, test } = arithmeticRows({ ...options, seed });
        for (const { question, answer } of [...train, ...test]) {
          const numbers = question.match(/\d+/g) ?? [];
          assert.equal(countdownValue(question, numbers.map(Number)), answer, question);
          assert.ok(
            numbers.every((number) => number.length <= 2 && !number.startsWith('0')),
            question,
          );
        }
      }),
      { numRuns: 10 },
    );
  });

  it('asks no question twice, and none of the test rows of one seed in the train rows of another', () => {
    const asked = new Set(arithmeticRows({ ...options, train: 2000, seed: 1 }).train.map(({ question }) => question));
    assert.equal(asked.size, 2000);
    const { test } = arithmeticRows({ ...options, test: 500, seed: 2 });
    assert.ok(test.every(({ question }) => !asked.has(question)));
  });

  it('is made by its name, with the arguments that are written', () => {
    const { train } = makeRows({
      name: 'arithmetic',
      arguments: { operands: 2, digits: 1, operators: '*', train: 9, test: 1 },
    });
    assert.equal(train.length, 9);
    assert.ok(train.every(({ question }) => /^\d \* \d$/.test(String(question))));
    const arguments_ = { operators: '%' };
    assert.throws(() => makeRows({ name: 'arithmetic', arguments: arguments_ }), /operators cannot be "%"/);
  });
});
