// A run is stopped from the command palette, and goes on from its last checkpoint.

import assert from 'node:assert/strict';
import { command } from '../window.ts';
import { merf, runThat } from '../workspace.ts';

describe('a run that is stopped', () => {
  before(merf);

  it('stops the run from the command palette', async () => {
    await command('MeRF: Stop', 'merf.stop');
    const { record } = await runThat('has stopped', (run) => run.record.status === 'stopped');
    assert.ok(record.step > 0 && record.step < record.steps);
  });

  it('goes on with it from its last checkpoint', async () => {
    await command('MeRF: Resume', 'merf.resume');
    const { record } = await runThat('goes on', (run) => run.record.status === 'running');
    assert.equal(record.arm, 'rlvr');
    await command('MeRF: Stop', 'merf.stop');
    await runThat('has stopped again', (run) => run.record.status === 'stopped');
  });
});
