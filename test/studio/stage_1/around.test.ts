// What stands around an experiment before anything has been trained: a new file, the walkthrough, the Models and Devices
// views, and the tools for agents, which answer only when they are switched on.

import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import * as vscode from 'vscode';
import { click, itInWindow, picture, shot, textLike, until } from '../window.ts';
import { extensionId, inWorkspace, merf, show, switchOnTools, toolAnswer } from '../workspace.ts';

describe('around an experiment', () => {
  before(merf);
  after(async () => {
    const settings = vscode.workspace.getConfiguration();
    await settings.update('merf.agents.tools', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('a new file stands there without a fault, its name ready to be typed over', async () => {
    await vscode.commands.executeCommand('merf.newFile');
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    assert.equal(editor.document.languageId, 'merf');
    assert.ok(editor.document.isUntitled);
    assert.equal(editor.document.getText(editor.selection), 'my_experiment');
    await until('lenses', async () => {
      const uri = editor.document.uri;
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 9);
      return found.length > 3;
    });
    assert.deepEqual(vscode.languages.getDiagnostics(editor.document.uri), []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  itInWindow('a walkthrough leads through five steps', async () => {
    await vscode.commands.executeCommand('merf.openWalkthrough');
    await textLike({ selector: '.gettingStartedContainer' }, /Write what a good answer is[\s\S]*Read what it learned/);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await picture(shot('walkthrough'));
  });

  itInWindow('the Models view names the bundled model with its size', async () => {
    await vscode.commands.executeCommand('merf.models.focus');
    const row = { selector: '.pane-body .monaco-list-row:has-text("bundled:tiny")' };
    await textLike(row, /bundled:tiny[\s\S]*\d MB/);
  });

  itInWindow('the Devices view says what is here, and how to get what is not', async () => {
    await vscode.commands.executeCommand('merf.devices.focus');
    await textLike({ selector: '.pane-body .monaco-list-row:has-text("Node.js")' }, /\d+\.\d+/);
    await picture(shot('models-and-devices'));
    await vscode.commands.executeCommand('merf.refreshDevices');
    await textLike({ selector: '.pane-body .monaco-list-row:has-text("Node.js")' }, /\d+\.\d+/);
    const missing = 'CUDA 12 is asked for: install it, and look again.';
    await vscode.commands.executeCommand('merf.showRemedy', missing);
    await click({ selector: `.notification-toast:has-text("${missing}") .monaco-button:has-text("Copy")` });
    await until('its words', async () => (await vscode.env.clipboard.readText()) === missing);
  });

  it('what fails is through while the notification that says so is still open', async () => {
    const { openLink } = await merf();
    await openLink(vscode.Uri.parse('vscode://merf-studio.merf-studio/curves?run=no-such-run'));
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('uses a model in a file', async () => {
    const file = inWorkspace('other_model.merf');
    cpSync(inWorkspace('knights_and_knaves.merf'), file);
    await show(file);
    const model = { name: 'some/model', kind: 'cached', folder: '/nowhere', bytes: 1 };
    await vscode.commands.executeCommand('merf.useModel', { kind: 'model', model });
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^ +model "some\/model"/m);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    rmSync(file);
  });

  it('tools for agents answer nothing until they are switched on, and then they read', async () => {
    await assert.rejects(toolAnswer('merf_list_runs', {}), /^[^\n]*merf_list_runs[^\n]*$/);
    await switchOnTools();
    const file = 'knights_and_knaves.merf';
    assert.match(await toolAnswer('merf_check_specification', { file }), /"errors": 0/);
    assert.match(await toolAnswer('merf_check_specification', { file: '/etc/passwd' }), /is not a \.merf file of this/);
    assert.match(await toolAnswer('merf_read_metrics', { run: 'none' }), /There is no run none/);
    assert.ok(vscode.extensions.getExtension(extensionId)?.isActive);
  });
});
