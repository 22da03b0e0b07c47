// Sorting in pieces comes to what sorting at once does.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atOnce } from '../../src/run/columns/at_once.ts';
import { PIECE, stableOrder } from '../../src/run/rollouts/list_order.ts';

describe('the order of a list', () => {
  it('is that of the keys, equal ones as they stood', () => {
    const key = fc.constantFrom(-1, 0, 0.5, 3, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
        const wanted = keys.map((_, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
        assert.deepEqual([...atOnce(stableOrder(Float64Array.from(keys)))], wanted);
      }),
    );
  });

  it('lets others have their turn', () => {
    const keys = Float64Array.from({ length: 10 * PIECE }, (_, i) => (i * 7919) % 1013);
    const work = stableOrder(keys);
    let pieces = 0;
    while (!work.next().done) pieces++;
    assert.ok(pieces >= 10 * Math.floor(Math.log2(10 * PIECE)), `${pieces}`);
  });
});
