// The report of an experiment: written by `merf report` as one file, and shown here as it would be in a browser.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { rootOfRun } from '../run/location.ts';
import { chooseRun } from './choose.ts';
import { panels } from './commands.ts';
import { run } from './merf_command.ts';
import { notice } from './notice.ts';
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
    offerFile(file);
    return file;
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The report was not made'), error);
    return undefined;
  }
}

function offerFile(file: string): void {
  const words = vscode.l10n.t('The report is one file that needs nothing else: {0}', file);
  const uri = vscode.Uri.file(file);
  notice(
    'information',
    words,
    { title: vscode.l10n.t('Open in Browser'), act: () => vscode.env.openExternal(uri) },
    { title: vscode.l10n.t('Reveal File'), act: () => vscode.commands.executeCommand('revealFileInOS', uri) },
  );
}
