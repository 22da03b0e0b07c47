// Hover: the signature and the documentation of the name, or of the word of the language, under the cursor.

import { CstUtils, GrammarAST } from 'langium';
import type { Hover, Position } from 'vscode-languageserver';
import { keywordDoc } from '../keywords.ts';
import { type EditorDocument, occurrenceAt, rangeOf } from './document.ts';

export function hoverAt(document: EditorDocument, position: Position): Hover | null {
  const offset = document.text.offsetAt(position);
  const occurrence = occurrenceAt(document, offset);
  if (occurrence) {
    const { signature, doc } = occurrence.thing;
    return { contents: markdown(signature, doc), range: rangeOf(document, occurrence.span) };
  }
  return keywordHover(document, offset);
}

function keywordHover(document: EditorDocument, offset: number): Hover | null {
  const root = document.analysed.file.$cstNode;
  const leaf = root && CstUtils.findLeafNodeAtOffset(root, offset);
  if (!leaf || !GrammarAST.isKeyword(leaf.grammarSource)) return null;
  const entry = keywordDoc(leaf.text, leaf.astNode.$type);
  if (!entry) return null;
  const contents = markdown(entry.example, entry.doc);
  return { contents, range: rangeOf(document, { start: leaf.offset, end: leaf.end }) };
}

/** Code in .merf's colours, then text. */
export function markdown(code: string, text: string): { kind: 'markdown'; value: string } {
  return { kind: 'markdown', value: `\`\`\`merf\n${code}\n\`\`\`\n\n${text}`.trim() };
}
