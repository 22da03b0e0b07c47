// A layout holds every row once, and a tile holds rows of one prompt.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arrange, pays } from '../../src/model/tiles.ts';

describe('tiles', () => {
  it('hold every row exactly once, beside rows of the same prompt', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 60 }), (prompts) => {
        const rows = prompts.map((prompt, i) => ({ row: i * 3, prompt }));
        const layout = arrange(rows);
        assert.equal(layout.rows.length, layout.prompts.length * layout.width);
        const placed = [...layout.rows].filter((row) => row >= 0);
        assert.deepEqual(
          placed.sort((a, b) => a - b),
          rows.map(({ row }) => row),
        );
        layout.rows.forEach((row, place) => {
          if (row >= 0) assert.equal(layout.prompts[Math.floor(place / layout.width)], prompts[row / 3]);
        });
      }),
    );
  });

  it('share a prompt among full groups, and give up the sharing when few rows are left', () => {
    const group = (prompt: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ row: prompt * 8 + i, prompt }));
    const full = arrange([0, 1, 2, 3].flatMap((prompt) => group(prompt, 8)));
    assert.deepEqual([full.width, full.prompts.length], [8, 4]);
    const uneven = arrange([...group(0, 8), ...group(1, 1), ...group(2, 1), ...group(3, 1)]);
    assert.ok(uneven.rows.length <= 16);
    assert.ok(pays(full, uneven));
    assert.ok(!pays(full, full));
  });
});
