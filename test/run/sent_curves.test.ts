// Curves as a panel is sent them: what is left out changes neither the raw line's extremes nor the smoothed line.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MOST_POINTS, reduced } from '../../src/run/metrics/reduced.ts';
import { sentCurves } from '../../src/run/metrics/sent_curves.ts';
import type { Series } from '../../src/run/metrics/series.ts';
import { smooth } from '../../src/run/metrics/smooth.ts';

const seriesOf = (values: number[]): Series => ({
  step: values.map((_, i) => i + 1),
  time: values.map((_, i) => 2 * i),
  values,
});
const metricsOf = (all: Record<string, number[]>) => ({ series: (name: string) => seriesOf(all[name] ?? []) });

describe('curves as they are sent', () => {
  it('is smoothed before it is reduced, and keeps the extremes of both lines', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 0.05, max: 0.99 }),
        fc.integer({ min: 1, max: 90 }),
        (weight, period) => {
          const values = Array.from({ length: 7000 }, (_, i) => Math.sin(i / period) + (i === 4321 ? 5 : 0));
          const sent = sentCurves('/a', metricsOf({ one: values }), ['one'], { range: null, smoothing: weight });
          const [curve] = sent.curves;
          const steps = sent.places[curve?.at ?? -1]?.step ?? [];
          const smoothed = smooth(values, weight);
          assert.equal(curve?.count, 7000);
          assert.ok(steps.length <= 2 * MOST_POINTS);
          assert.deepEqual(
            curve.smoothed,
            steps.map((step) => smoothed[step - 1]),
          );
          assert.deepEqual(
            curve.values,
            steps.map((step) => values[step - 1]),
          );
          const there = new Set(steps.map((step) => step - 1));
          for (const line of [values, smoothed]) assert.ok(reduced(line).every((place) => there.has(place)));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('has every point of a part, and places once for metrics that share them', () => {
    const values = Array.from({ length: 9000 }, (_, i) => i % 7);
    const both = metricsOf({
      one: values,
      two: values.map((value) => -value),
      num_tokens: values.map((_, i) => 10 * i),
    });
    const { places, curves } = sentCurves('/a', both, ['one', 'two', 'three'], { range: [500, 700], smoothing: 0 });
    assert.equal(places.length, 1);
    assert.deepEqual(
      places[0]?.step,
      Array.from({ length: 201 }, (_, i) => 500 + i),
    );
    assert.equal(places[0]?.tokens[3], 5020);
    assert.deepEqual(
      curves.map(({ name, at, smoothed }) => [name, at, smoothed]),
      [
        ['one', 0, null],
        ['two', 0, null],
      ],
    );
    const outside = sentCurves('/a', both, ['one'], { range: [10_000, 20_000], smoothing: 0 });
    assert.deepEqual(outside.curves[0]?.values, []);
  });
});
