// A text as the editor's services see it: analysed once per version, with what its last readable version knew, so that
// completion still offers names while the text is broken.

import { CstUtils, type LeafCstNode } from 'langium';
import type { Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Capture, Column } from '../../spec/specification.ts';
import type { NamedThing, Occurrence, Span } from '../analysis.ts';
import { type Analysed, analyse } from '../check.ts';
import { parse } from '../parse.ts';
import { Reader } from '../reader.ts';
import { NOTHING_AROUND, type Surroundings } from '../surroundings.ts';
import { besideOf } from './uri.ts';

export interface EditorDocument {
  text: TextDocument;
  /** The text's version when it was analysed: the text itself is updated in place. */
  version: number;
  analysed: Analysed;
  /** Names of the last version without syntax errors. */
  remembered: readonly NamedThing[];
  /** The task's columns and the captures; of an earlier version where this one's section cannot be read. */
  columns: readonly Column[];
  captures: readonly Capture[];
  around: Surroundings;
  /** Reads the text's next version. */
  reader: Reader;
}

export function openDocument(
  text: TextDocument,
  around: Surroundings = NOTHING_AROUND,
  before?: EditorDocument,
): EditorDocument {
  const reader = before?.reader ?? new Reader();
  const analysed = analyse(text.getText(), around, reader);
  const isReadable = analysed.diagnostics.every(({ code }) => code !== 'MERF101');
  const remembered = isReadable ? analysed.analysis.things : (before?.remembered ?? []);
  const { task, captures } = analysed.understood;
  return {
    text,
    version: text.version,
    analysed,
    remembered,
    columns: task.columns.length > 0 ? task.columns : (before?.columns ?? []),
    captures: captures.length > 0 ? captures : (before?.captures ?? []),
    around,
    reader,
  };
}

/** The word or sign at an offset, in the tree of the text as a whole. */
export function leafAt({ text }: EditorDocument, offset: number): LeafCstNode | undefined {
  const root = parse(text.getText()).value.$cstNode;
  return root && CstUtils.findLeafNodeAtOffset(root, offset);
}

/** The occurrence at an offset, the innermost where they nest; the end of a name counts as on it. */
export function occurrenceAt({ analysed }: EditorDocument, offset: number): Occurrence | undefined {
  let best: Occurrence | undefined;
  for (const occurrence of analysed.analysis.occurrences) {
    const { start, end } = occurrence.span;
    if (offset < start || offset > end || start === end) continue;
    if (!best || end - start < best.span.end - best.span.start) best = occurrence;
  }
  return best;
}

/** Every place where a thing is named, its definition among them. */
export function occurrencesOf({ analysed }: EditorDocument, thing: NamedThing): Occurrence[] {
  const spans = new Set<number>();
  return analysed.analysis.occurrences.filter((occurrence) => {
    if (!isSame(occurrence.thing, thing) || spans.has(occurrence.span.start)) return false;
    spans.add(occurrence.span.start);
    return true;
  });
}

/** What the language brings along has no definition, and so is the same by its name. */
function isSame(a: NamedThing, b: NamedThing): boolean {
  return a === b || (a.definition === null && b.definition === null && a.kind === b.kind && a.name === b.name);
}

/** Where a span stands: in the text, or in a file that it imports. */
export function locationOf(document: EditorDocument, span: Span): Location {
  const { analysis } = document.analysed;
  const from = analysis.importAt(span.start);
  const uri = from && besideOf(document.text.uri, from.path);
  if (!uri) return { uri: document.text.uri, range: rangeOf(document, span) };
  const [start, end] = [analysis.place(span.start), analysis.place(span.end)];
  return {
    uri,
    range: { start: { line: start.line, character: start.column }, end: { line: end.line, character: end.column } },
  };
}

export function rangeOf({ text }: EditorDocument, span: Span) {
  return { start: text.positionAt(span.start), end: text.positionAt(span.end) };
}
