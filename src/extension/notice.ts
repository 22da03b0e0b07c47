// A notification with buttons that nobody waits for: it may stay open for as long as the person likes, and the command
// that showed it is through. Dialogs whose answer a command needs are asked where they are needed, with `modal`.

import * as vscode from 'vscode';

export interface Choice {
  title: string;
  act: () => unknown;
}

const SHOW = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

export function notice(severity: keyof typeof SHOW, words: string, ...choices: Choice[]): void {
  void SHOW[severity](words, ...choices.map(({ title }) => title)).then((answer) =>
    choices.find(({ title }) => title === answer)?.act(),
  );
}
