// What the extension says to the person: failures as one sentence with what to do, in a notification and in the log.

import * as vscode from 'vscode';
import { explain } from '../spec/error.ts';
import type { Language } from '../webview/messages.ts';
import { CommandFailure } from './merf_command.ts';
import { notice } from './notice.ts';

/** The language of the panels, from the one VS Code is shown in. */
export function uiLanguage(): Language {
  return vscode.env.language.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

export function showFailure(log: vscode.LogOutputChannel, what: string, error: unknown): void {
  const words = error instanceof CommandFailure ? error.message : explain(error);
  const trace = error instanceof Error && !(error instanceof CommandFailure) ? (error.stack ?? words) : words;
  log.error(`${what}: ${trace}`);
  // A notification is one paragraph; what is longer is in the log.
  const line = words.replace(/\s+/g, ' ').trim();
  const short = line.length > 400 ? `${line.slice(0, 400)}…` : line;
  notice('error', `${what}: ${short}`, { title: vscode.l10n.t('Show Log'), act: () => log.show() });
}
