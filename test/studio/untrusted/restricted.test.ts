// A folder whose authors nobody has vouched for: the language works there, and nothing runs.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { itInWindow, picture, shot, textLike, until } from '../window.ts';
import { inWorkspace, merf, show } from '../workspace.ts';

const file = () => inWorkspace('knights_and_knaves.merf');

describe('a folder that is not trusted', () => {
  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await merf();
  });

  it('has its errors, hovers and lenses', async () => {
    const broken = inWorkspace('broken.merf');
    writeFileSync(broken, 'experiment broken\nreward { rule a { +1 when nothing : "is there" } }\n');
    const { document } = await show(broken);
    await until('an error', () => vscode.languages.getDiagnostics(document.uri).length > 0);
    const { document: whole } = await show(file());
    const at = whole.positionAt(whole.getText().indexOf('rule correctness') + 6);
    const hovers = await until('a hover', async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', whole.uri, at);
      return found.length > 0 && found;
    });
    assert.ok(hovers.length > 0);
  });

  for (const [title, command] of [
    ['train', 'merf.train'],
    ['probe', 'merf.probe'],
    ['download a model', 'merf.downloadModel'],
  ] as const) {
    itInWindow(`does not ${title}, and says where trust is given`, async () => {
      await show(file());
      void vscode.commands.executeCommand(command, { file: file(), arm: 'merf' });
      const toast = { selector: '.notification-toast' };
      await textLike(toast, /Manage Workspace Trust[\s\S]*rust (this workspace|it) first/);
      await picture(shot(`untrusted-${title.split(' ')[0]}`));
      await vscode.commands.executeCommand('notifications.clearAll');
    });
  }

  it('has made no run', async () => {
    assert.equal(existsSync(inWorkspace('.merf')), false);
    const { runs } = await merf();
    assert.deepEqual(runs(), []);
  });
});
