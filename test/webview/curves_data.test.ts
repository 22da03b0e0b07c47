import assert from 'node:assert/strict';
import fc from 'fast-check';
import { smooth } from '../../src/run/metrics/smooth.ts';
import { csvOf } from '../../src/run/metrics_table.ts';
import { inOrder } from '../../src/run/view.ts';
import { align, nearestIndex } from '../../src/webview/curves/aligned.ts';
import { chartsOf, HELD_OUT, matching } from '../../src/webview/curves/charts.ts';
import { clockText } from '../../src/webview/curves/x_axis.ts';
import { stylesOf } from '../../src/webview/palette.ts';
import { textOf } from '../../src/webview/text.ts';
import { sampleRun } from './sample_run.ts';

const text = textOf('en');
const runs = [sampleRun('/a', 'rlvr', 1), sampleRun('/b', 'merf', 1)];

describe('what the curves draw', () => {
  it('draws every metric a run wrote exactly once', () => {
    const ids = chartsOf(runs, text).map((chart) => chart.id);
    const names = Object.keys(runs[0]?.metrics[0]?.values ?? {});
    assert.deepEqual([...ids].sort(), [...names, HELD_OUT, 'held-out pass@2', 'held-out pass@4'].sort());
  });

  it('puts the held-out accuracy first, with its intervals, the constant guess and chance', () => {
    const [first] = chartsOf(runs, text);
    assert.equal(first?.id, HELD_OUT);
    assert.deepEqual(
      first.curves.map((curve) => `${curve.folder} ${curve.kind}`),
      ['/a none', '/b motivation', '/b none'],
    );
    assert.deepEqual(first.curves[0]?.x.step, [0, 20, 40]);
    assert.equal(first.curves[0]?.intervals.length, 3);
    const guesses = [
      { value: 0.25, label: 'constant guess' },
      { value: 0.18, label: 'chance' },
    ];
    assert.deepEqual(first.guides, guesses);
    const [run] = runs;
    assert.ok(run);
    const trained = { ...run, metrics: [{ step: 1, time: 1, values: { accuracy: 0.3 } }] };
    assert.deepEqual(chartsOf([trained], text).find(({ id }) => id === 'accuracy')?.guides, guesses);
  });

  it('draws how often one of several answers is right, with its intervals', () => {
    const chart = chartsOf(runs, text).find(({ id }) => id === 'held-out pass@4');
    assert.equal(chart?.title, 'Held-out pass@4');
    const [before] = chart.curves[0]?.intervals ?? [];
    assert.deepEqual(
      before?.map((end) => end.toFixed(3)),
      ['0.284', '0.394'],
    );
  });

  it('names a rule by its title and folds what is not looked at every day', () => {
    const charts = chartsOf(runs, text);
    assert.equal(charts.find((chart) => chart.id === 'rewards/format/mean')?.title, 'Format');
    assert.deepEqual(
      charts.filter((chart) => chart.part === 'more').map((chart) => chart.id),
      ['cases/format/0', 'num_tokens', 'learning_rate', 'own/metric'],
    );
  });

  it('finds charts by words of the title or the metric', () => {
    const found = (filter: string) => matching(chartsOf(runs, text), filter).map((chart) => chart.id);
    assert.deepEqual(found('reward corr'), ['rewards/correctness/mean']);
    assert.deepEqual(found('KL'), ['kl']);
    assert.deepEqual(found('nothing like it'), []);
  });

  it('aligns curves on the union of their x values, without losing or moving a point', () => {
    const points = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: 50 }), fc.double({ noNaN: true, min: -9, max: 9 })),
      {
        selector: ([x]) => x,
      },
    );
    fc.assert(
      fc.property(fc.array(points, { maxLength: 4 }), (curves) => {
        const given = curves.map((curve) => ({ x: curve.map(([x]) => x), y: curve.map(([, y]) => y) }));
        const { x, ys } = align(given);
        assert.deepEqual(
          x,
          [...new Set(given.flatMap((curve) => curve.x))].sort((a, b) => a - b),
        );
        curves.forEach((curve, index) => {
          const there = x.flatMap((at, i) => (ys[index]?.[i] == null ? [] : [[at, ys[index]?.[i]]]));
          assert.deepEqual(
            there,
            [...curve].sort(([a], [b]) => a - b),
          );
        });
      }),
    );
  });

  it('smooths within the range of the values, and not at all with weight 0', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -100, max: 100 }), { minLength: 1 }),
        fc.double({ noNaN: true, min: 0, max: 0.95 }),
        (values, weight) => {
          const smoothed = smooth(values, weight);
          assert.equal(smoothed.length, values.length);
          for (const value of smoothed) {
            assert.ok(value >= Math.min(...values) - 1e-9 && value <= Math.max(...values) + 1e-9);
          }
          assert.deepEqual(
            smooth(values, 0).map((value) => value + 0),
            values.map((value) => value + 0),
          );
        },
      ),
    );
    assert.deepEqual(
      smooth([2, 2, 2], 0.9).map((value) => Number(value.toFixed(9))),
      [2, 2, 2],
    );
  });

  it('reads the last value before a gap', () => {
    assert.equal(nearestIndex([1, null, null, 2], 2), 0);
    assert.equal(nearestIndex([null, null, 5], 0), 2);
    assert.equal(nearestIndex([null], 0), null);
  });

  it('gives arms their own colours and seeds of an arm their own dashes', () => {
    const styles = stylesOf([sampleRun('/a', 'rlvr', 1), sampleRun('/b', 'merf', 1), sampleRun('/c', 'merf', 2)]);
    assert.deepEqual(
      styles.map((style) => style.variable),
      ['--run-0', '--run-1', '--run-1'],
    );
    assert.notDeepEqual(styles[1]?.dash, styles[2]?.dash);
  });

  it('lists runs by the order of arms in the file, then by seed', () => {
    const mixed = [sampleRun('/c', 'merf', 2), sampleRun('/b', 'merf', 1), sampleRun('/a', 'rlvr', 2)];
    assert.deepEqual(
      inOrder(mixed).map((run) => run.folder),
      ['/a', '/b', '/c'],
    );
  });

  it('writes one row of CSV for each run and step, with evaluations beside them', () => {
    const rows = csvOf(runs)
      .trimEnd()
      .split('\r\n')
      .map((row) => row.split(','));
    assert.equal(rows.length, 1 + 2 * 41);
    assert.deepEqual(new Set(rows.map((row) => row.length)).size, 1);
    const column = rows[0]?.indexOf('eval/motivation/accuracy') ?? -1;
    const merf = rows.filter((row) => row[1] === 'merf' && row[column] !== '');
    assert.deepEqual(
      merf.map((row) => [row[4], row[column]]),
      [
        ['0', '0.12'],
        ['20', '0.32'],
        ['40', '0.52'],
      ],
    );
  });

  it('writes time as a clock', () => {
    assert.deepEqual([5, 65, 3605].map(clockText), ['0:05', '1:05', '1:00:05']);
  });
});
