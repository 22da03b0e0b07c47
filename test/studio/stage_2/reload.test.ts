// The window has been reloaded in the middle of a run: the training went on, and the new window finds everything again.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { command, itInWindow, picture, shot, textLike, until } from '../window.ts';
import { merf, runThat } from '../workspace.ts';

describe('after a reload in the middle of a run', () => {
  before(merf);

  it('finds the run again, still training', async () => {
    const { record } = await runThat('is running', (run) => run.record.status === 'running');
    assert.equal(record.arm, 'rlvr');
    await runThat('goes on', (run) => run.folder.includes('rlvr') && run.record.step > record.step);
  });

  itInWindow('shows its progress in the status bar again', async () => {
    await textLike({ selector: '.statusbar-item[id*="merf.progress"]' }, /rlvr \d+\/5000/);
  });

  it('has its panels back', async () => {
    const labels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    await until('both panels', () =>
      ['Curves', 'Rollouts'].every((panel) => labels().some((tab) => tab.startsWith(panel))),
    );
  });

  itInWindow('draws the curves of both runs', async () => {
    await command('MeRF: Open Curves', 'merf.openCurves');
    await textLike({ selector: 'main', panel: true }, /merf[\s\S]*rlvr|rlvr[\s\S]*merf/);
    const { hues } = await until('drawn curves', async () => {
      const pixels = await picture(shot('curves-after-reload'), { selector: 'canvas', panel: true });
      return pixels.coloured > 100 && pixels;
    });
    assert.ok(hues > 0);
  });
});
