// `source.fixAll.merf`: every quick fix that is safe, one after the other until none is left, as one edit. An editor runs
// it when it is told to, or when a file is saved.

import { type CodeAction, type CodeActionContext, CodeActionKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type EditorDocument, openDocument, rangeOf } from './document.ts';
import { type Fix, fixOf } from './quick_fixes.ts';

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.merf`;

/** A fix may uncover what another can mend; a circle of them ends here. */
const MOST_ROUNDS = 20;

/** Only where it is asked for by its kind. */
export function fixAllIn(document: EditorDocument, { only = [] }: CodeActionContext): CodeAction[] {
  if (!only.some((kind) => FIX_ALL === kind || FIX_ALL.startsWith(`${kind}.`))) return [];
  const before = document.text.getText();
  const after = mended(document);
  if (after === before) return [];
  const { start, end, text } = changedPart(before, after);
  const edit = { range: rangeOf(document, { start, end }), newText: text };
  return [{ title: 'Fix all that is safe', kind: FIX_ALL, edit: { changes: { [document.text.uri]: [edit] } } }];
}

function mended(document: EditorDocument): string {
  let current = document;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const fixes = fixesOf(current);
    if (fixes.length === 0) break;
    const { uri } = current.text;
    const edits = fixes.flatMap((fix) =>
      fix.edits.map(({ span, text }) => ({ range: rangeOf(current, span), newText: text })),
    );
    const text = TextDocument.applyEdits(current.text, edits);
    if (text === current.text.getText()) break;
    current = openDocument(TextDocument.create(uri, 'merf', 0, text), current.around);
  }
  return current.text.getText();
}

/** Those that do not touch each other's places; the others have their turn in the next round. */
function fixesOf(document: EditorDocument): Fix[] {
  if (!document.analysed.isReadable) return [];
  const { analysis } = document.analysed;
  const taken: Fix['edits'] = [];
  return analysis.findings.flatMap((finding) => {
    const fix = analysis.isOwn(finding.span) ? fixOf(document, finding) : null;
    if (!fix || fix.edits.some((edit) => taken.some((other) => touch(edit.span, other.span)))) return [];
    taken.push(...fix.edits);
    return [fix];
  });
}

function touch(a: { start: number; end: number }, b: { start: number; end: number }): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** What differs, without what is the same at both ends. */
function changedPart(before: string, after: string): { start: number; end: number; text: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}
