// Who of a group reads how much of the motivation: RuscaRL's equations at points worked out by hand, and their laws.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decayAt, showingRules, shownRules } from '../../src/motivation/visibility.ts';
import type { Motivation, Visibility } from '../../src/spec/specification.ts';

const ALL: Visibility = { share: 1, decay: null, update: 'with' };
const motivation = (visibility: Partial<Visibility>, rules = ['a', 'b', 'c', 'd']): Motivation => ({
  name: 'full',
  doc: '',
  template: [{ kind: 'rules' }],
  rules,
  inverted: false,
  shows: 'all',
  placement: 'template',
  visibility: { ...ALL, ...visibility },
  place: { line: 0, column: 0 },
});
const counts = (visibility: Partial<Visibility>, group: number, step = 1, steps = 100) =>
  shownRules(motivation(visibility), { step, steps }, group).map((rules) => rules?.length ?? 0);

describe('the visibility of a motivation', () => {
  it('is whole for everyone unless it says otherwise', () => {
    assert.deepEqual(counts({}, 3), [4, 4, 4]);
  });

  it('is whole for the first samples of a group, up to its share', () => {
    assert.deepEqual(counts({ share: 0.5 }, 4), [4, 4, 0, 0]);
    assert.deepEqual(counts({ share: 0.3 }, 4), [4, 0, 0, 0]);
    assert.deepEqual(counts({ share: 0 }, 2), [0, 0]);
  });

  it('of a text without rules is the text, or nothing', () => {
    const text = motivation({ share: 0.5 }, []);
    assert.deepEqual(shownRules(text, { step: 1, steps: 2 }, 2), [[], null]);
  });

  it('is graded from all rules to none', () => {
    assert.deepEqual(counts({ share: 'graded' }, 5), [4, 3, 2, 1, 0]);
    assert.deepEqual(counts({ share: 'graded' }, 2), [4, 0]);
    assert.deepEqual(counts({ share: 'graded' }, 1), [4]);
    assert.deepEqual(shownRules(motivation({ share: 'graded' }), { step: 1, steps: 9 }, 3)[1], ['a', 'b']);
  });

  it("decays by RuscaRL's sigmoid", () => {
    const decay = { middle: 0.2, steepness: 125 };
    assert.ok(Math.abs(decayAt({ decay }, { step: 20, steps: 100 }) - 0.5) < 1e-12);
    assert.ok(decayAt({ decay }, { step: 10, steps: 100 }) > 0.999);
    assert.ok(decayAt({ decay }, { step: 30, steps: 100 }) < 0.001);
    // λ = 1/(1 + e^(125 · 0.01)) = 0.2227: of 4 rules 0.89, 0.59, 0.3, 0
    assert.deepEqual(counts({ share: 'graded', decay }, 4, 21), [1, 1, 0, 0]);
    assert.deepEqual(counts({ decay }, 4, 21), [4, 0, 0, 0]);
    assert.deepEqual(counts({ decay }, 4, 90), [0, 0, 0, 0]);
  });

  it('never grows over the steps, nor from one sample to the next', () => {
    const visibility = fc.record({
      share: fc.oneof(fc.constant('graded' as const), fc.double({ min: 0, max: 1, noNaN: true })),
      decay: fc.option(fc.record({ middle: fc.double({ min: 0, max: 1, noNaN: true }), steepness: fc.nat(500) })),
    });
    fc.assert(
      fc.property(
        visibility,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (given, group, steps) => {
          let before = counts(given, group, 1, steps);
          for (let step = 1; step <= steps; step++) {
            const now = counts(given, group, step, steps);
            assert.ok(now.every((count, i) => count <= (before[i] ?? 0) && count <= (now[i - 1] ?? 4)));
            before = now;
          }
        },
      ),
    );
  });

  it('of no rule is a prompt without a motivation, of some the motivation of these alone', () => {
    const spec = { motivations: [motivation({})] };
    assert.deepEqual(showingRules(spec, 'full', null).choice, { motivation: null });
    assert.deepEqual(showingRules(spec, null, ['a']).choice, { motivation: null });
    assert.equal(showingRules(spec, 'full', ['a', 'b', 'c', 'd']).spec, spec);
    const some = showingRules(spec, 'full', ['a']);
    assert.deepEqual([some.choice, some.spec.motivations[0]?.rules], [{ motivation: 'full' }, ['a']]);
  });
});
