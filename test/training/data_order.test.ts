import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rowsOfStep, samplingSeed } from '../../src/training/data_order.ts';

describe('the order of rows', () => {
  it('visits every row once in each epoch, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 25 }), (seed, prompts, rows) => {
        const steps = Math.ceil((3 * rows) / prompts);
        const seen = Array.from({ length: steps }, (_, i) => rowsOfStep(seed, i + 1, prompts, rows)).flat();
        for (let epoch = 0; epoch < 3; epoch++) {
          const visited = seen.slice(epoch * rows, (epoch + 1) * rows).sort((a, b) => a - b);
          assert.deepEqual(
            visited,
            Array.from({ length: rows }, (_, row) => row),
          );
        }
      }),
    );
  });

  it('depends on the seed, and is another in the next epoch', () => {
    assert.deepEqual(rowsOfStep(1, 1, 6, 6), rowsOfStep(1, 1, 6, 6));
    assert.notDeepEqual(rowsOfStep(1, 1, 20, 20), rowsOfStep(2, 1, 20, 20));
    assert.notDeepEqual(rowsOfStep(1, 1, 20, 20), rowsOfStep(1, 2, 20, 20));
  });

  it('gives every step sampling of its own, the same for the same seed', () => {
    const seeds = Array.from({ length: 100 }, (_, step) => samplingSeed(1, `step ${step}`));
    assert.equal(new Set(seeds).size, 100);
    assert.equal(samplingSeed(1, 'evaluation'), samplingSeed(1, 'evaluation'));
    assert.notEqual(samplingSeed(1, 'evaluation'), samplingSeed(2, 'evaluation'));
  });
});
