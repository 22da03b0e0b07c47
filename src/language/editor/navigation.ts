// Definition, references, highlights and rename: look-ups in the occurrences that checking collected, in the text, in the
// files that it imports, and in the other texts that are open or lie in the editor's folders.

import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type Position,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { NamedThing } from '../analysis.ts';
import { RESERVED_WORDS } from '../tokens.ts';
import { type EditorDocument, locationOf, occurrenceAt, occurrencesOf, rangeOf } from './document.ts';
import { besideOf, isSameFile } from './uri.ts';

export function definitionAt(document: EditorDocument, position: Position): Location | null {
  const definition = occurrenceAt(document, document.text.offsetAt(position))?.thing.definition;
  return definition ? locationOf(document, definition) : null;
}

export function referencesAt(
  document: EditorDocument,
  position: Position,
  withDefinition: boolean,
  others: readonly EditorDocument[] = [],
): Location[] {
  const found = occurrenceAt(document, document.text.offsetAt(position));
  return found ? placesOf(document, found.thing, others, withDefinition) : [];
}

/** Where a thing is named: in the text, in its imports, and in other texts that know the same definition. */
function placesOf(
  document: EditorDocument,
  thing: NamedThing,
  others: readonly EditorDocument[],
  withDefinition = true,
): Location[] {
  if (!thing.definition) return occurrencesOf(document, thing).map(({ span }) => locationOf(document, span));
  const definition = locationOf(document, thing.definition);
  const places: Location[] = [];
  for (const each of [document, ...others.filter(({ text }) => text.uri !== document.text.uri)]) {
    const { occurrences, elsewhere } = each.analysed.analysis;
    for (const { span, thing: named } of [...occurrences, ...elsewhere]) {
      if (named.name !== thing.name || !named.definition) continue;
      if (!isSamePlace(locationOf(each, named.definition), definition)) continue;
      const place = locationOf(each, span);
      const isKnown = places.some((other) => isSamePlace(other, place));
      if (!isKnown && (withDefinition || !isSamePlace(place, definition))) places.push(place);
    }
  }
  return places;
}

function isSamePlace(a: Location, b: Location): boolean {
  const [from, to] = [a.range.start, b.range.start];
  return from.line === to.line && from.character === to.character && isSameFile(a.uri, b.uri);
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
export function renameAt(
  document: EditorDocument,
  position: Position,
  newName: string,
  others: readonly EditorDocument[] = [],
): WorkspaceEdit | string {
  const found = occurrenceAt(document, document.text.offsetAt(position));
  if (!found?.thing.definition) return 'Only names that this file defines can be renamed.';
  if (!/^[A-Za-z_]\w*$/.test(newName)) return `${newName} is no name. Use the letters A to Z and a to z, digits and _.`;
  if (RESERVED_WORDS.includes(newName)) return `${newName} is a word of the language. Choose another name.`;
  const { kind, name } = found.thing;
  if (kind === 'column') return 'The data file names its columns. Rename it there, and then here.';
  const sameScope = (other: string): boolean =>
    other === kind || (READ_BY_NAME.includes(kind) && READ_BY_NAME.includes(other));
  const { uri: home } = locationOf(document, found.thing.definition);
  for (const one of [document, ...others.filter((other) => looksAt(other, home))]) {
    const taken = one.analysed.analysis.things.some((thing) => thing.name === newName && sameScope(thing.kind));
    const where = one === document ? '' : ` in ${fileName(one)}`;
    if (taken && newName !== name) return `There is already a ${kind} ${newName}${where}. Choose another name.`;
    if (!one.analysed.isReadable) {
      return `${fileName(one)} cannot be read completely, so not every place is known. Correct its errors first.`;
    }
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const { uri, range } of placesOf(document, found.thing, others)) {
    const known = others.find(({ text }) => isSameFile(text.uri, uri))?.text.uri ?? uri;
    const edits = changes[known] ?? [];
    edits.push({ range, newText: newName });
    changes[known] = edits;
  }
  return { changes };
}

/** It is that file, or imports it. */
function looksAt({ text, analysed }: EditorDocument, uri: string): boolean {
  const imported = analysed.analysis.imported.map(({ path }) => besideOf(text.uri, path) ?? '');
  return [text.uri, ...imported].some((each) => isSameFile(each, uri));
}

function fileName({ text }: EditorDocument): string {
  return decodeURIComponent(text.uri.split('/').at(-1) ?? text.uri);
}
