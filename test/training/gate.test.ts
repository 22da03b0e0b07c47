// A stage's gate over the metrics of its last steps.

import assert from 'node:assert/strict';
import type { MetricsLine } from '../../src/run/format.ts';
import type { Gate } from '../../src/spec/specification.ts';
import { lookAtGate, whyClosed } from '../../src/training/watches/gate.ts';

const gate = (change: Partial<Gate> = {}): Gate => ({
  metric: { kind: 'metric', name: 'accuracy' },
  comparison: '>',
  threshold: 0.05,
  forSteps: 3,
  text: 'pass when accuracy > 5% for 3 steps',
  place: { line: 0, column: 0 },
  ...change,
});
const lines = (...accuracies: (number | null)[]): MetricsLine[] =>
  accuracies.map((accuracy, i) => {
    const values: MetricsLine['values'] = accuracy === null ? {} : { accuracy };
    return { step: i + 1, time: i, values };
  });
const isOpen = (one: Gate, ...values: (number | null)[]) => lookAtGate([one], lines(...values)).open;

describe('a gate', () => {
  it('is open when its condition holds in every one of the last steps, whatever was before', () => {
    assert.equal(isOpen(gate(), 0, 0.06, 0.07, 0.08), true);
    assert.equal(isOpen(gate(), 0.9, 0.06, 0.05, 0.08), false);
    assert.equal(isOpen(gate({ forSteps: 1 }), 0, 0, 0.06), true);
  });

  it('is closed when there were fewer steps, or the metric was not measured', () => {
    assert.equal(isOpen(gate(), 0.5, 0.5), false);
    assert.equal(isOpen(gate(), 0.5, null, 0.5), false);
    assert.equal(isOpen(gate()), false);
  });

  it('needs all of its conditions, and is open where it has none', () => {
    const both = [gate(), gate({ comparison: '<', threshold: 0.5, forSteps: 1, text: 'pass when accuracy < 50%' })];
    assert.equal(lookAtGate(both, lines(0.1, 0.1, 0.1)).open, true);
    assert.equal(lookAtGate(both, lines(0.1, 0.1, 0.6)).open, false);
    assert.equal(lookAtGate([], []).open, true);
  });

  it('says which conditions failed, with what was measured', () => {
    const found = lookAtGate([gate(), gate({ threshold: 0 })], lines(0.01, 0.02, 0.5));
    assert.equal(whyClosed(found), 'accuracy > 5% for 3 steps (0.01, 0.02, 0.5)');
    assert.equal(whyClosed(lookAtGate([gate()], lines(null, null, null))), 'accuracy > 5% for 3 steps (not measured)');
  });
});
