// Not a test of its own: pictures of the editor for docs/pictures: a mistake with its message, what a rule did in the
// latest run, the prompt preview, lenses, and an example that fails.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { click, picture, shot, textLike, textOf } from '../window.ts';
import { inWorkspace, merf, setTheme, show } from '../workspace.ts';

const LIGHT = 'Default Light Modern';
const flagship = () => inWorkspace('knights_and_knaves.merf');

describe('pictures of the editor', () => {
  before(async () => {
    await merf();
    const settings = vscode.workspace.getConfiguration();
    await settings.update('editor.minimap.enabled', false, vscode.ConfigurationTarget.Global);
    await settings.update('editor.wordWrap', 'off', vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeSidebar');
  });
  beforeEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await setTheme(LIGHT);
  });

  it('a mistake with its message', async () => {
    const file = inWorkspace('mistaken.merf');
    const text = readFileSync(flagship(), 'utf8');
    writeFileSync(file, text.replace('roles == solution', 'rolse == solution'));
    const editor = await show(file);
    await textOf({ selector: '.editor-instance .squiggly-error' });
    await hoverOn(editor, 'rolse');
    await textLike({ selector: '.monaco-hover:not(.hidden)' }, /Did you mean/);
    await settled('squiggles');
    rmSync(file);
  });

  it('a rule, and what it did in the latest run', async () => {
    const editor = await show(flagship());
    await textLike({ selector: '.codelens-decoration:has-text("mean")' }, /mean/);
    editor.revealRange(new vscode.Range(0, 0, 0, 0));
    await settled('lenses');
    await hoverOn(editor, 'correctness "Correctness"');
    await textLike({ selector: '.monaco-hover:not(.hidden)' }, /latest run/);
    await settled('hover');
  });

  for (const tone of ['light', 'dark']) {
    it(`the numbers beside the cases on a ${tone} ground, and a peek at the responses behind one`, async () => {
      await setTheme(tone === 'light' ? LIGHT : 'Default Dark Modern');
      const editor = await show(flagship());
      await textLike({ selector: '.codelens-decoration:has-text("mean")' }, /mean/);
      const { document } = editor;
      move(editor, 'covers(roles');
      await settled(`cases-${tone}`);
      const line = document.lineAt(editor.selection.active.line);
      editor.selection = new vscode.Selection(line.range.end, line.range.end);
      await vscode.commands.executeCommand('editor.action.showHover');
      await textLike({ selector: '.monaco-hover:not(.hidden)' }, /Open these rollouts/);
      await settled(`case-hover-${tone}`);
      await vscode.commands.executeCommand('merf.peekRollouts');
      await textLike({ selector: '.peekview-widget' }, /prompt/);
      await settled(`peek-${tone}`);
      await vscode.commands.executeCommand('closeReferenceSearch');
    });
  }

  for (const tone of ['light', 'dark']) {
    it(`the prompt preview on a ${tone} ground`, async () => {
      await setTheme(tone === 'light' ? LIGHT : 'Default Dark Modern');
      const editor = await show(flagship());
      move(editor, 'arm merf');
      await vscode.commands.executeCommand('merf.showPrompt');
      await textOf({ selector: 'mark.motivation', panel: true });
      await settled(`preview-${tone}`);
    });
  }

  it('an example that fails', async () => {
    const file = inWorkspace('failing.merf');
    writeFileSync(file, readFileSync(flagship(), 'utf8').replace(/expect .*/, 'expect reward 2.5, format +1'));
    const editor = await show(file);
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    await vscode.commands.executeCommand('merf.runExample');
    await click({ selector: '.test-explorer .monaco-list-row:has-text("failing.merf") .monaco-tl-twistie' });
    move(editor, 'expect reward');
    await settled('test-failure');
    rmSync(file);
  });
});

function move(editor: vscode.TextEditor, words: string): void {
  const at = editor.document.positionAt(editor.document.getText().indexOf(words));
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
}

async function hoverOn(editor: vscode.TextEditor, words: string): Promise<void> {
  const { document } = await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  const at = document.positionAt(document.getText().indexOf(words) + 1);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  await vscode.commands.executeCommand('editor.action.showHover');
}

/** A moment later: themes and decorations arrive one after the other. */
async function settled(name: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await picture(shot(name));
}
