// A download that somebody waits for, as a notification that says how far it is and can be cancelled; shown from the first
// word about a download on.

import * as vscode from 'vscode';
import { downloadState } from './download_progress.ts';

export class DownloadNotice {
  private readonly cancel: () => void;
  private report: ((state: { message: string; increment: number }) => void) | null = null;
  private shown = 0;
  private end: () => void = () => {};

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  /** Takes in what the process has said so far. */
  show(output: string): void {
    const state = downloadState(output);
    if (state === null) return;
    if (this.report === null) this.open();
    const increment = 100 * Math.max(0, state.share - this.shown);
    this.shown = Math.max(this.shown, state.share);
    this.report?.({ message: state.words, increment });
  }

  close(): void {
    this.end();
  }

  private open(): void {
    const location = vscode.ProgressLocation.Notification;
    const title = vscode.l10n.t('MeRF: downloading the model');
    void vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => this.cancel());
      this.report = (state) => progress.report(state);
      return new Promise<void>((resolve) => {
        this.end = resolve;
      });
    });
  }
}
