// The step that all panels of a window show: whoever moves it tells the others. One for the window, not for each run: who
// looks at step 120 of one arm wants to see step 120 of the other.

import * as vscode from 'vscode';
import type { RunStep } from '../../webview/messages.ts';

export class CurrentStep implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<{ at: RunStep; by: unknown }>();
  /** `by`: who moved it, who need not be told. */
  readonly onDidChange = this.changed.event;
  private now: RunStep | null = null;

  get at(): RunStep | null {
    return this.now;
  }

  set(at: RunStep, by: unknown): void {
    if (this.now?.folder === at.folder && this.now.step === at.step) return;
    this.now = at;
    this.changed.fire({ at, by });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
