// What a curves panel is sent: a small run whole, a large one as far as it is asked for, and what comes new.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CurvesFeed } from '../../src/extension/panels/curves_feed.ts';
import type { RunNews } from '../../src/run/follow.ts';
import type { MetricsLine } from '../../src/run/format.ts';
import { smooth } from '../../src/run/metrics/smooth.ts';
import { withCurves, withLines } from '../../src/webview/curves/run_curves.ts';
import { ToCurves } from '../../src/webview/messages.ts';
import { temporaryFolder } from '../run/runs.ts';
import { sampleRun, writeRun } from '../webview/sample_run.ts';

const wide = (step: number): MetricsLine => ({
  step,
  time: step,
  values: {
    reward: step,
    num_tokens: step * 10,
    ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`extra/${i}`, i + Math.sin(step)])),
  },
});

describe('what a curves panel is sent', () => {
  const at = temporaryFolder();
  let sent: ToCurves[] = [];
  let hear: (news: RunNews & { folder: string }) => void = () => {};
  let feed: CurvesFeed;

  const open = async () => {
    sent = [];
    feed = new CurvesFeed(
      {
        language: 'en',
        folders: () => [at('run')],
        onDidGrow: (listener) => {
          hear = listener;
          return { dispose: () => {} };
        },
        onDidChange: () => ({ dispose: () => {} }),
      },
      (message) => sent.push(ToCurves.parse(JSON.parse(JSON.stringify(message)))),
    );
    await feed.sendAll();
  };
  const runOf = (message: ToCurves | undefined) => {
    assert.ok(message?.kind === 'runs');
    const [run] = message.runs;
    assert.ok(run);
    return run;
  };
  const writeLarge = (steps: number) => {
    writeRun(sampleRun(at('run'), 'merf', 1), []);
    const lines = Array.from({ length: steps }, (_, i) => `${JSON.stringify(wide(i + 1))}\n`);
    writeFileSync(join(at('run'), 'metrics.jsonl'), lines.join(''));
  };
  afterEach(() => feed.dispose());

  it('has all of a small run', async () => {
    const view = sampleRun(at('run'), 'merf', 1);
    writeRun(view, []);
    await open();
    const run = runOf(sent[0]);
    assert.equal(run.names, undefined);
    assert.deepEqual(run.metrics, view.metrics);
    assert.deepEqual(run.events, view.events);
  });

  it('has of a large run the reward, and any other metric when it is asked for', async () => {
    writeLarge(5000);
    await open();
    const run = runOf(sent[0]);
    assert.equal(run.names?.length, 102);
    assert.ok(run.metrics.length <= 4000, `${run.metrics.length} lines`);
    assert.deepEqual(
      new Set(run.metrics.flatMap(({ values }) => Object.keys(values))),
      new Set(['reward', 'num_tokens']),
    );
    assert.deepEqual(run.metrics.at(-1), { step: 5000, time: 5000, values: { reward: 5000, num_tokens: 50_000 } });
    const first = sent[0]?.kind === 'runs' ? sent[0].curves?.[0] : undefined;
    assert.deepEqual(
      first?.curves.map(({ name, count }) => [name, count]),
      [['reward', 5000]],
    );
    const asked = { kind: 'series' as const, folder: at('run'), names: ['extra/7'] };
    await feed.series({ ...asked, range: null, smoothing: 0.9 });
    await feed.series({ ...asked, range: [100, 120], smoothing: 0.9 });
    const [, all, some] = sent;
    assert.ok(all?.kind === 'series' && some?.kind === 'series');
    const found = withCurves(run, all).curves?.get('extra/7');
    assert.ok(found && found.values.length <= 4000 && found.values.length > 1000, `${found?.values.length} points`);
    assert.ok(Math.max(...found.values) > 7.99999 && Math.min(...found.values) < 6.00001);
    assert.deepEqual(
      some.places[0]?.step,
      Array.from({ length: 21 }, (_, i) => 100 + i),
    );
    const zoomed = withCurves(withCurves(run, all), some).curves?.get('extra/7');
    const whole = smooth(
      Array.from({ length: 5000 }, (_, i) => wide(i + 1).values['extra/7'] ?? 0),
      0.9,
    );
    assert.deepEqual(
      zoomed?.smoothed?.values,
      zoomed?.places.step.map((step) => whole[step - 1]),
    );
    assert.ok((zoomed?.values.length ?? 0) > found.values.length);
  });

  it('goes on with a curve as if all of it had been smoothed', async () => {
    writeLarge(3000);
    await open();
    await feed.series({ kind: 'series', folder: at('run'), names: ['extra/7'], range: null, smoothing: 0.97 });
    const [, all] = sent;
    assert.ok(all?.kind === 'series');
    const run = runOf(sent[0]);
    const lines = Array.from({ length: 50 }, (_, i) => wide(3001 + i));
    const longer = withLines(withCurves(run, all), { ...run, metrics: lines, events: [] }).curves?.get('extra/7');
    const whole = smooth(
      Array.from({ length: 3050 }, (_, i) => wide(i + 1).values['extra/7'] ?? 0),
      0.97,
    );
    assert.equal(longer?.count, 3050);
    const [last, wanted] = [longer?.smoothed?.values.at(-1) ?? 0, whole.at(-1) ?? 0];
    assert.ok(Math.abs(last - wanted) < 1e-9, `${last} for ${wanted}`);
    assert.equal(longer?.places.tokens.at(-1), 30_500);
  });

  it('is told only the metrics that it has when the run goes on', async () => {
    writeLarge(2000);
    await open();
    await feed.series({ kind: 'series', folder: at('run'), names: ['extra/3'], range: null, smoothing: 0.6 });
    const { record } = runOf(sent[0]);
    hear({ folder: at('run'), record, metrics: [wide(2001)], events: [], restarted: false });
    const last = sent.at(-1);
    assert.ok(last?.kind === 'more');
    assert.deepEqual(Object.keys(last.metrics[0]?.values ?? {}).sort(), ['extra/3', 'num_tokens', 'reward']);
  });

  it('says what cannot be read, and goes on when it can be', async () => {
    await open();
    assert.match(sent[0]?.kind === 'error' ? sent[0].text : '', /run\.json cannot be read/);
    writeLarge(3);
    await feed.sendAll();
    assert.equal(runOf(sent[1]).metrics.length, 3);
  });
});
