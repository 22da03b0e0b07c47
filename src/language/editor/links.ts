// Links in the text: a model by its hub id leads to its page, and a path (an import, a data file, a verifier's script, a
// model's folder) to what it names. Whether it is there is the checker's to say.

import { AstUtils } from 'langium';
import type { DocumentLink } from 'vscode-languageserver';
import { spanOf } from '../analysis.ts';
import { isImportSection, isSetting, isTaskArgument, isVerifierSection, type TextLiteral } from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { type EditorDocument, rangeOf } from './document.ts';
import { besideOf } from './uri.ts';

const HUB_ID = /^[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\/[A-Za-z0-9][\w.-]*$/;
const DATA_FILE = /\.(?:jsonl|csv|parquet)$/i;

export function linksOf(document: EditorDocument): DocumentLink[] {
  const links: DocumentLink[] = [];
  const add = (literal: TextLiteral | undefined, target: (text: string) => string | null, tooltip: string): void => {
    const text = literal ? readText(literal).value : '';
    const to = text === '' ? null : target(text);
    if (!literal || to === null) return;
    const { start, end } = spanOf(literal);
    links.push({ range: rangeOf(document, { start: start + 1, end: end - 1 }), target: to, tooltip });
  };
  const file = (path: string): string | null => besideOf(document.text.uri, path);
  for (const node of AstUtils.streamAst(document.analysed.file)) {
    if (isImportSection(node)) add(node.path, file, 'The imported file');
    else if (isVerifierSection(node)) add(node.path, file, 'The script');
    else if (isTaskArgument(node))
      add(node.text, (path) => (DATA_FILE.test(path) ? file(path) : null), 'The data file');
    else if (isSetting(node) && node.name === 'model') {
      add(node.text, (id) => (HUB_ID.test(id) ? `https://huggingface.co/${id}` : null), 'The model on its hub');
    }
  }
  return links;
}
