// Workspace Trust: the language works everywhere; what starts a process that may run a workspace's code needs trust.

import * as vscode from 'vscode';

/** Whether the workspace is trusted; if not the person is told why it must be, with the way there. */
export async function trusted(words: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  if ((await vscode.window.showWarningMessage(words, manage)) === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
  return false;
}
