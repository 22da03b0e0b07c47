// The flagship file in an editor.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { picture } from '../window.ts';

describe('a window on the examples', () => {
  it('shows the flagship file', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder.uri, 'knights_and_knaves_paper.merf'),
    );
    await vscode.window.showTextDocument(document);
    assert.equal((await picture('/tmp/infra/first.png')).width, 1440);
  });
});
