// Definition, references, highlights and rename: look-ups in the occurrences that checking collected.

import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type Position,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { RESERVED_WORDS } from '../tokens.ts';
import { type EditorDocument, occurrenceAt, occurrencesOf, rangeOf } from './document.ts';

export function definitionAt(document: EditorDocument, position: Position): Location | null {
  const definition = occurrenceAt(document, document.text.offsetAt(position))?.thing.definition;
  return definition ? { uri: document.text.uri, range: rangeOf(document, definition) } : null;
}

export function referencesAt(document: EditorDocument, position: Position, withDefinition: boolean): Location[] {
  const found = occurrenceAt(document, document.text.offsetAt(position));
  if (!found) return [];
  return occurrencesOf(document, found.thing)
    .filter(({ span }) => withDefinition || span.start !== found.thing.definition?.start)
    .map(({ span }) => ({ uri: document.text.uri, range: rangeOf(document, span) }));
}

export function highlightsAt(document: EditorDocument, position: Position): DocumentHighlight[] {
  const found = occurrenceAt(document, document.text.offsetAt(position));
  if (!found) return [];
  return occurrencesOf(document, found.thing).map(({ span, thing }) => ({
    range: rangeOf(document, span),
    kind: span.start === thing.definition?.start ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}

/** The range of the name that would be renamed; null for what this file does not define. */
export function renamableAt(document: EditorDocument, position: Position): Range | null {
  const found = occurrenceAt(document, document.text.offsetAt(position));
  const { definition, kind } = found?.thing ?? {};
  return found && definition && kind !== 'column' ? rangeOf(document, found.span) : null;
}

/** What conditions read by name, and so must not share one. */
const READ_BY_NAME: readonly string[] = ['capture', 'rule', 'verifier', 'judge'];

/** The edit that renames, or why it cannot be done. */
export function renameAt(document: EditorDocument, position: Position, newName: string): WorkspaceEdit | string {
  const found = occurrenceAt(document, document.text.offsetAt(position));
  if (!found?.thing.definition) return 'Only names that this file defines can be renamed.';
  if (document.analysed.diagnostics.some(({ code }) => code === 'MERF101')) {
    return 'The text cannot be read completely, so not every place is known. Correct its errors first.';
  }
  if (!/^[A-Za-z_]\w*$/.test(newName)) return `${newName} is no name. Use letters, digits and _.`;
  if (RESERVED_WORDS.includes(newName)) return `${newName} is a word of the language. Choose another name.`;
  const { kind, name } = found.thing;
  if (kind === 'column') return 'The data file names its columns. Rename it there, and then here.';
  const sameScope = (other: string): boolean =>
    other === kind || (READ_BY_NAME.includes(kind) && READ_BY_NAME.includes(other));
  const taken = document.analysed.analysis.things.some((thing) => thing.name === newName && sameScope(thing.kind));
  if (taken && newName !== name) return `There is already a ${kind} ${newName}. Choose another name.`;
  const edits = occurrencesOf(document, found.thing).map(({ span }) => ({
    range: rangeOf(document, span),
    newText: newName,
  }));
  return { changes: { [document.text.uri]: edits } };
}
