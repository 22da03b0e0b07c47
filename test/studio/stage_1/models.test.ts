// A model from a hub that asks for a token: refused with what to do, then the token by its command, the download, and the
// Models view. The hub is a server on loopback, the model the bundled one under another name.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { hubCacheFolder } from '../../../src/model/hub_cache.ts';
import { HubServer } from '../../model/hub_server.ts';
import { click, command, itInWindow, picture, shot, textLike, textOf, until, write } from '../window.ts';
import { inCheckout, merf } from '../workspace.ts';

const ID = 'studio/tiny';
const TOKEN = 'hf_studio_0b1f';
const box = { selector: '.quick-input-widget input' };
const toast = { selector: '.notification-toast' };
const row = (words: string) => ({ selector: `.pane-body .monaco-list-row:has-text("${words}")` });

describe('a model of the hub', () => {
  const hub = new HubServer(ID, filesIn(inCheckout('models/tiny')));

  before(async () => {
    await merf();
    hub.behaviour = { token: TOKEN };
    process.env.HF_ENDPOINT = await hub.listen(); // the extension and its processes have this environment too
  });
  after(async () => {
    delete process.env.HF_ENDPOINT;
    await hub.close();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  itInWindow('is refused without a token, with what to do', async () => {
    await download();
    await textLike(toast, /MeRF: Set Hugging Face Token/);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  itInWindow('comes with the token, which is asked for hidden and sent to the hub alone', async () => {
    await command('MeRF: Set Hugging Face Token', 'merf.setHubToken');
    await textOf({ selector: '.quick-input-widget input[type="password"]' });
    await write(box, TOKEN);
    await textLike({ selector: '.statusbar' }, /HF_TOKEN is kept/);
    await vscode.commands.executeCommand('merf.models.focus');
    await download();
    await textLike({ ...row(ID), wait: 60_000 }, /studio\/tiny[\s\S]*\d MB/);
    assert.equal(hub.asked.at(-1)?.authorization, `Bearer ${TOKEN}`);
    await picture(shot('models-view'));
  });

  itInWindow('is listed when another program has brought it, after a look', async () => {
    const cache = hubCacheFolder();
    cpSync(path.join(cache, 'models--studio--tiny'), path.join(cache, 'models--other--tiny'), { recursive: true });
    await vscode.commands.executeCommand('merf.refreshModels');
    await textLike(row('other/tiny'), /\d MB/);
  });

  itInWindow('lies outside the folders of a remote window, which names the place', async () => {
    await command('MeRF: Reveal Model', 'merf.revealModel');
    await click({ selector: `.quick-input-list .monaco-list-row:has-text("${ID}")` });
    await textLike(toast, /models--studio--tiny/);
    await click({ selector: '.notification-toast .monaco-button:has-text("Copy Path")' });
    const copied = await until('the path', async () => {
      const words = await vscode.env.clipboard.readText();
      return words.startsWith(hubCacheFolder()) && words;
    });
    assert.ok(statSync(copied).isDirectory(), copied);
  });
});

async function download(): Promise<void> {
  await command('MeRF: Download Model', 'merf.downloadModel');
  await write(box, ID);
}

function filesIn(folder: string): Map<string, Buffer> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))]));
}
