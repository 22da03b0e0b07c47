// Not a test of its own: opens the newest run in both panels and takes the pictures of docs/pictures, light and dark.
//   npm run pictures -- FOLDER     (FOLDER/.merf/runs holds the runs, for example those of `npm run demo`)

import * as vscode from 'vscode';
import { picture, shot, textOf } from '../window.ts';
import { inWorkspace, merf, setTheme, show } from '../workspace.ts';

describe('pictures for the documentation', () => {
  before(async () => {
    await merf();
    await show(inWorkspace('knights_and_knaves.merf'));
    await vscode.commands.executeCommand('merf.runs.focus');
    const settings = vscode.workspace.getConfiguration();
    await settings.update('editor.minimap.enabled', false, vscode.ConfigurationTarget.Global);
  });

  for (const tone of ['light', 'dark']) {
    it(`are taken on a ${tone} ground`, async () => {
      await setTheme(tone === 'light' ? 'Default Light Modern' : 'Default Dark Modern');
      await pictureOf('merf.openCurves', 'canvas', `curves-${tone}`);
      await pictureOf('merf.openRollouts', '.sample', `rollouts-${tone}`);
    });
  }
});

async function pictureOf(id: string, selector: string, name: string): Promise<void> {
  const [newest] = (await merf()).runs();
  await show(inWorkspace('knights_and_knaves.merf'));
  await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
  await vscode.commands.executeCommand(id, newest?.folder);
  await textOf({ selector, panel: true });
  await new Promise((resolve) => setTimeout(resolve, 1000)); // the theme's colours arrive in the panel a moment later
  await picture(shot(name));
}
