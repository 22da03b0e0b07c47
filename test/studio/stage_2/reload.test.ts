import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('after a reload', () => {
  it('is the same folder', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
