// A second window on the folder of a run that goes on: it finds the run by itself, repeats no alert, and what a person
// does to the run there is seen here.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeOtherWindow, command, countOf, itInWindow, picture, shot, textLike } from '../window.ts';
import { merf, runThat } from '../workspace.ts';

const other = true;
const live = () => runThat('is running', ({ record }) => record.steps === 5000 && record.status === 'running');

describe('a second window on the same run', () => {
  before(merf);
  after(closeOtherWindow);

  itInWindow('follows it too, and is quiet about the alert that was announced', async () => {
    const { record } = await live();
    const progress = { selector: '.statusbar-item[id*="merf.progress"]', other };
    await textLike({ ...progress, wait: 60_000 }, /rlvr \d+\/5000/);
    const later = new RegExp(`rlvr (?!${record.step}/)\\d+/5000`);
    await textLike(progress, later);
    await picture(shot('second-window'), { other });
    assert.equal(await countOf({ selector: '.notification-toast:has-text("kl > 9")', other }), 0);
  });

  itInWindow('pauses it and lets it go on, which both see', async () => {
    const { folder } = await live();
    await command('MeRF: Pause', 'merf.pause', { other });
    const waiting = await runThat('is paused', ({ record }) => record.status === 'paused');
    assert.equal(waiting.folder, folder);
    await command('MeRF: Continue', 'merf.continueRun', { other });
    await runThat('goes on', ({ record }) => record.status === 'running' && record.step > waiting.record.step);
  });

  itInWindow('is closed, and the run goes on', async () => {
    const { record } = await live();
    await closeOtherWindow();
    await runThat('goes on', (run) => run.record.id === record.id && run.record.step > record.step + 2);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
