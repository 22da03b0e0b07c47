// Runs of other programs in the window: opened, compared, and found again by the link of a panel.

import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { itInWindow, picture, shot, textLike, until } from '../window.ts';
import { extensionId, inCheckout, inWorkspace, merf } from '../workspace.ts';

describe('runs of other programs', () => {
  const folders: string[] = [];

  before(merf);
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
    for (const folder of [...folders, inWorkspace('elsewhere')]) rmSync(folder, { recursive: true, force: true });
  });

  for (const name of ['verl', 'trl', 'tensorboard']) {
    it(`opens a folder of ${name} as a run of this workspace`, async () => {
      const source = inWorkspace(path.join('elsewhere', name));
      cpSync(inCheckout(`test/fixtures/foreign/${name}`), source, { recursive: true });
      const opened = await vscode.commands.executeCommand('merf.openRun', vscode.Uri.file(source));
      const found = z.array(z.string()).min(1).parse(opened);
      folders.push(...found);
      const { runs } = await merf();
      for (const folder of found) {
        assert.ok(folder.startsWith(inWorkspace('.merf')), folder);
        assert.ok(
          runs().some((run) => run.folder === folder),
          folder,
        );
      }
    });
  }

  itInWindow('draws the curves of one', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('merf.openCurves', folders[1]);
    await textLike({ selector: 'main', panel: true }, /says_knave/);
    await picture(shot('foreign-curves'));
  });

  itInWindow('compares two of them', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('merf.compareRuns', folders.slice(0, 2));
    await textLike({ selector: '.compare', panel: true }, /verl · verl[\s\S]*trl · trl[\s\S]*Reward/);
    await picture(shot('compare'));
  });

  itInWindow('opens a panel by its link, and nothing by a link to a run that is not here', async () => {
    await vscode.commands.executeCommand('merf.copyLink', folders[0]);
    const link = vscode.Uri.parse(await vscode.env.clipboard.readText(), true);
    assert.equal(link.authority, extensionId);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { openLink } = await merf();
    void openLink(link.with({ query: link.query.replace(/run=[^&]+/, 'run=..%2F..%2Fetc') }));
    await textLike({ selector: '.notification-toast' }, /The link was not opened/);
    assert.deepEqual(tabs(), []);
    await openLink(link);
    await textLike({ selector: 'main', panel: true }, /verl[\s\S]*score/);
    await until('its tab alone', () => tabs().join() === 'Curves: verl');
  });
});

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
