// What can be done with a run that has ended: its report, its log, its folder, its files for other programs, a response as
// an example of the file. The run is the one that the first stage trained.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parquetMetadata } from 'hyparquet';
import * as vscode from 'vscode';
import type { KnownRun } from '../../../src/extension/runs/run_store.ts';
import { click, command, hasBridge, itInWindow, picture, shot, textLike, until } from '../window.ts';
import { inWorkspace, merf, runThat } from '../workspace.ts';

describe('a run that has ended', () => {
  let run: KnownRun;

  before(async () => {
    await merf();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    run = await runThat('has finished', ({ record }) => record.status === 'finished' && record.steps === 4);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('has a report, which is one file', async () => {
    const report = await vscode.commands.executeCommand<string>('merf.openReport', run.folder);
    assert.match(readFileSync(report, 'utf8'), /^<!doctype html>[\s\S]*<svg/i);
    if (hasBridge) {
      await textLike({ selector: 'main', panel: true }, /reward/i);
      await picture(shot('report'));
    }
  });

  itInWindow('has a link to its report', async () => {
    await vscode.commands.executeCommand('merf.openReport', run.folder);
    await textLike({ selector: 'main', panel: true }, /reward/i);
    await vscode.commands.executeCommand('merf.copyLink');
    const link = await until('a link', async () => {
      const copied = await vscode.env.clipboard.readText();
      return copied.includes('/report?') && vscode.Uri.parse(copied, true);
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { openLink } = await merf();
    await openLink(link);
    await textLike({ selector: 'main', panel: true }, /reward/i);
  });

  itInWindow('is shown in the Explorer of a window that is not on this desk', async () => {
    await vscode.commands.executeCommand('merf.revealRun', run.folder);
    const row = { selector: '.explorer-folders-view .monaco-list-row.focused' };
    await textLike(row, new RegExp(path.basename(run.folder)));
  });

  it('has a log', async () => {
    await vscode.commands.executeCommand('merf.showLog', run.folder);
    assert.equal(path.basename(vscode.window.activeTextEditor?.document.fileName ?? ''), 'log.txt');
  });

  it('gives its id to the clipboard', async () => {
    await vscode.commands.executeCommand('merf.copyRunId', run.folder);
    assert.equal(await vscode.env.clipboard.readText(), run.record.id);
  });

  it('has one of its responses added as an example, which passes', async () => {
    await vscode.commands.executeCommand('merf.addExample', {
      folder: run.folder,
      set: { kind: 'train', step: 1 },
      index: 0,
    });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(path.basename(document?.fileName ?? ''), 'small.merf');
    assert.match(document?.getText() ?? '', /\nexample "[^"]*step 1[^"]*"/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  for (const [what, ending] of [
    ['Metrics as CSV', 'csv'],
    ['JSON lines', 'jsonl'],
    ['Parquet', 'parquet'],
  ] as const) {
    itInWindow(`is exported: ${what}`, async () => {
      const file = inWorkspace(`${path.basename(run.folder)}.${ending}`);
      const exported = vscode.commands.executeCommand<string>('merf.exportRun', run.folder);
      await click({ selector: `.quick-input-list .monaco-list-row:has-text("${what}")` });
      await click({ selector: '.quick-input-widget .monaco-button:has-text("OK")' });
      assert.equal(await exported, file);
      await textLike({ selector: '.notification-toast' }, /Exported to/);
      assert.equal(await rowsOf(file, ending), ending === 'csv' ? run.record.steps : 4 * 2 * 4);
    });
  }

  it('the language server is started anew, and knows the file again', async () => {
    await vscode.commands.executeCommand('merf.restartLanguageServer');
    const uri = vscode.Uri.file(inWorkspace('small.merf'));
    await vscode.window.showTextDocument(uri);
    const symbols = await until('symbols', async () => {
      const found = await vscode.commands.executeCommand<unknown[]>('vscode.executeDocumentSymbolProvider', uri);
      return found !== undefined && found.length > 0 && found;
    });
    assert.ok(symbols.length > 0);
  });

  it('a command for runs says so where there is none of that kind', async () => {
    void command('MeRF: Stop', 'merf.stop');
    if (hasBridge) await textLike({ selector: '.notification-toast' }, /Nothing is training/);
  });
});

/** Steps of the table of metrics; responses of the others: each step has two prompts with four. */
async function rowsOf(file: string, ending: 'csv' | 'jsonl' | 'parquet'): Promise<number> {
  if (ending === 'parquet') return Number(parquetMetadata(new Uint8Array(readFileSync(file)).buffer).num_rows);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  if (ending === 'jsonl') return lines.length;
  const at = lines[0]?.split(',').indexOf('step') ?? -1;
  return Number(lines.at(-1)?.split(',')[at]);
}
