// Links in the text: a model by its hub id leads to its page.

import { AstUtils } from 'langium';
import type { DocumentLink } from 'vscode-languageserver';
import { spanOf } from '../analysis.ts';
import { isSetting } from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { type EditorDocument, rangeOf } from './document.ts';

const HUB_ID = /^[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\/[A-Za-z0-9][\w.-]*$/;

export function linksOf(document: EditorDocument): DocumentLink[] {
  const links: DocumentLink[] = [];
  for (const node of AstUtils.streamAst(document.analysed.file)) {
    if (!isSetting(node) || node.name !== 'model' || !node.text) continue;
    const id = readText(node.text).value;
    if (!HUB_ID.test(id)) continue;
    const { start, end } = spanOf(node.text);
    const range = rangeOf(document, { start: start + 1, end: end - 1 });
    links.push({ range, target: `https://huggingface.co/${id}`, tooltip: 'The model on its hub' });
  }
  return links;
}
