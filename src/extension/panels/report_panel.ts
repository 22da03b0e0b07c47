// The report of an experiment: written by `merf report` as one file, and shown here as it would be in a browser.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { plainName, rootOfRun } from '../../run/location.ts';
import { ReportState } from '../../webview/messages.ts';
import { panels } from '../commands.ts';
import { run } from '../merf_command.ts';
import { notice } from '../notice.ts';
import { isOnThisMachine, reveal } from '../reveal.ts';
import { chooseRun } from '../runs/choose.ts';
import { type KnownRun, siblingsOf } from '../runs/run_store.ts';
import { merfCommand, type Studio } from '../studio.ts';
import { showFailure, uiLanguage } from '../words.ts';
import { copyLink } from './links.ts';

export class ReportPanels implements vscode.WebviewPanelSerializer {
  private readonly studio: Studio;
  /** A run of the experiment that each panel is about. */
  private readonly open = new Map<vscode.WebviewPanel, KnownRun>();

  constructor(studio: Studio) {
    this.studio = studio;
    studio.context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(panels.report, this));
  }

  /** Makes the report anew. Resolves with its file; undefined: there is none, and the person was told why. */
  async show(given?: unknown): Promise<string | undefined> {
    const none = vscode.l10n.t('There is no run yet. Open a .merf file and choose “MeRF: Train”.');
    const chosen = await chooseRun(this.studio, given, () => true, none);
    if (!chosen) return undefined;
    const title = vscode.l10n.t('Report: {0}', chosen.record.experiment);
    try {
      const file = reportFile(chosen);
      const folders = siblingsOf(this.studio.store.runs(), chosen.folder).map(({ folder }) => folder);
      const args = ['report', ...folders, '--out', file, '--lang', uiLanguage()];
      await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `MeRF: ${title}` }, () =>
        run(merfCommand(this.studio), args, rootOfRun(chosen.folder)),
      );
      const [there] = [...this.open].find(([, { record }]) => record.experiment === chosen.record.experiment) ?? [];
      const column = vscode.ViewColumn.Active;
      const shell = there ?? vscode.window.createWebviewPanel(panels.report, title, column, { enableScripts: true });
      there?.reveal();
      await this.fill(shell, chosen);
      offerFile(file);
      return file;
    } catch (error) {
      showFailure(this.studio.log, vscode.l10n.t('The report was not made'), error);
      return undefined;
    }
  }

  askForLink(): boolean {
    const [, chosen] = [...this.open].find(([shell]) => shell.active) ?? [];
    if (chosen) void copyLink(this.studio.context, this.studio.store, 'report', chosen.folder, {});
    return chosen !== undefined;
  }

  /** After a reload of the window: the file as it was made. */
  async deserializeWebviewPanel(shell: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.studio.store.refresh();
    const kept = ReportState.safeParse(state).data;
    const chosen = this.studio.store.runs().find(({ record }) => record.experiment === kept?.experiment);
    if (chosen && existsSync(reportFile(chosen))) await this.fill(shell, chosen);
    else shell.dispose();
  }

  private async fill(shell: vscode.WebviewPanel, chosen: KnownRun): Promise<void> {
    if (!this.open.has(shell)) shell.onDidDispose(() => this.open.delete(shell));
    this.open.set(shell, chosen);
    shell.webview.options = { enableScripts: true, localResourceRoots: [] };
    shell.iconPath = vscode.Uri.joinPath(this.studio.context.extensionUri, 'media', 'panel.svg');
    // The page brings its own content security policy: only its own script and style, by their hashes.
    shell.webview.html = await readFile(reportFile(chosen), 'utf8');
  }
}

/** One for each experiment; its name comes from a run's file, and leads nowhere else. */
function reportFile({ folder, record }: KnownRun): string {
  return join(rootOfRun(folder), '.merf', 'reports', `${plainName(record.experiment)}.html`);
}

function offerFile(file: string): void {
  const words = vscode.l10n.t('The report is one file that needs nothing else: {0}', file);
  const uri = vscode.Uri.file(file);
  const browser = { title: vscode.l10n.t('Open in Browser'), act: () => vscode.env.openExternal(uri) };
  notice('information', words, ...(isOnThisMachine() ? [browser] : []), {
    title: vscode.l10n.t('Reveal File'),
    act: () => reveal(uri),
  });
}
