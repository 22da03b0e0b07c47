// Texts with a cursor in them, written `<|>`.

import assert from 'node:assert/strict';
import type { Position } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

export function cursorIn(marked: string): { text: string; position: Position } {
  const offset = marked.indexOf('<|>');
  assert.notEqual(offset, -1, 'the text has no <|>');
  const text = marked.replace('<|>', '');
  return { text, position: TextDocument.create('', 'merf', 1, text).positionAt(offset) };
}
