// The prompt as the model reads it, in a read-only document beside the file; it follows the file whenever it is saved.

import { basename } from 'node:path';
import * as vscode from 'vscode';
import { chooseArm, chooseFile } from './choose.ts';
import { schemes } from './commands.ts';
import { run } from './merf_command.ts';
import { merfCommand, rootOf, type Studio } from './studio.ts';
import { showFailure } from './words.ts';

export class PromptPreview implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly studio: Studio;

  constructor(studio: Studio) {
    this.studio = studio;
    studio.context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider(schemes.prompt, this),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        for (const { uri: shown } of vscode.workspace.textDocuments) {
          if (shown.scheme === schemes.prompt && fileOf(shown) === uri.fsPath) this.changed.fire(shown);
        }
      }),
    );
  }

  async show(given?: unknown): Promise<void> {
    try {
      const file = typeof given === 'string' ? given : await chooseFile();
      if (file === undefined) return;
      const arm = await chooseArm(this.studio, file);
      if (arm === undefined) return;
      const uri = vscode.Uri.from({
        scheme: schemes.prompt,
        // As Markdown, which VS Code wraps: a prompt has long lines.
        path: `/${basename(file, '.merf')} · ${arm}.md`,
        query: new URLSearchParams({ file, arm }).toString(),
      });
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    } catch (error) {
      await showFailure(this.studio.log, vscode.l10n.t('The prompt cannot be shown'), error);
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const file = fileOf(uri);
    const arm = new URLSearchParams(uri.query).get('arm') ?? '';
    const stopped = new AbortController();
    token.onCancellationRequested(() => stopped.abort());
    try {
      const args = ['prompt', file, '--arm', arm, '--row', '0'];
      return await run(merfCommand(this.studio), args, rootOf(file), stopped.signal);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

function fileOf(uri: vscode.Uri): string {
  return new URLSearchParams(uri.query).get('file') ?? '';
}
