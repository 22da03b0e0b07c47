// The window has been reloaded in the middle of a run: the training went on, and the new window finds everything again.

import assert from 'node:assert/strict';
import { command, picture, shot, textOf, until } from '../window.ts';
import { merf, runThat } from '../workspace.ts';

describe('after a reload in the middle of a run', () => {
  before(merf);

  it('finds the run again, still training', async () => {
    const { record } = await runThat('is running', (run) => run.record.status === 'running');
    assert.equal(record.arm, 'rlvr');
    await runThat('goes on', (run) => run.folder.includes('rlvr') && run.record.step > record.step);
  });

  it('shows its progress in the status bar again', async () => {
    assert.match(await textOf({ selector: '.statusbar-item[id*="merf.progress"]' }), /rlvr \d+\/5000/);
  });

  it('has the curves back, with both runs in them', async () => {
    await command('MeRF: Open Curves');
    const text = await textOf({ selector: 'main', panel: true });
    assert.match(text, /merf[\s\S]*rlvr|rlvr[\s\S]*merf/);
    const { hues } = await until('drawn curves', async () => {
      const pixels = await picture(shot('curves-after-reload'), { selector: 'canvas', panel: true });
      return pixels.coloured > 100 && pixels;
    });
    assert.ok(hues > 0);
  });

  it('stops the run from the command palette', async () => {
    await command('MeRF: Stop');
    const { record } = await runThat('has stopped', (run) => run.record.status === 'stopped');
    assert.ok(record.step > 0 && record.step < record.steps);
  });

  it('goes on with it from its last checkpoint', async () => {
    await command('MeRF: Resume');
    const { record } = await runThat('goes on', (run) => run.record.status === 'running');
    assert.equal(record.arm, 'rlvr');
    await command('MeRF: Stop');
    await runThat('has stopped again', (run) => run.record.status === 'stopped');
  });
});
