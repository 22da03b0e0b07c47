import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { EventLine, MetricsLine } from '../../src/run/format.ts';
import { listRuns, readLines, readRecord, readRun, readStatus } from '../../src/run/read.ts';
import { RunWriter } from '../../src/run/write.ts';
import { MerfError } from '../../src/spec/error.ts';
import { metrics, record, temporaryFolder } from './runs.ts';

describe('a run that is read', () => {
  const at = temporaryFolder();

  it('has the lines before one that is not complete', () => {
    writeFileSync(at('m.jsonl'), `${JSON.stringify(metrics(1))}\n{"step":2,"ti`);
    const { lines, next, unreadable } = readLines(at('m.jsonl'), MetricsLine);
    assert.deepEqual([lines, unreadable], [[metrics(1)], []]);
    appendFileSync(at('m.jsonl'), 'me":6,"values":{"reward":1}}\n');
    assert.deepEqual(readLines(at('m.jsonl'), MetricsLine, next).lines, [metrics(2)]);
  });

  it('names the lines that cannot be read and keeps the others', () => {
    const good = JSON.stringify(metrics(1));
    writeFileSync(at('m.jsonl'), [good, 'oops', '{"step":"two"}', '', '[]', good, ''].join('\n'));
    const { lines, unreadable } = readLines(at('m.jsonl'), MetricsLine);
    assert.equal(lines.length, 2);
    assert.deepEqual(unreadable, [2, 3, 4, 5]);
  });

  it('is the same whether a file is read whole or as it grows, cut anywhere', () => {
    const step = fc.record({
      step: fc.nat(),
      time: fc.nat(),
      values: fc.dictionary(fc.string({ unit: 'binary' }), fc.integer()),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.array(fc.nat({ max: 500 })), (written, cuts) => {
        const bytes = Buffer.from(written.map((line) => `${JSON.stringify(line)}\n`).join(''));
        const whole: unknown[] = [];
        let [offset, start] = [0, 0];
        writeFileSync(at('grows.jsonl'), '');
        for (const cut of [...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]) {
          appendFileSync(at('grows.jsonl'), bytes.subarray(start, cut));
          start = cut;
          const { lines, next, unreadable } = readLines(at('grows.jsonl'), MetricsLine, offset);
          assert.deepEqual(unreadable, []);
          whole.push(...lines);
          offset = next;
        }
        assert.deepEqual(whole, JSON.parse(JSON.stringify(written)));
      }),
      { numRuns: 60 },
    );
  });

  it('whose process has gone is stopped, and says why', () => {
    // a process number that no system gives out
    RunWriter.create(at('run'), record({ status: 'running', pid: 2 ** 30 }));
    assert.deepEqual([readRecord(at('run')).status, readStatus(at('run')).status], ['running', 'stopped']);
    assert.match(readRun(at('run')).record.reason ?? '', /process ended/);
    RunWriter.create(at('other'), record({ status: 'finished', pid: null }));
    assert.equal(readStatus(at('other')).status, 'finished');
    RunWriter.create(at('mine'), record({ status: 'running', pid: process.pid }));
    assert.equal(readStatus(at('mine')).status, 'running');
  });

  it('says what is wrong with a folder that holds none, a broken record, and a later format', () => {
    const remedy = (folder: string) => {
      try {
        readRecord(folder);
      } catch (error) {
        if (error instanceof MerfError) return `${error.message} ${error.remedy}`;
        throw error;
      }
      return 'no error';
    };
    assert.match(remedy(at('none')), /run\.json cannot be read\. Give the folder of a run/);
    mkdirSync(at('broken'));
    writeFileSync(at('broken/run.json'), '{"format":1,');
    assert.match(remedy(at('broken')), /run\.json is damaged: .* Put a copy of it back, or begin a run with/);
    mkdirSync(at('later'));
    writeFileSync(at('later/run.json'), JSON.stringify({ ...record(), format: 2 }));
    assert.match(remedy(at('later')), /format.*Open it with the version that wrote it/);
  });

  it('is listed with its neighbours; what is no run is passed over', () => {
    RunWriter.create(at('.merf/runs/a-merf-s1'), record({ id: 'a-merf-s1' }));
    RunWriter.create(at('.merf/runs/b-merf-s2'), record({ id: 'b-merf-s2', seed: 2 }));
    mkdirSync(at('.merf/runs/empty'));
    mkdirSync(at('.merf/runs/broken'));
    writeFileSync(at('.merf/runs/broken/run.json'), 'oops');
    assert.deepEqual(
      listRuns(at()).map((run) => [run.record.id, run.record.seed]),
      [
        ['a-merf-s1', 1],
        ['b-merf-s2', 2],
      ],
    );
    assert.deepEqual(listRuns(at('nowhere')), []);
  });

  it('gives events by their kind and refuses one of an unknown kind', () => {
    writeFileSync(at('e.jsonl'), '{"kind":"started","step":0,"time":0,"pid":1,"resumed":false}\n{"kind":"party"}\n');
    const { lines, unreadable } = readLines(at('e.jsonl'), EventLine);
    assert.deepEqual([lines.length, unreadable], [1, [2]]);
  });
});
