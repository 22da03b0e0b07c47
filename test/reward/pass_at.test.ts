// pass@k against all ways of choosing k of n answers, and chance where what is possible can be read off the rows.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chanceBaseline } from '../../src/reward/accuracy.ts';
import { passAt, passAtOf } from '../../src/reward/pass_at.ts';
import type { Specification } from '../../src/spec/specification.ts';

/** Share of the subsets of k answers that hold a right one; the first `right` of them are. */
function byCounting(count: number, right: number, k: number): number {
  let [all, hits] = [0, 0];
  for (let chosen = 0; chosen < 2 ** count; chosen++) {
    const members = Array.from({ length: count }, (_, i) => i).filter((i) => (chosen >> i) & 1);
    if (members.length !== k) continue;
    all++;
    if (members.some((i) => i < right)) hits++;
  }
  return hits / all;
}

describe('pass@k', () => {
  it('is the share of choices of k answers that hold a right one', () => {
    const sizes = fc
      .integer({ min: 1, max: 9 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count }), fc.integer({ min: 1, max: count })),
      );
    fc.assert(
      fc.property(sizes, ([count, right, k]) => {
        assert.ok(Math.abs(passAtOf({ count, right }, k) - byCounting(count, right, k)) < 1e-12);
      }),
    );
  });

  it('of many problems is their mean, with an interval that narrows with their number; of one answer the accuracy', () => {
    const problems = [
      { count: 8, right: 0 },
      { count: 8, right: 4 },
      { count: 7, right: 7 },
    ];
    const found = passAt(problems, 8);
    assert.deepEqual(
      found.map(({ k }) => k),
      [1, 2, 4, 8],
    );
    assert.ok(Math.abs((found[0]?.share ?? 0) - 0.5) < 1e-12);
    // the problem with seven answers says nothing about eight
    assert.equal(found[3]?.share, 0.5);
    const many = passAt(Array.from({ length: 100 }, () => problems).flat(), 8);
    const width = (one: (typeof found)[number] | undefined) => (one ? one.interval[1] - one.interval[0] : 0);
    assert.ok(width(many[0]) < width(found[0]) / 5);
    // nothing right, or all, is not certainty
    assert.ok(width(passAt([{ count: 4, right: 0 }], 4)[2]) > 0.5);
    assert.deepEqual(passAt([], 4), []);
  });
});

describe('chance', () => {
  const place = { line: 0, column: 0 };
  const text = { kind: 'text' } as const;
  function asking(secret: Specification['task']['columns'][number]['type']): Specification['task'] {
    const columns = [
      { name: 'roles', type: { kind: 'list', of: text }, secret: false, doc: '' } as const,
      { name: 'answer', type: secret, secret: true, doc: '' },
    ];
    return { name: 'x', arguments: {}, source: null, columns };
  }
  const cases = [
    {
      score: { kind: 'number', value: 1 } as const,
      when: { kind: 'column', name: 'answer' } as const,
      text: null,
      place,
      scorePlace: place,
    },
  ];
  const rules = [{ name: 'right', title: '', doc: '', weight: 1, isMetric: false, cases, place }];
  const of = (type: Parameters<typeof asking>[0], row: Record<string, unknown>, options: string[] = []) => {
    const choice = { name: 'c', extractor: { kind: 'choice', from: null, options } as const, type: text, place };
    return chanceBaseline({ task: asking(type), captures: options.length > 0 ? [choice] : [], rules }, [row]);
  };

  it('is one in all that is possible, of a record once for each name', () => {
    const roles = ['knight', 'knave'];
    assert.equal(of({ kind: 'record', of: text }, { roles, answer: { A: 'knight', B: 'knave', C: 'knave' } }), 1 / 8);
    assert.equal(of({ kind: 'bool' }, { answer: true }), 1 / 2);
    assert.equal(of(text, { answer: 'blue' }, ['red', 'green', 'blue']), 1 / 3);
  });

  it('is not known where anything may be the answer', () => {
    assert.equal(of({ kind: 'number' }, { answer: 42, roles: ['a'] }), null);
  });
});
