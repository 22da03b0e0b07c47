// Completion inside quotes that hold a path or a model's name: files of the kind that fits there, and folders; models of
// this machine.

import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver';
import type { EditorDocument } from './document.ts';

/** What a text holds, by what stands before it. */
const PLACES: readonly [before: RegExp, files: RegExp, models?: boolean][] = [
  [/\bimport\s*$/, /\.merf$/i],
  [/^verifier\b[^"]*\bfrom\s*$/, /\.(?:py|m?js)$/i],
  [/^task\s+jsonl\s*\(\s*$/, /\.jsonl$/i],
  [/^task\s+csv\s*\(\s*$/, /\.csv$/i],
  [/^task\s+parquet\s*\(\s*$/, /\.parquet$/i],
  // A model's folder has no end of its own.
  [/^(?:train|arm|stage)\b[\s\S]*\bmodel\s*$/, /(?!)/, true],
];

/** @param before the section up to the opening quote; `typed` what stands behind the quote */
export function pathsIn(document: EditorDocument, position: Position, before: string, typed: string): CompletionItem[] {
  const place = PLACES.find(([pattern]) => pattern.test(before));
  if (!place) return [];
  const [, files, models = false] = place;
  const start = { line: position.line, character: position.character - typed.length };
  const item = (text: string, label: string, kind: CompletionItemKind, order: number): CompletionItem => ({
    label,
    kind,
    filterText: text,
    sortText: `${order}${label}`,
    textEdit: { range: { start, end: position }, newText: text },
  });
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const shown = folder === '' ? './' : folder;
  const entries = document.around
    .entries(shown)
    .filter(({ name, isFolder }) => isFolder || files.test(name))
    .map(({ name, isFolder }) =>
      isFolder
        ? item(`${shown}${name}/`, `${name}/`, CompletionItemKind.Folder, 2)
        : item(`${shown}${name}`, name, CompletionItemKind.File, 1),
    );
  const named = models ? document.around.models() : [];
  return [...named.map((name) => item(name, name, CompletionItemKind.Module, 0)), ...entries];
}
