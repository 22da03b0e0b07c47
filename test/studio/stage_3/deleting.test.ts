// Deleting asks in a dialog. VS Code shows none in a window that runs tests, so a second window on the folder is asked, as a
// person would: in the Runs view by a key, from the palette, and by the dialogs' buttons.

import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { hubCacheFolder } from '../../../src/model/hub_cache.ts';
import { click, closeOtherWindow, command, itInWindow, picture, press, shot, textLike, until } from '../window.ts';
import { inWorkspace, merf, runThat } from '../workspace.ts';

const other = true;
const dialog = { selector: '.monaco-dialog-box', other };
const answer = (words: string) => click({ selector: `.monaco-dialog-box .monaco-button:has-text("${words}")`, other });
const row = { selector: '.pane-body .monaco-list-row:has-text("seed 77")', other, wait: 60_000 };
const copy = () => inWorkspace('.merf/runs/the-copy');

describe('deleting', () => {
  before(merf);
  after(closeOtherWindow);

  it('there is a run that another program has put there, found after a look', async () => {
    const { folder } = await runThat('has finished', ({ record }) => record.status === 'finished');
    cpSync(folder, copy(), { recursive: true });
    const file = path.join(copy(), 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...record, id: 'the-copy', seed: 77 }));
    await vscode.commands.executeCommand('merf.refreshRuns');
    await runThat('is the copy', (run) => run.folder === copy(), 5);
  });

  itInWindow('the run is asked about, and stays when the answer is no', async () => {
    await command('Focus on Runs View', 'merf.runs.focus', { other });
    await click(row);
    await press('Delete', { other });
    await textLike(dialog, /Delete the run the-copy with its rollouts and checkpoints\?/);
    await picture(shot('delete-run'), { other });
    await answer('Cancel');
    assert.ok(existsSync(copy()));
  });

  itInWindow('the run goes, and leaves every window', async () => {
    await command('MeRF: Delete Run', 'merf.deleteRun', { other });
    await click({ selector: '.quick-input-list .monaco-list-row:has-text("seed 77")', other });
    await answer('Move to Trash');
    await textLike(dialog, /no trash on this machine/);
    await answer('Delete Permanently');
    await until('the folder to go', () => !existsSync(copy()));
    const { runs } = await merf();
    await until('the run to leave this window', () => runs().every(({ folder }) => folder !== copy()));
  });

  itInWindow('a model that was downloaded goes after a word about who else may need it', async () => {
    const place = path.join(hubCacheFolder(), 'models--studio--tiny');
    assert.ok(existsSync(place));
    await command('MeRF: Delete Model', 'merf.deleteModel', { other });
    await click({ selector: '.quick-input-list .monaco-list-row:has-text("studio/tiny")', other });
    await textLike(dialog, /Delete the model studio\/tiny \(\d[^)]*MB\)\?[\s\S]*Other programs/);
    await picture(shot('delete-model'), { other });
    await answer('Delete');
    await until('the model to go', () => !existsSync(place));
  });
});
