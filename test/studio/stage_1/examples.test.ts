// Examples in the test view: found in files that nobody has opened, run from the palette and on save, a failure shown
// where the example says what it expects; and lenses, which start what they say.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { click, itInWindow, picture, shot, textLike, textOf, until } from '../window.ts';
import { inWorkspace, merf, show } from '../workspace.ts';

const failing = () => inWorkspace('failing.merf');

describe('examples in the test view', () => {
  before(async () => {
    await merf();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const flagship = readFileSync(inWorkspace('knights_and_knaves.merf'), 'utf8');
    writeFileSync(failing(), flagship.replace(/expect .*/, 'expect reward 2.5, format +1'));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(failing());
  });

  it('are found in every file of the folder, open or not, and again when a file changes', async () => {
    const { examples } = await merf();
    const found = await until('the examples of the failing file', () => {
      const files = examples();
      return files.some(({ file }) => file === failing()) && files;
    });
    const names = found.find(({ file }) => path.basename(file) === 'knights_and_knaves.merf')?.examples ?? [];
    assert.ok(names.length > 0, JSON.stringify(found));
    const text = readFileSync(failing(), 'utf8');
    writeFileSync(failing(), text.replace(/^example "[^"]*"/m, 'example "renamed"'));
    await until('the new name', () => examples().some((each) => each.examples.includes('renamed')));
  });

  it('fail where the example says what it expects', async () => {
    const { onDidRunExamples } = await merf();
    await show(failing());
    const outcomes = await new Promise<{ status: string; name: string }[]>((resolve) => {
      const listening = onDidRunExamples((ran) => {
        listening.dispose();
        resolve([...ran]);
      });
      void vscode.commands.executeCommand('merf.runExample');
    });
    assert.equal(outcomes.find(({ name }) => name === 'renamed')?.status, 'failed');
  });

  itInWindow('show expected and actual in the editor', async () => {
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    await click({ selector: '.test-explorer .monaco-list-row:has-text("failing.merf") .monaco-tl-twistie' });
    await textOf({ selector: '.test-explorer .monaco-list-row:has-text("renamed")' });
    const { document, revealRange } = await show(failing());
    const at = document.positionAt(document.getText().indexOf('expect reward'));
    revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
    await textOf({ selector: '.editor-instance :text("reward +3 != reward +2.5")' });
    await picture(shot('test-failure'));
  });

  itInWindow('run on save, once that is switched on', async () => {
    const { onDidRunExamples } = await merf();
    const { document } = await show(failing());
    await vscode.commands.executeCommand('testing.startContinuousRun');
    const ran = new Promise<string[]>((resolve) => {
      const listening = onDidRunExamples((outcomes) => {
        listening.dispose();
        resolve(outcomes.map(({ status }) => status));
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const start = document.getText().indexOf('reward 2.5');
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + 'reward 2.5'.length));
    edit.replace(document.uri, range, 'reward 3');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    assert.ok((await ran).every((status) => status === 'passed'));
    await vscode.commands.executeCommand('testing.stopContinuousRun');
  });

  itInWindow('stand under a lens that runs them, and the experiment under its own', async () => {
    const editor = await show(inWorkspace('knights_and_knaves.merf'));
    const lenses = await until('lenses', async () => {
      const uri = editor.document.uri;
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
      return found.length > 3 && found;
    });
    const titles = new Set(lenses.map((lens) => lens.command?.title));
    for (const title of ['▶ Train', 'Preview prompt', 'Probe', '▶ Run example']) assert.ok(titles.has(title), title);
    editor.revealRange(new vscode.Range(0, 0, 0, 0));
    await textLike({ selector: '.codelens-decoration:has-text("Preview prompt")' }, /Train/);
    await click({ selector: '.codelens-decoration a:has-text("Preview prompt")' });
    await textLike({ selector: '.message.user', panel: true }, /\w/);
  });
});
