// What the extension says to the person: failures as one sentence with what to do, in a notification and in the log.

import * as vscode from 'vscode';
import { explain } from '../spec/error.ts';
import type { Language } from '../webview/messages.ts';
import { CommandFailure } from './merf_command.ts';

/** The language of the panels, from the one VS Code is shown in. */
export function uiLanguage(): Language {
  return vscode.env.language.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

export async function showFailure(log: vscode.LogOutputChannel, what: string, error: unknown): Promise<void> {
  const words = error instanceof CommandFailure ? error.message : explain(error);
  log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const first = words.split('\n').find((line) => line.trim() !== '') ?? words;
  const showLog = vscode.l10n.t('Show Log');
  if ((await vscode.window.showErrorMessage(`${what}: ${first}`, showLog)) === showLog) log.show();
}
