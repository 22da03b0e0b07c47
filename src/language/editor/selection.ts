// Expanding the selection: from the word, the inside of a text, and the text to the expression, the case, the rule, the
// section and the file, along the syntax tree.

import type { CstNode } from 'langium';
import type { Position, SelectionRange } from 'vscode-languageserver';
import type { Span } from '../analysis.ts';
import { type EditorDocument, leafAt, rangeOf } from './document.ts';

export function selectionsAt(document: EditorDocument, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => selectionAt(document, document.text.offsetAt(position)));
}

function selectionAt(document: EditorDocument, offset: number): SelectionRange {
  const whole: Span = { start: 0, end: document.text.getText().length };
  let selection: SelectionRange = { range: rangeOf(document, whole) };
  let last = whole;
  for (const span of spansAround(document, offset)) {
    const isInside = span.start >= last.start && span.end <= last.end;
    if (!isInside || (span.start === last.start && span.end === last.end)) continue;
    selection = { range: rangeOf(document, span), parent: selection };
    last = span;
  }
  return selection;
}

/** From the outermost to the innermost. */
function spansAround(document: EditorDocument, offset: number): Span[] {
  const leaf = leafAt(document, offset);
  if (!leaf) return [];
  const spans: Span[] = [];
  for (let node: CstNode | undefined = leaf; node; node = node.container) {
    spans.unshift({ start: node.offset, end: node.end });
  }
  const quotes = leaf.text.startsWith('"""') ? 3 : leaf.text.startsWith('"') ? 1 : 0;
  if (quotes === 0) return spans;
  spans.push({ start: leaf.offset + quotes, end: leaf.end - quotes });
  return [...spans, wordAt(document.text.getText(), offset)];
}

function wordAt(text: string, offset: number): Span {
  let [start, end] = [offset, offset];
  while (/\w/.test(text.charAt(start - 1))) start--;
  while (/\w/.test(text.charAt(end))) end++;
  return { start, end };
}
