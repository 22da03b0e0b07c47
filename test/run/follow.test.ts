import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { requestStop, takeRequest } from '../../src/run/control.ts';
import { RunReader, watchFolder } from '../../src/run/follow.ts';
import { RunWriter } from '../../src/run/write.ts';
import { checkpointEvent, metrics, record, temporaryFolder } from './runs.ts';

describe('a run that is followed', () => {
  const at = temporaryFolder();

  it('gives every line once, as it comes', () => {
    const writer = RunWriter.create(at('run'), record());
    const reader = new RunReader(at('run'));
    assert.deepEqual(reader.read().metrics, []);
    writer.appendMetrics(metrics(1));
    writer.appendMetrics(metrics(2));
    assert.deepEqual(reader.read().metrics, [metrics(1), metrics(2)]);
    appendFileSync(at('run/metrics.jsonl'), '{"step":3');
    assert.deepEqual(reader.read().metrics, []);
    appendFileSync(at('run/metrics.jsonl'), ',"time":9,"values":{"reward":1.5}}\n');
    writer.appendEvent(checkpointEvent(3));
    const news = reader.read();
    assert.deepEqual([news.metrics, news.events, news.restarted], [[metrics(3)], [checkpointEvent(3)], false]);
  });

  it('starts again when lines were taken back, also when as many came since', () => {
    const writer = RunWriter.create(at('run'), record());
    for (const step of [1, 2, 3]) writer.appendMetrics(metrics(step));
    const reader = new RunReader(at('run'));
    assert.equal(reader.read().metrics.length, 3);
    const again = RunWriter.reopen(at('run'), 1);
    for (const step of [2, 3, 4]) again.appendMetrics(metrics(step, { reward: 100 + step }));
    const news = reader.read();
    assert.equal(news.restarted, true);
    assert.deepEqual(
      news.metrics.map(({ values }) => values.reward),
      [0.5, 102, 103, 104],
    );
    assert.equal(reader.read().restarted, false);
  });

  it('says when something changed, and is silent after it was told to stop', async () => {
    const writer = RunWriter.create(at('run'), record());
    let calls = 0;
    let told: () => void = () => {};
    const change = new Promise<void>((resolve) => {
      told = resolve;
    });
    const stop = watchFolder(
      at('run'),
      () => {
        calls++;
        told();
      },
      60_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    writer.appendMetrics(metrics(1));
    await change;
    stop();
    const before = calls;
    writer.appendMetrics(metrics(2));
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(calls, before);
  });

  it('takes a request to stop once, and no nonsense', () => {
    RunWriter.create(at('run'), record());
    assert.equal(takeRequest(at('run')), null);
    requestStop(at('run'));
    assert.deepEqual(takeRequest(at('run')), { command: 'stop' });
    assert.equal(takeRequest(at('run')), null);
    writeFileSync(at('run/control'), '{"command":"rm -rf"}');
    assert.equal(takeRequest(at('run')), null);
    writeFileSync(at('run/control'), '{"comm');
    assert.equal(takeRequest(at('run')), null);
  });
});
