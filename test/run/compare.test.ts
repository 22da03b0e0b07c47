import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  commonStep,
  compareHeldOut,
  compareMetric,
  settingsOf,
  sidesOf,
  welchInterval,
} from '../../src/run/compare.ts';
import { sampleRun } from '../webview/sample_run.ts';

const seeds = (arm: string, list: readonly number[], done = 40) =>
  list.map((seed) => sampleRun(`/${arm}${seed}`, arm, seed, done));

describe('runs side by side', () => {
  it('takes the seeds of an arm as a side, and single runs where all are of one arm', () => {
    const two = sidesOf([...seeds('rlvr', [1, 2]), ...seeds('merf', [1])]);
    assert.deepEqual(
      two.map(({ name, runs }) => [name, runs.length]),
      [
        ['rlvr', 2],
        ['merf', 1],
      ],
    );
    assert.deepEqual(
      sidesOf(seeds('merf', [1, 2])).map(({ name }) => name),
      ['merf · 1', 'merf · 2'],
    );
    const [first] = seeds('merf', [1]);
    assert.ok(first);
    const other = { ...first, folder: '/x', record: { ...first.record, id: 'x', experiment: 'sums' } };
    assert.deepEqual(
      sidesOf([first, other]).map(({ name }) => name),
      ['knights_and_knaves · merf', 'sums · merf'],
    );
  });

  it('finds the settings that differ, by their names', () => {
    const [a] = seeds('rlvr', [1]);
    const [b] = seeds('merf', [2]);
    assert.ok(a && b);
    b.record = { ...b.record, engine: { ...b.record.engine, threads: 8 } };
    const differing = settingsOf(sidesOf([a, b])).filter(({ differs }) => differs);
    assert.deepEqual(differing, [
      { name: 'motivation', values: ['none', 'full'], differs: true },
      { name: 'seed', values: ['1', '2'], differs: true },
      { name: 'engine.threads', values: ['2', '8'], differs: true },
    ]);
    const same = settingsOf(sidesOf([a, b])).filter(({ differs }) => !differs);
    assert.deepEqual(same.find(({ name }) => name === 'rule format')?.values[0], '+1 both tags; −1 any other shape');
  });

  it('compares up to the last step that all runs have', () => {
    const sides = sidesOf([...seeds('rlvr', [1], 40), ...seeds('merf', [1], 30)]);
    assert.equal(commonStep(sides), 30);
    const { sides: values } = compareMetric(sides, 'own/metric', 30);
    assert.deepEqual(
      values.map((value) => value?.value),
      [24.5, 24.5],
    );
  });

  it('judges a difference over pairs of equal seeds where there are such', () => {
    const sides = sidesOf([...seeds('rlvr', [1, 2, 3]), ...seeds('merf', [1, 2, 3])]);
    const [difference] = compareMetric(sides, 'reward', 40).differences;
    assert.equal(difference?.judged, 'paired');
    assert.equal(difference.pairs, 3);
    const [low, high] = difference.interval ?? [];
    assert.ok(low !== undefined && high !== undefined && low < difference.value && difference.value < high);
  });

  it('judges over both sides’ seeds where they do not pair, and says when there is nothing to judge by', () => {
    const unpaired = sidesOf([...seeds('rlvr', [1, 2, 3]), ...seeds('merf', [7, 8])]);
    assert.equal(compareMetric(unpaired, 'reward', 40).differences[0]?.judged, 'seeds');
    const single = sidesOf([...seeds('rlvr', [1]), ...seeds('merf', [1])]);
    assert.deepEqual(compareMetric(single, 'reward', 40).differences[0]?.judged, 'none');
    assert.equal(compareMetric(single, 'reward', 40).differences[0]?.interval, null);
  });

  it('compares held-out accuracies at the last step that all were asked at, over rows where runs are single', () => {
    const sides = sidesOf([...seeds('rlvr', [1], 40), ...seeds('merf', [1], 30)]);
    const found = compareHeldOut(sides, 'none');
    assert.equal(found?.step, 20);
    const [difference] = found.compared.differences;
    assert.equal(difference?.judged, 'rows');
    // Newcombe's: from both intervals' arms, which are 0.06 down and 0.07 up here
    const [low = 0, high = 0] = difference.interval ?? [];
    const arm = Math.hypot(0.06, 0.07);
    assert.ok(Math.abs(low - (difference.value - arm)) < 1e-9 && Math.abs(high - (difference.value + arm)) < 1e-9);
    assert.equal(compareHeldOut(sides, 'motivation')?.compared.sides[0], null);
  });

  it("knows Welch's interval", () => {
    // s²/n are 5/12 and 4/3: the error is 1.3229, with 3.23 degrees of freedom, rounded down: t = 3.182
    const interval = welchInterval([1, 2, 3, 4], [2, 4, 6]);
    assert.ok(interval && Math.abs(interval.low - (-1.5 - 3.182 * Math.sqrt(1.75))) < 1e-9);
    assert.ok(Math.abs(interval.high - (-1.5 + 3.182 * Math.sqrt(1.75))) < 1e-9);
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { minLength: 2, maxLength: 9 }), (values) => {
        const same = welchInterval(values, values);
        assert.ok(same && same.low <= 0 && same.high >= 0);
      }),
    );
  });
});
