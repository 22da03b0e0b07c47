// Training from the command palette, and what the window shows of it: the Runs view, both panels, the status bar.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { click, command, hasBridge, itInWindow, picture, shot, textLike, until } from '../window.ts';
import { merf, runThat, setTheme, show, writeSmallPlan } from '../workspace.ts';

describe('training', () => {
  before(merf);
  after(() => setTheme('Default Light Modern'));

  it('starts from the command palette, asks for the arm, and ends with a finished run', async () => {
    const file = writeSmallPlan('small.merf');
    await show(file);
    if (hasBridge) {
      await command('MeRF: Train', 'merf.train');
      await click({ selector: '.quick-input-list .monaco-list-row:has-text("merf")' });
      await click({ selector: '.quick-input-list .monaco-list-row:has-text("The model that the file names")' });
    } else {
      void vscode.commands.executeCommand('merf.train', { file, arm: 'merf' });
    }
    const run = await runThat('has finished', ({ record }) => record.status === 'finished');
    assert.equal(run.record.arm, 'merf');
    assert.equal(run.record.step, run.record.steps);
  });

  itInWindow('lists the run in the Runs view', async () => {
    await vscode.commands.executeCommand('merf.runs.focus');
    await textLike({ selector: '.pane-body .monaco-list-row:has-text("seed 1")' }, /seed 1[\s\S]*4\/4/);
  });

  for (const theme of ['Default Light Modern', 'Default Dark Modern']) {
    const tone = theme.includes('Dark') ? 'dark' : 'light';

    itInWindow(`draws the curves in colour on a ${tone} ground`, async () => {
      await setTheme(theme);
      await command('MeRF: Open Curves', 'merf.openCurves');
      await textLike({ selector: 'main', panel: true }, /reward/i);
      const chart = await until('drawn curves', async () => {
        const pixels = await picture(shot(`curves-canvas-${tone}`), { selector: 'canvas', panel: true });
        return pixels.coloured > 100 && pixels;
      });
      assert.ok(chart.width > 100 && chart.height > 50);
      assert.equal(brightness(chart.background) > 128, tone === 'light');
      await picture(shot(`curves-${tone}`));
    });

    itInWindow(`shows the rollouts with their scores on a ${tone} ground`, async () => {
      await command('MeRF: Open Rollouts', 'merf.openRollouts');
      const sample = { selector: '.sample', panel: true };
      await textLike(sample, /Format[\s\S]*Correctness/);
      // the response itself may be longer than the window
      const head = { selector: '.sample > header', panel: true };
      const pixels = await picture(shot(`rollouts-sample-${tone}`), head);
      assert.ok(pixels.backgroundShare < 0.995, 'nothing is drawn');
      assert.ok(pixels.coloured > 20, 'scores have no colour');
      assert.equal(brightness(pixels.background) > 128, tone === 'light');
      await picture(shot(`rollouts-${tone}`));
    });
  }

  it('starts a long run by arguments', async () => {
    const file = writeSmallPlan('small.merf');
    void vscode.commands.executeCommand('merf.train', { file, arm: 'rlvr', steps: 5000 });
    await runThat('has made a step', ({ record }) => record.status === 'running' && record.step > 0);
  });

  itInWindow('shows its progress in the status bar', async () => {
    await textLike({ selector: '.statusbar-item[id*="merf.progress"]' }, /rlvr \d+\/5000/);
  });
});

/** Of a colour #rrggbb, 0 to 255. */
function brightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.3 * red + 0.6 * green + 0.1 * blue;
}
