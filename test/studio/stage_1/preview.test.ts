// The prompt preview beside the text: it follows what is typed, the cursor and the editor, until it is locked.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { click, command, fieldOf, itInWindow, picture, shot, textLike, textOf, until, write } from '../window.ts';
import { inWorkspace, merf, setTheme, show } from '../workspace.ts';

const system = { selector: '.message.system', panel: true };

describe('the prompt preview', () => {
  before(async () => {
    await merf();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await setTheme('Default Light Modern');
  });

  itInWindow('shows the prompt of the arm at the cursor, its motivation marked and its tokens counted', async () => {
    const editor = await show(inWorkspace('knights_and_knaves.merf'));
    await moveTo(editor, 'arm merf');
    await command('MeRF: Preview Prompt', 'merf.showPrompt');
    await textLike({ selector: 'mark.motivation', panel: true }, /\+2/);
    await textLike({ selector: '.tokens', panel: true }, /\d+ tokens, \d+ of them the motivation/);
    await moveTo(editor, 'arm rlvr');
    await textLike({ selector: '.tokens', panel: true }, /^\d+ tokens ·/);
    await moveTo(editor, 'arm merf');
    await textLike({ selector: 'mark.motivation', panel: true }, /\+2/);
  });

  itInWindow('follows what is typed, and says what is wrong kindly', async () => {
    const editor = await show(inWorkspace('knights_and_knaves.merf'));
    const { document } = editor;
    await replace(editor, 'You are', 'You surely are');
    await textLike(system, /You surely are/);
    await replace(editor, 'exactly(', 'exctly(');
    await textLike({ selector: '.trouble', panel: true }, /exctly[\s\S]*Show in the editor/);
    await replace(editor, 'exctly(', 'exactly(');
    await until('the trouble to be over', async () => (await textOf(system)).includes('surely'));
    await replace(editor, 'You surely are', 'You are');
    assert.ok(document.isDirty);
  });

  for (const theme of ['Default Light Modern', 'Default Dark Modern']) {
    itInWindow(`is drawn on a ${theme.includes('Dark') ? 'dark' : 'light'} ground`, async () => {
      await setTheme(theme);
      await textLike(system, /You are/);
      const pixels = await picture(shot(`preview-${theme.includes('Dark') ? 'dark' : 'light'}`));
      assert.ok(pixels.hues >= 2, 'nothing is marked');
    });
  }

  itInWindow('has a link that opens it as it is now', async () => {
    const row = { selector: 'input[type="number"]', panel: true };
    await write(row, '7');
    await click({ selector: '.preview-head button:has-text("Copy link")', panel: true });
    const link = await until('a link', async () => {
      const copied = await vscode.env.clipboard.readText();
      return copied.includes('/preview?file=knights_and_knaves.merf&') && vscode.Uri.parse(copied, true);
    });
    await write(row, '3');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { openLink } = await merf();
    await openLink(link);
    await until('its row', async () => (await fieldOf(row)) === '7');
    await textLike({ selector: '.tokens', panel: true }, /of them the motivation/);
  });

  itInWindow('stays with its arm when it is locked', async () => {
    const editor = await show(inWorkspace('knights_and_knaves.merf'));
    await click({ selector: '.lock', panel: true });
    await textOf({ selector: '.lock[aria-pressed="true"]', panel: true });
    await moveTo(editor, 'arm rlvr');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await textLike({ selector: '.tokens', panel: true }, /of them the motivation/);
  });
});

async function moveTo(editor: vscode.TextEditor, words: string): Promise<void> {
  const at = editor.document.positionAt(editor.document.getText().indexOf(words));
  const shown = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
  shown.selection = new vscode.Selection(at, at);
  shown.revealRange(new vscode.Range(at, at));
}

async function replace({ document }: vscode.TextEditor, old: string, by: string): Promise<void> {
  const start = document.getText().indexOf(old);
  assert.notEqual(start, -1, `${old} is not in the text`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + old.length)), by);
  await vscode.workspace.applyEdit(edit);
}
