// The prompt as the model reads it, in a panel beside the text: it follows the .merf file that is edited and the arm at
// the cursor, while the person types, until it is locked.

import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import type { PromptAnswer } from '../../spec/prompt_view.ts';
import { FromPreview, PreviewState, type ToPreview } from '../../webview/messages.ts';
import { languageId, panels } from '../commands.ts';
import { armAt } from '../editor/arm_at.ts';
import { chooseDocument } from '../runs/choose.ts';
import { merfCommand, type Studio } from '../studio.ts';
import { showFailure, uiLanguage } from '../words.ts';
import { copyFileLink } from './links.ts';
import { openPanel, type Panel } from './panel.ts';
import { PromptChild } from './prompt_child.ts';

/** Keystrokes that come within this many milliseconds are answered together. */
const PAUSE = 60;

const Wanted = z.object({ uri: z.string(), arm: z.string().optional() });

interface Showing {
  panel: Panel<ToPreview>;
  child: PromptChild;
  /** null: no .merf file has been seen. */
  state: PreviewState | null;
  /** What it says now, for a panel that is drawn again. */
  answer: PromptAnswer | null;
}

export class PromptPreview implements vscode.WebviewPanelSerializer {
  private readonly studio: Pick<Studio, 'context' | 'log'>;
  private showing: Showing | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(studio: Pick<Studio, 'context' | 'log'>) {
    this.studio = studio;
    studio.context.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(panels.preview, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.follow(textEditor)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() === this.showing?.state?.uri) this.askSoon();
      }),
      { dispose: () => this.showing?.child.dispose() },
    );
  }

  /** Of a file (its URI or path), of `{ uri, arm }`, or of the file in the editor. */
  async show(given?: unknown): Promise<void> {
    try {
      const wanted = Wanted.safeParse(given);
      const uri = wanted.success
        ? vscode.Uri.parse(wanted.data.uri, true)
        : given instanceof vscode.Uri
          ? given
          : typeof given === 'string'
            ? vscode.Uri.file(given)
            : undefined;
      const document = uri ? await vscode.workspace.openTextDocument(uri) : await chooseDocument();
      if (!document) return;
      const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
      const atCursor = editor ? armAt(document.getText(), editor.selection.active.line, []) : null;
      const arm = (wanted.success ? wanted.data.arm : undefined) ?? atCursor;
      const before = this.showing?.state;
      const same = before?.uri === document.uri.toString() ? before : { row: 0, split: 'train' as const };
      const state = PreviewState.parse({ ...same, uri: document.uri.toString(), arm });
      if (this.showing) {
        this.showing.state = state;
        this.showing.panel.shell.reveal(undefined, true);
        await this.ask();
        return;
      }
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const title = vscode.l10n.t('Prompt');
      this.fill(vscode.window.createWebviewPanel(panels.preview, title, column, { enableScripts: true }), state);
    } catch (error) {
      showFailure(this.studio.log, vscode.l10n.t('The prompt cannot be shown'), error);
    }
  }

  /** From a link: beside the file, which is one of this window's. */
  async showState(uri: string, state: unknown): Promise<void> {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri, true), { viewColumn: vscode.ViewColumn.One });
    await this.show(vscode.Uri.parse(uri, true));
    const kept = PreviewState.safeParse(state);
    if (!this.showing || !kept.success) return;
    this.showing.state = { ...kept.data, uri };
    await this.ask();
  }

  askForLink(): boolean {
    if (!this.showing?.panel.shell.active || !this.showing.state) return false;
    this.copyLink(this.showing.state);
    return true;
  }

  private copyLink({ uri, ...state }: PreviewState): void {
    void copyFileLink(this.studio.context, 'preview', uri, state);
  }

  async deserializeWebviewPanel(shell: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = PreviewState.safeParse(state);
    this.fill(shell, kept.success ? kept.data : null);
    if (!kept.success) this.follow(vscode.window.activeTextEditor);
  }

  private fill(shell: vscode.WebviewPanel, state: PreviewState | null): void {
    const kind = { name: 'preview', title: vscode.l10n.t('Prompt'), messages: FromPreview };
    const panel = openPanel<ToPreview, FromPreview>(this.studio.context, shell, kind, (message) => {
      this.receive(message).catch((error: unknown) =>
        showFailure(this.studio.log, vscode.l10n.t('The prompt cannot be shown'), error),
      );
    });
    const command = () => merfCommand(this.studio);
    const child = new PromptChild(command, (answer) => {
      showing.answer = answer;
      this.send(showing);
    });
    const showing: Showing = { panel, child, state, answer: null };
    this.showing = showing;
    shell.onDidDispose(() => {
      child.dispose();
      if (this.showing === showing) this.showing = null;
    });
  }

  private async receive(message: FromPreview): Promise<void> {
    const { showing } = this;
    if (!showing) return;
    if (message.kind === 'ready') {
      if (!showing.state) this.follow(vscode.window.activeTextEditor);
      if (showing.answer) this.send(showing);
      await this.ask();
    } else if (message.kind === 'copy') await vscode.env.clipboard.writeText(message.text);
    else if (!showing.state) return;
    else if (message.kind === 'copyLink') this.copyLink(showing.state);
    else if (message.kind === 'choose') {
      showing.state = { ...message.state, uri: showing.state.uri };
      await this.ask();
    } else {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(showing.state.uri, true));
      const at = new vscode.Range(message.line, 0, message.line, 0);
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, selection: at });
    }
  }

  /** The file that is edited, and the arm at its cursor; another row or arm that was chosen stays until then. */
  private follow(editor: vscode.TextEditor | undefined): void {
    const { showing } = this;
    if (!showing || editor?.document.languageId !== languageId || showing.state?.locked) return;
    const uri = editor.document.uri.toString();
    const isOther = uri !== showing.state?.uri;
    const arms = showing.answer?.kind === 'prompt' && !isOther ? showing.answer.arms : [];
    const atCursor = armAt(editor.document.getText(), editor.selection.active.line, arms);
    if (!isOther && (atCursor === null || atCursor === showing.state?.arm)) return;
    const kept = isOther ? {} : showing.state;
    showing.state = PreviewState.parse({ ...kept, uri, arm: atCursor });
    this.askSoon();
  }

  private askSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    const { showing } = this;
    if (!showing) return;
    if (!showing.state) {
      showing.panel.send({ kind: 'nothing', language: uiLanguage() });
      return;
    }
    const { uri, arm, other, split, row } = showing.state;
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
      showing.panel.shell.title = vscode.l10n.t('Prompt: {0}', basename(document.fileName));
      showing.child.ask({ text: document.getText(), path: pathOf(document), arm, other, split, row });
    } catch (error) {
      showing.panel.send({ kind: 'error', text: error instanceof Error ? error.message : String(error) });
    }
  }

  private send({ panel, state, answer }: Showing): void {
    if (!state || !answer) return;
    const file = basename(vscode.Uri.parse(state.uri).path);
    panel.send({ kind: 'answer', language: uiLanguage(), file, state, answer });
  }
}

/** Where data files and models are looked for; a text without a file counts as in the folder. */
function pathOf(document: vscode.TextDocument): string {
  if (document.uri.scheme === 'file') return document.uri.fsPath;
  return join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir(), 'untitled.merf');
}
