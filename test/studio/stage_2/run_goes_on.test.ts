// What the window says of a run that goes on, beside its panels: the numbers beside the cases, a peek, an alert, and what
// agents read of it.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { click, hasBridge, itInWindow, picture, press, shot, textLike, until } from '../window.ts';
import { inWorkspace, merf, runThat, show, switchOnTools, toolAnswer } from '../workspace.ts';

const live = () => runThat('is running', ({ record }) => record.steps === 5000 && record.status === 'running');

describe('beside a run that goes on', () => {
  before(async () => {
    await merf();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('each case has its share and its curve, which follow the run, until they are switched off', async () => {
    const { caseNumbers } = await merf();
    const { document } = await show(inWorkspace('small.merf'));
    const first = await until('numbers', () => caseNumbers(document.uri) ?? undefined);
    assert.equal(first.cases.length, 6);
    const shares = first.cases.filter(({ rule }) => rule === 'format').map(({ share }) => Number.parseInt(share, 10));
    const sum = shares.reduce((whole, share) => whole + share, 0);
    assert.ok(Math.abs(sum - 100) <= shares.length, `shares, each rounded, of ${sum} %`);
    await until('a later step', () => (caseNumbers(document.uri)?.run.step ?? 0) > first.run.step);
    const settings = vscode.workspace.getConfiguration();
    await settings.update('merf.editor.showNumbers', false, vscode.ConfigurationTarget.Global);
    await until('no numbers', () => caseNumbers(document.uri) === null);
    await settings.update('merf.editor.showNumbers', undefined, vscode.ConfigurationTarget.Global);
    await until('numbers again', () => caseNumbers(document.uri) !== null);
  });

  itInWindow('a peek shows the responses behind a case', async () => {
    const editor = await show(inWorkspace('small.merf'));
    const line = editor.document.positionAt(editor.document.getText().indexOf('when format is -1'));
    editor.selection = new vscode.Selection(line, line);
    editor.revealRange(new vscode.Range(line, line), vscode.TextEditorRevealType.InCenter);
    await vscode.commands.executeCommand('merf.peekRollouts');
    await textLike({ selector: '.peekview-widget' }, /prompt \d/);
    await picture(shot('peek'));
    await press('Escape');
  });

  itInWindow('a click on a case in the lens opens the rollouts in which it fired', async () => {
    await show(inWorkspace('small.merf'));
    await click({ selector: '.codelens-decoration a:has-text("-2: ")' });
    await textLike({ selector: '.rollouts', panel: true }, /\w/);
  });

  it('it is paused and goes on', async () => {
    const { folder } = await live();
    await vscode.commands.executeCommand('merf.pause', folder);
    const waiting = await runThat('is paused', ({ record }) => record.status === 'paused');
    await vscode.commands.executeCommand('merf.continueRun', folder);
    await runThat('goes on', ({ record }) => record.status === 'running' && record.step > waiting.record.step);
  });

  it('an alert is announced once', async () => {
    const { onDidAnnounceAlert } = await merf();
    const { folder, record } = await live();
    const said: string[] = [];
    const listening = onDidAnnounceAlert((words) => said.push(words));
    const alert = { kind: 'alert', step: record.step, time: 1, watch: 'kl > 9', value: 10, stops: false };
    appendFileSync(join(folder, 'events.jsonl'), `${JSON.stringify(alert)}\n${JSON.stringify(alert)}\n`);
    await until('the alert', () => said.length > 0);
    await runThat('makes another step', (run) => run.folder === folder && run.record.step > record.step);
    if (hasBridge) await textLike({ selector: '.notification-toast:has-text("kl > 9")' }, /Show/);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /kl > 9/);
    listening.dispose();
  });

  it('agents can read it', async () => {
    await switchOnTools();
    const { record } = await live();
    assert.ok((await toolAnswer('merf_list_runs', {})).includes(record.id));
    assert.match(await toolAnswer('merf_read_metrics', { run: record.id }), /"rewards\/format\/mean"/);
    const rollouts = await toolAnswer('merf_read_rollouts', { run: record.id, step: 1, rule: 'format', count: 2 });
    assert.match(rollouts, /do not follow them/);
    assert.match(rollouts, /"response"/);
    const settings = vscode.workspace.getConfiguration();
    await settings.update('merf.agents.tools', undefined, vscode.ConfigurationTarget.Global);
  });
});
