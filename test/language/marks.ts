// Texts with any number of cursors in them, each written `<|>`.

import { type Position, TextDocument } from 'vscode-languageserver-textdocument';

export const MARK = '<|>';

export function marksIn(marked: string): { text: string; positions: Position[] } {
  const parts = marked.split(MARK);
  const text = parts.join('');
  const document = TextDocument.create('', 'merf', 1, text);
  let offset = 0;
  const positions = parts.slice(0, -1).map((part) => {
    offset += part.length;
    return document.positionAt(offset);
  });
  return { text, positions };
}
