// Shows a file or a folder where the person can go on with it: in the system's file manager; in a window on another machine
// or in a browser in the Explorer; and what lies outside its folders is named, to be copied or opened in a terminal.

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { notice } from './notice.ts';

/** Whether this window's files are on the machine that the person sits at. */
export function isOnThisMachine(): boolean {
  return vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
}

export async function reveal(uri: vscode.Uri): Promise<void> {
  if (isOnThisMachine()) await vscode.commands.executeCommand('revealFileInOS', uri);
  else if (vscode.workspace.getWorkspaceFolder(uri)) await vscode.commands.executeCommand('revealInExplorer', uri);
  else name(uri.fsPath);
}

function name(path: string): void {
  const words = vscode.l10n.t('It lies on the machine this window works on, outside its folders: {0}', path);
  const copy = vscode.l10n.t('Copy Path');
  const terminal = vscode.l10n.t('Open in Terminal');
  notice(
    'information',
    words,
    { title: copy, act: () => vscode.env.clipboard.writeText(path) },
    { title: terminal, act: () => vscode.window.createTerminal({ cwd: folderOf(path) }).show() },
  );
}

function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}
