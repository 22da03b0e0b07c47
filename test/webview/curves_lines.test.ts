import assert from 'node:assert/strict';
import fc from 'fast-check';
import { meanInterval, pairedInterval, student975 } from '../../src/run/interval.ts';
import { chartsOf, HELD_OUT } from '../../src/webview/curves/charts.ts';
import { type Line, linesOf, type Seeds } from '../../src/webview/curves/lines.ts';
import { marksOf } from '../../src/webview/curves/marks.ts';
import { nearestPoint } from '../../src/webview/curves/point.ts';
import { domainOf, logSplits, tokensAt, xOf, xOfStep, xText } from '../../src/webview/curves/x_axis.ts';
import { armOf } from '../../src/webview/palette.ts';
import { textOf } from '../../src/webview/text.ts';
import { sampleRun } from './sample_run.ts';

const text = textOf('en');
const runs = [sampleRun('/a', 'merf', 1), sampleRun('/b', 'merf', 2), sampleRun('/c', 'merf', 3, 30)];
const groupOf = (folder: string) => armOf(runs.find((run) => run.folder === folder) ?? runs[0] ?? assert.fail());

function lines(id: string, seeds: Seeds, smoothing = 0): Line[] {
  const chart = chartsOf(runs, text).find((one) => one.id === id);
  assert.ok(chart);
  return linesOf(chart.curves, groupOf, { seeds, smoothing, x: 'step' });
}

const value = (folder: string, step: number) =>
  runs.find((run) => run.folder === folder)?.metrics.find((line) => line.step === step)?.values.reward ?? Number.NaN;

describe('the lines that are drawn', () => {
  it('draws each run by itself when asked to', () => {
    assert.deepEqual(
      lines('reward', 'each').map((line) => [line.members.length, line.low.length]),
      [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
    );
  });

  it('draws the seeds of an arm as their mean, with a band from the lowest to the highest', () => {
    const [line, ...others] = lines('reward', 'range');
    assert.ok(line && others.length === 0);
    const three = [value('/a', 10), value('/b', 10), value('/c', 10)] as const;
    const at = line.steps.indexOf(10);
    assert.ok(Math.abs((line.y[at] ?? 0) - (three[0] + three[1] + three[2]) / 3) < 1e-12);
    assert.deepEqual([line.low[at], line.high[at], line.count[at]], [Math.min(...three), Math.max(...three), 3]);
  });

  it('takes the mean of the runs that got that far, and says how many', () => {
    const [line] = lines('reward', 'range');
    const at = line?.steps.indexOf(35) ?? -1;
    assert.equal(line?.count[at], 2);
    assert.ok(Math.abs((line?.y[at] ?? 0) - (value('/a', 35) + value('/b', 35)) / 2) < 1e-12);
  });

  it('draws a 95% interval that holds the mean and is wider than the range of three', () => {
    const [range, interval] = [lines('reward', 'range')[0], lines('reward', 'interval')[0]];
    assert.ok(range && interval);
    const wide = (line: Line) => line.steps.map((_step, i) => (line.high[i] ?? 0) - (line.low[i] ?? 0));
    const [a, b] = [wide(range).slice(0, 30), wide(interval).slice(0, 30)];
    assert.ok(a.every((width, i) => width <= (b[i] ?? 0)));
  });

  it('joins held-out points by step, and leaves the interval of a single run as it was measured', () => {
    const motivated = lines(HELD_OUT, 'range').find((line) => line.kind === 'motivation');
    assert.deepEqual(motivated?.steps, [0, 20, 40]);
    assert.deepEqual(motivated?.count, [3, 3, 2]);
    const [first] = lines(HELD_OUT, 'each');
    assert.ok(Math.abs((first?.low[0] ?? 0) - 0.06) < 1e-9);
  });

  it('keeps the mean inside its band whatever the smoothing', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 0, max: 0.95 }), (smoothing) => {
        for (const line of lines('reward', 'range', smoothing)) {
          line.y.forEach((y, i) => {
            if (line.low[i] == null) return;
            assert.ok((line.low[i] ?? 0) <= y + 1e-9 && y <= (line.high[i] ?? 0) + 1e-9);
          });
        }
      }),
    );
  });

  it("knows Student's t as the tables do", () => {
    assert.deepEqual([1, 2, 10, 30].map(student975), [12.706, 4.303, 2.228, 2.042]);
    assert.ok(Math.abs(student975(60) - 2.0003) < 5e-4);
    const interval = meanInterval([1, 2, 3]);
    assert.ok(interval && Math.abs(interval.low - (2 - 4.303 / Math.sqrt(3))) < 1e-9);
    assert.equal(meanInterval([1]), null);
    assert.deepEqual(
      pairedInterval([
        [3, 1],
        [4, 2],
      ]),
      { mean: 2, low: 2, high: 2 },
    );
  });

  it('places steps, times and tokens of a run', () => {
    const [run] = runs;
    assert.ok(run);
    assert.deepEqual([tokensAt(run, 0), tokensAt(run, 10)], [0, 4000]);
    assert.equal(xOf(run, 'tokens', { step: 20, time: 40 }), 8000);
    assert.deepEqual([xOfStep(run, 'time', 7), xOfStep(run, 'step', 7)], [14, 7]);
    assert.deepEqual(domainOf(runs, 'tokens'), [0, 16000]);
    assert.deepEqual([xText('tokens', 1_500_000), xText('step', 12), xText('time', 65)], ['1.5 M', '12', '1:05']);
  });

  it('labels a logarithmic axis by 1, 2 and 5, with the step before the first', () => {
    assert.deepEqual(logSplits(0, 40), [0, 1, 2, 5, 10, 20]);
    assert.deepEqual(logSplits(15, 300), [20, 50, 100, 200]);
  });

  it('marks what happened to a run, each thing once', () => {
    const [run] = runs;
    assert.ok(run);
    const found = marksOf(run, 'merf', 'red', 'step', text).map((mark) => `${mark.kind} ${mark.x}`);
    assert.deepEqual(
      found.sort(),
      [
        'alert 6',
        'alert 8',
        'best 40',
        'checkpoint 20',
        'checkpoint 40',
        'evaluation 20',
        'evaluation 20',
        'evaluation 40',
        'evaluation 40',
        'gate 20',
        'restart 12',
      ].filter((name, index, all) => !name.startsWith('evaluation') || all.indexOf(name) === index),
    );
  });

  it('means by a click on a mean the run whose own value is nearest', () => {
    const [line] = lines('reward', 'range');
    assert.ok(line);
    const position = (at: number, axis: 'x' | 'y') => (axis === 'x' ? at * 10 : -at * 100);
    const top = position(value('/b', 10), 'y');
    const found = nearestPoint([{ line, colour: '', dash: [] }], 'step', { left: 100, top }, position);
    assert.deepEqual(found, { folder: '/b', set: { kind: 'train', step: 10 } });
  });
});
