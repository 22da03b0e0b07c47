// The outline (captures, rules, motivations, arms, examples) and what can be folded (sections, blocks, long texts,
// runs of comments).

import { AstUtils } from 'langium';
import { type DocumentSymbol, type FoldingRange, FoldingRangeKind, SymbolKind } from 'vscode-languageserver';
import type { NamedThing, Span } from '../analysis.ts';
import { spanOf } from '../analysis.ts';
import { readText } from '../literals.ts';
import { type EditorDocument, rangeOf } from './document.ts';

const ICONS: Partial<Record<NamedThing['kind'], SymbolKind>> = {
  experiment: SymbolKind.Module,
  capture: SymbolKind.Field,
  rule: SymbolKind.Function,
  verifier: SymbolKind.Interface,
  judge: SymbolKind.Interface,
  motivation: SymbolKind.String,
  arm: SymbolKind.Class,
  stage: SymbolKind.Class,
};

export function symbolsOf(document: EditorDocument): DocumentSymbol[] {
  const symbols: DocumentSymbol[] = [];
  const { analysis } = document.analysed;
  for (const thing of analysis.things) {
    const kind = ICONS[thing.kind];
    if (kind === undefined || thing.name === '' || !thing.definition || !thing.extent) continue;
    if (!analysis.isOwn(thing.definition)) continue;
    const selectionRange = rangeOf(document, thing.definition);
    const range = rangeOf(document, thing.extent);
    symbols.push({ name: thing.name, detail: thing.kind, kind, range, selectionRange });
  }
  for (const section of document.analysed.file.sections ?? []) {
    if (section.$type !== 'ExampleSection') continue;
    const name = readText(section.title).value || 'example';
    const range = rangeOf(document, spanOf(section));
    symbols.push({ name, detail: 'example', kind: SymbolKind.Event, range, selectionRange: range });
  }
  return symbols.sort((a, b) => a.range.start.line - b.range.start.line);
}

export function foldsOf(document: EditorDocument): FoldingRange[] {
  const folds = new Map<number, FoldingRange>();
  for (const node of AstUtils.streamAst(document.analysed.file)) {
    if (node.$type !== 'File') addFold(folds, document, spanOf(node));
  }
  for (const fold of commentFolds(document.text.getText())) folds.set(fold.startLine, fold);
  return [...folds.values()].sort((a, b) => a.startLine - b.startLine);
}

/** The last line, with its closing brace, stays visible. */
function addFold(folds: Map<number, FoldingRange>, document: EditorDocument, span: Span): void {
  const { start, end } = rangeOf(document, span);
  const endLine = end.line - 1;
  const before = folds.get(start.line);
  if (endLine > start.line && (!before || before.endLine < endLine)) {
    folds.set(start.line, { startLine: start.line, endLine });
  }
}

function commentFolds(text: string): FoldingRange[] {
  const folds: FoldingRange[] = [];
  let startLine = -1;
  const lines = [...text.split('\n'), ''];
  lines.forEach((line, index) => {
    const isComment = line.trimStart().startsWith('//');
    if (isComment && startLine === -1) startLine = index;
    if (isComment || startLine === -1) return;
    if (index - startLine > 1) folds.push({ startLine, endLine: index - 1, kind: FoldingRangeKind.Comment });
    startLine = -1;
  });
  return folds;
}
