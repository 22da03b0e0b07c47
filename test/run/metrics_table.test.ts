// The table of a run's metrics is the same from its lines and from the columns beside it, also where metrics come and go.

import assert from 'node:assert/strict';
import { csvOf, csvRows } from '../../src/run/metrics_table.ts';
import { readRun } from '../../src/run/read.ts';
import { withColumns } from '../../src/run/run_columns.ts';
import { RunWriter } from '../../src/run/write.ts';
import { record, temporaryFolder } from './runs.ts';

describe('the table of a run', () => {
  const at = temporaryFolder();

  it('is the same by lines and by columns, whatever steps a metric was written at', () => {
    const folders = [300, 5].map((steps) => {
      const folder = at(`run-${steps}`);
      const writer = RunWriter.create(folder, record({ id: `run "${steps}"`, steps }));
      for (let step = 1; step <= steps; step++) {
        const values = {
          reward: step / 8,
          ...(step % 7 === 0 && { kl: -step }),
          ...(step > 200 && { 'late, one': 1 }),
        };
        writer.appendMetrics({ step, time: step * 2, values });
      }
      return folder;
    });
    const expected = csvOf(folders.map((folder) => readRun(folder)));
    const twice = [1, 2].map(() => withColumns(folders, (runs) => [...csvRows(runs)].join('')));
    assert.deepEqual(twice, [expected, expected]);
    const rows = expected.split('\r\n');
    assert.equal(rows.length, 1 + 300 + 5 + 1);
    assert.match(rows[0] ?? '', /^experiment,arm,seed,run,step,time,reward,kl,"late, one",eval/);
    assert.equal(rows[7], 'small,merf,1,"run ""300""",7,14,0.875,-7,,,,,,,');
  });
});
