// Formatting of a whole text, of some of its lines, and of what was just finished by typing `}` or a new line. The line
// that the cursor stands on is never touched while typing.

import { AstUtils } from 'langium';
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import { type Span, spanOf } from '../analysis.ts';
import { formatEdits, type TextEdit as SpanEdit } from '../format.ts';
import { type EditorDocument, rangeOf } from './document.ts';

export const FORMAT_ON = { firstTriggerCharacter: '}', moreTriggerCharacter: ['\n'] };

export function formatDocument(document: EditorDocument): TextEdit[] {
  return toLsp(document, editsOf(document));
}

/** Whole lines, with the white space above the first of them. */
export function formatLines(document: EditorDocument, { start, end }: Range): TextEdit[] {
  const first = document.text.offsetAt({ line: start.line, character: 0 });
  const isLineStart = end.character === 0 && end.line > start.line;
  return toLsp(document, within(editsOf(document), first, lineEnd(document, isLineStart ? end.line - 1 : end.line)));
}

export function formatTyped(document: EditorDocument, position: Position, typed: string): TextEdit[] {
  const cursor = document.text.offsetAt(position);
  if (typed === '}') {
    const closed = innermost(document, ({ start, end }) => end === cursor && start < end);
    const closes = closed && document.text.getText()[cursor - 1] === '}';
    return closes ? toLsp(document, within(editsOf(document), closed.start, cursor)) : [];
  }
  if (position.line === 0) return [];
  const end = lineEnd(document, position.line - 1);
  const around = innermost(document, ({ start, end: last }, type) => BLOCKS.has(type) && start < end && end <= last);
  const start = around?.start ?? document.text.offsetAt({ line: position.line - 1, character: 0 });
  const edits = within(editsOf(document), start, end);
  return toLsp(
    document,
    edits.filter(({ span }) => cursor < span.start || cursor > span.end),
  );
}

/** What is laid out as one when a line of it is finished. */
const BLOCKS: ReadonlySet<string> = new Set([
  'RuleDeclaration',
  'ResponseSection',
  'PromptSection',
  'TrainSection',
  'WatchSection',
  'ExampleSection',
]);

function editsOf({ analysed, text }: EditorDocument): SpanEdit[] {
  return (analysed.isReadable ? formatEdits(text.getText()) : null) ?? [];
}

function within(edits: readonly SpanEdit[], start: number, end: number): SpanEdit[] {
  return edits.filter(({ span }) => span.end >= start && span.end <= end);
}

function lineEnd({ text }: EditorDocument, line: number): number {
  const next = text.offsetAt({ line: line + 1, character: 0 });
  const isLast = line + 1 >= text.lineCount;
  return isLast ? next : next - (text.getText()[next - 2] === '\r' ? 2 : 1);
}

function innermost({ analysed }: EditorDocument, is: (span: Span, type: string) => boolean): Span | null {
  let found: Span | null = null;
  for (const node of AstUtils.streamAst(analysed.file)) {
    const span = spanOf(node);
    if (!is(span, node.$type)) continue;
    if (!found || span.end - span.start < found.end - found.start) found = span;
  }
  return found;
}

function toLsp(document: EditorDocument, edits: readonly SpanEdit[]): TextEdit[] {
  return edits.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text }));
}
