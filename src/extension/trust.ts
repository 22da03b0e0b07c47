// Workspace Trust: the language works everywhere; what starts a process that may run a workspace's code needs trust.

import * as vscode from 'vscode';
import { notice } from './notice.ts';

/** Whether the workspace is trusted; if not the person is told why it must be, with the way there. */
export function trusted(words: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const title = vscode.l10n.t('Manage Workspace Trust');
  notice('warning', words, { title, act: () => vscode.commands.executeCommand('workbench.trust.manage') });
  return false;
}
