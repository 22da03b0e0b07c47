// The report of an experiment: written by `merf report` as one file, and shown here as it would be in a browser.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { rootOfRun } from '../run/location.ts';
import { chooseRun } from './choose.ts';
import { panels } from './commands.ts';
import { run } from './merf_command.ts';
import { siblingsOf } from './run_store.ts';
import { merfCommand, type Studio } from './studio.ts';
import { showFailure, uiLanguage } from './words.ts';

export async function openReport(studio: Studio, given?: unknown): Promise<string | undefined> {
  const none = vscode.l10n.t('There is no run yet. Open a .merf file and choose “MeRF: Train”.');
  const chosen = await chooseRun(studio, given, () => true, none);
  if (!chosen) return undefined;
  const { experiment } = chosen.record;
  const title = vscode.l10n.t('Report: {0}', experiment);
  try {
    const root = rootOfRun(chosen.folder);
    const file = join(root, '.merf', 'reports', `${experiment}.html`);
    const folders = siblingsOf(studio.store.runs(), chosen.folder).map(({ folder }) => folder);
    const args = ['report', ...folders, '--out', file, '--lang', uiLanguage()];
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `MeRF: ${title}` }, () =>
      run(merfCommand(studio), args, root),
    );
    const shell = vscode.window.createWebviewPanel(panels.report, title, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [],
    });
    // The page brings its own content security policy: only its own script and style, by their hashes.
    shell.webview.html = await readFile(file, 'utf8');
    void offerFile(file);
    return file;
  } catch (error) {
    await showFailure(studio.log, vscode.l10n.t('The report was not made'), error);
    return undefined;
  }
}

async function offerFile(file: string): Promise<void> {
  const browser = vscode.l10n.t('Open in Browser');
  const reveal = vscode.l10n.t('Reveal File');
  const words = vscode.l10n.t('The report is one file that needs nothing else: {0}', file);
  const answer = await vscode.window.showInformationMessage(words, browser, reveal);
  if (answer === browser) await vscode.env.openExternal(vscode.Uri.file(file));
  if (answer === reveal) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
}
