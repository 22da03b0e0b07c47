// Ranges as the language server and the `merf` command give them, to VS Code's.

import * as vscode from 'vscode';

interface PlainPosition {
  line: number;
  character: number;
}

export function toRange({ start, end }: { start: PlainPosition; end: PlainPosition }): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
