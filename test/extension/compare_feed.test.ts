// What a compare panel is sent of long runs: the steps that it compares, which move on with the run that is behind.

import assert from 'node:assert/strict';
import { CompareFeed } from '../../src/extension/panels/compare_feed.ts';
import { commonStep, compareMetric, sidesOf } from '../../src/run/compare.ts';
import { readRun } from '../../src/run/read.ts';
import { grown, type RunView } from '../../src/run/view.ts';
import { RunWriter } from '../../src/run/write.ts';
import type { ToCompare } from '../../src/webview/messages_compare.ts';
import { record, temporaryFolder } from '../run/runs.ts';

describe('what a comparison is sent', () => {
  const at = temporaryFolder();

  it('are the steps that every run has got to, and it says what whole runs would say', async () => {
    const write = (writer: RunWriter, from: number, to: number) => {
      for (let step = from; step <= to; step++)
        writer.appendMetrics({ step, time: step, values: { reward: step ** 2, [`at ${step % 2}`]: step } });
    };
    const writers = ['rlvr', 'merf'].map((arm) => RunWriter.create(at(arm), record({ id: arm, arm, steps: 400 })));
    const [long, short] = [writers[0] ?? assert.fail(), writers[1] ?? assert.fail()];
    write(long, 1, 400);
    write(short, 1, 50);
    let runs: RunView[] = [];
    const hear = (message: ToCompare) => {
      if (message.kind === 'runs') runs = message.runs;
      else if (message.kind === 'more')
        runs = runs.map((run) => (run.folder === message.folder ? grown(run, message) : run));
      else assert.fail(JSON.stringify(message));
    };
    const folders = [at('rlvr'), at('merf')];
    const feed = new CompareFeed(folders, 'en', hear);
    const agrees = () => {
      const [sent, whole] = [sidesOf(runs), sidesOf(folders.map((folder) => readRun(folder)))];
      const step = commonStep(whole);
      assert.equal(commonStep(sent), step);
      for (const name of ['reward', 'at 0', 'at 1'])
        assert.deepEqual(compareMetric(sent, name, step), compareMetric(whole, name, step));
    };
    await feed.sendAll();
    agrees();
    assert.deepEqual(
      runs.map(({ metrics }) => metrics.length),
      [11, 10],
    );
    write(short, 51, 75);
    await feed.hear({ folder: at('merf'), record: short.record, events: [], restarted: false });
    agrees();
    assert.ok(runs.every(({ metrics }) => metrics.length < 25));
    feed.dispose();
  });
});
