import assert from 'node:assert/strict';
import type { Watch } from '../../src/spec/specification.ts';
import { Watcher } from '../../src/training/watches/watch.ts';

function watch(change: Partial<Watch>): Watch {
  return {
    action: 'alert',
    metric: { kind: 'metric', name: 'kl' },
    comparison: '>',
    threshold: 1,
    forSteps: 1,
    afterStep: 0,
    text: 'kl > 1',
    place: { line: 0, column: 0 },
    ...change,
  };
}

/** Steps (from 1) at which the watch fires over these values of its metric. */
function fires(one: Watch, values: readonly (number | null)[], name = 'kl'): number[] {
  const watcher = new Watcher([one]);
  return values.flatMap((value, i) => {
    const fired = watcher.step({ step: i + 1, time: i, values: value === null ? {} : { [name]: value } });
    return fired.map(({ value: seen }) => {
      assert.equal(seen, value);
      return i + 1;
    });
  });
}

describe('a watch', () => {
  it('fires once when its condition begins to hold, and again only after it has failed', () => {
    assert.deepEqual(fires(watch({}), [0, 2, 2, 2, 0, 2]), [2, 6]);
  });

  it('waits until the condition has held for enough steps in a row', () => {
    assert.deepEqual(fires(watch({ forSteps: 3 }), [2, 2, 0, 2, 2, 2, 2]), [6]);
  });

  it('looks only after its step', () => {
    assert.deepEqual(fires(watch({ afterStep: 3 }), [2, 2, 2, 2]), [4]);
    assert.deepEqual(fires(watch({ afterStep: 2, forSteps: 2 }), [2, 2, 2, 2]), [4]);
  });

  it('compares as it is written', () => {
    const values = [0, 1, 2];
    assert.deepEqual(fires(watch({ comparison: '>' }), values), [3]);
    assert.deepEqual(fires(watch({ comparison: '>=' }), values), [2]);
    assert.deepEqual(fires(watch({ comparison: '<' }), values), [1]);
    assert.deepEqual(fires(watch({ comparison: '<=' }), values), [1]);
  });

  it('does not hold where the metric is missing', () => {
    assert.deepEqual(fires(watch({}), [2, null, 2]), [1, 3]);
    assert.deepEqual(fires(watch({ comparison: '<', forSteps: 2 }), [0, null, 0]), []);
  });

  it('reads share(rule) from the metric of that name', () => {
    const share = watch({ metric: { kind: 'share', rule: 'format' }, threshold: 0.7 });
    assert.deepEqual(fires(share, [0.6, 0.8], 'share/format'), [2]);
  });
});
