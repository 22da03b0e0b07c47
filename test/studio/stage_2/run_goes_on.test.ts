// What the window says of a run that goes on, beside its panels: the numbers beside the cases, a peek, an alert, and what
// agents read of it.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  click,
  command,
  fieldOf,
  hasBridge,
  itInWindow,
  picture,
  press,
  shot,
  textLike,
  textOf,
  until,
  write,
} from '../window.ts';
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

  itInWindow('a peek shows the responses behind the case at the cursor, and a command opens them', async () => {
    await toCase();
    await vscode.commands.executeCommand('merf.peekRollouts');
    await textLike({ selector: '.peekview-widget' }, /prompt \d/);
    await picture(shot('peek'));
    await press('Escape');
    await toCase();
    await command('MeRF: Open Rollouts of This Case', 'merf.openCaseRollouts');
    const filter = { selector: '.filter-box input', panel: true };
    await until('its filter', async () => (await fieldOf(filter)) === 'case(correctness) == 0');
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

  itInWindow('the Runs view has experiment, arm and run, with what can be done by key', async () => {
    const { record } = await live();
    const row = { selector: '.pane-body .monaco-list-row:has-text("/5000")' };
    await vscode.commands.executeCommand('merf.runs.focus');
    await textLike(row, /seed 1[\s\S]*\d+\/5000/);
    await textLike({ selector: '.pane-body .monaco-list-row:has-text("1 run")' }, /rlvr|merf/);
    await picture(shot('runs-view'));
    await click({ selector: `${row.selector} .label-name` }); // opens the curves
    await textLike({ selector: 'main', panel: true }, /reward/i);
    await until('the id', async () => {
      await vscode.commands.executeCommand('merf.runs.focus');
      await press('Control+c');
      return (await vscode.env.clipboard.readText()) === record.id;
    });
  });

  itInWindow('the rollouts are filtered while new ones come', async () => {
    const { folder } = await live();
    await vscode.commands.executeCommand('merf.openRollouts', folder);
    const steps = { selector: '.toolbar output.step', panel: true };
    const before = await textLike(steps, /\d/);
    await write({ selector: '.filter-box input', panel: true }, 'not finished or reward < 9');
    await textLike({ selector: '.count', panel: true }, /^8 responses/);
    await write({ selector: '.filter-box input', panel: true }, 'reward > 9');
    await textLike({ selector: '.count', panel: true }, /^0 of 8 responses/);
    await until('more steps', async () => (await textOf(steps)) !== before);
    await textLike({ selector: '.count', panel: true }, /^0 of 8 responses/);
  });

  it('an alert is announced once, until it is silenced, and again after that was taken back', async () => {
    const { onDidAnnounceAlert } = await merf();
    const { folder, record } = await live();
    const said: string[] = [];
    const listening = onDidAnnounceAlert((words) => said.push(words));
    const raise = (more: object) => {
      const alert = { kind: 'alert', step: record.step, time: 1, watch: 'kl > 9', value: 10, stops: false, ...more };
      appendFileSync(join(folder, 'events.jsonl'), `${JSON.stringify(alert)}\n`);
    };
    const anotherStep = async () => {
      const { step } = (await live()).record;
      await runThat('makes another step', (run) => run.folder === folder && run.record.step > step);
    };
    raise({});
    raise({});
    await until('the alert', () => said.length > 0);
    await anotherStep();
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /kl > 9/);
    if (hasBridge) {
      const toast = '.notification-toast:has-text("kl > 9")';
      await textLike({ selector: toast }, /Show/);
      await click({ selector: `${toast} .monaco-button:has-text("Don’t show again")` });
      raise({ level: 'alarm' });
      await anotherStep();
      assert.equal(said.length, 1);
      await vscode.commands.executeCommand('merf.showAlertsAgain');
      raise({ level: 'alarm', step: record.step + 1 });
      await until('the alert', () => said.length > 1);
    }
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

/** Puts the cursor on a case of the file that is trained with. */
async function toCase(): Promise<void> {
  const editor = await show(inWorkspace('small.merf'));
  const at = editor.document.positionAt(editor.document.getText().indexOf('when format is -1'));
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
}
