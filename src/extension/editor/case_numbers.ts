// Beside each case of a .merf file its share in the latest step and a small curve of it over the steps; under the cursor
// a way to the responses behind the number. The language server knows the numbers, this file draws them.

import * as vscode from 'vscode';
import { commands, languageId } from '../commands.ts';
import { caseNumbersShown } from '../studio.ts';
import { caseCurve, type Ground, imageAddress } from './case_curve.ts';
import type { CaseItem, CaseNumbers } from './language.ts';
import { toRange } from './ranges.ts';

/** Changes that come within this many milliseconds are drawn together. */
const PAUSE = 250;

/** Which responses a number is about. */
export interface CasePlace {
  folder: string;
  step: number;
  rule: string;
  case: number;
}

export class CaseNumbersView implements vscode.Disposable, vscode.HoverProvider {
  private readonly shares = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 1.5em' },
  });
  private readonly curves = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { margin: '0 0 0 0.6em' },
  });
  /** What is drawn, by the text's URI. */
  private readonly drawn = new Map<string, CaseNumbers>();
  private readonly listening: vscode.Disposable[];
  private readonly numbersOf: (uri: vscode.Uri) => Promise<CaseNumbers | null>;
  private hovering: vscode.Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(numbersOf: (uri: vscode.Uri) => Promise<CaseNumbers | null>) {
    this.numbersOf = numbersOf;
    this.listening = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.drawSoon()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === languageId) this.drawSoon();
      }),
    ];
  }

  /** Its part of a hover stands above those of providers that came before it: the server's. */
  hoverAboveOthers(): void {
    this.hovering?.dispose();
    this.hovering = vscode.languages.registerHoverProvider({ language: languageId, scheme: 'file' }, this);
  }

  /** Draws again soon, in every .merf file that is shown. */
  drawSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const editor of vscode.window.visibleTextEditors) {
        if (editor.document.languageId === languageId) void this.draw(editor);
      }
    }, PAUSE);
  }

  /** What is drawn in a text now. */
  of(uri: vscode.Uri): CaseNumbers | null {
    return this.drawn.get(uri.toString()) ?? null;
  }

  /** The case that a line is about; null: none that the latest run has numbers of. */
  at(uri: vscode.Uri, line: number): CasePlace | null {
    const numbers = this.of(uri);
    const found = numbers?.cases.find(({ range }) => range.start.line === line);
    if (!numbers || !found) return null;
    const { folder, step } = numbers.run;
    return { folder, step, rule: found.rule, case: found.case };
  }

  /** Beside what the server says of a case: the responses themselves. */
  provideHover({ uri }: vscode.TextDocument, { line }: vscode.Position): vscode.Hover | null {
    const place = this.at(uri, line);
    if (!place) return null;
    const link = (words: string, command: string) =>
      `[${words}](command:${command}?${encodeURIComponent(JSON.stringify([place]))})`;
    const text = new vscode.MarkdownString(
      [
        link(vscode.l10n.t('$(comment-discussion) Open these rollouts'), commands.openRollouts),
        link(vscode.l10n.t('$(eye) Peek at them'), commands.peekRollouts),
      ].join('  ·  '),
      true,
    );
    text.isTrusted = { enabledCommands: [commands.openRollouts, commands.peekRollouts] };
    return new vscode.Hover(text);
  }

  private async draw(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const { version } = document;
    const numbers = caseNumbersShown() ? await this.numbersOf(document.uri).catch(() => null) : null;
    if (document.version !== version) return; // the text has changed meanwhile, and is asked about again
    if (numbers) this.drawn.set(document.uri.toString(), numbers);
    else this.drawn.delete(document.uri.toString());
    const cases = numbers?.cases ?? [];
    editor.setDecorations(this.shares, cases.map(shareOf));
    editor.setDecorations(this.curves, cases.flatMap(curveOf));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.hovering?.dispose();
    for (const one of [...this.listening, this.shares, this.curves]) one.dispose();
  }
}

function lineEnd({ range }: CaseItem): vscode.Range {
  const { end } = toRange(range);
  return new vscode.Range(end, end);
}

function shareOf(item: CaseItem): vscode.DecorationOptions {
  return { range: lineEnd(item), renderOptions: { after: { contentText: item.share } } };
}

function curveOf(item: CaseItem): vscode.DecorationOptions[] {
  const image = (ground: Ground) => {
    const svg = caseCurve(item.curve, ground);
    return svg === null ? {} : { after: { contentIconPath: vscode.Uri.parse(imageAddress(svg)) } };
  };
  if (item.curve.length < 2) return [];
  return [{ range: lineEnd(item), renderOptions: { light: image('light'), dark: image('dark') } }];
}
