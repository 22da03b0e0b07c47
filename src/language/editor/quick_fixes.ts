// Quick fixes, where one is safe: what should stand in place of the marked text (the finding says it), and a few that
// add or remove a part. Every fix takes its finding away and brings no new one.

import { type AstNode, AstUtils } from 'langium';
import { type CodeAction, type CodeActionContext, CodeActionKind, type Range } from 'vscode-languageserver';
import { type Finding, type NamedThing, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type { TextEdit } from '../format.ts';
import * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { type EditorDocument, occurrencesOf, rangeOf } from './document.ts';

export interface Fix {
  title: string;
  edits: TextEdit[];
}

export function quickFixesIn(document: EditorDocument, range: Range, context: CodeActionContext): CodeAction[] {
  const wanted = context.only ?? [CodeActionKind.QuickFix];
  if (!document.analysed.isReadable || !wanted.some((kind) => CodeActionKind.QuickFix.startsWith(kind))) return [];
  const start = document.text.offsetAt(range.start);
  const end = document.text.offsetAt(range.end);
  return document.analysed.analysis.findings
    .filter(({ span }) => span.start <= end && start <= span.end)
    .flatMap((finding) => {
      const fix = fixOf(document, finding);
      return fix ? [toAction(document, finding, fix, context)] : [];
    });
}

function toAction(document: EditorDocument, { code, span }: Finding, fix: Fix, context: CodeActionContext): CodeAction {
  const { start } = rangeOf(document, span);
  const isMeant = (diagnostic: CodeActionContext['diagnostics'][number]): boolean =>
    diagnostic.code === code && diagnostic.range.start.line === start.line;
  const edits = fix.edits.map((edit) => ({ range: rangeOf(document, edit.span), newText: edit.text }));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: context.diagnostics.filter(isMeant),
    isPreferred: true,
    edit: { changes: { [document.text.uri]: edits } },
  };
}

export function fixOf(document: EditorDocument, finding: Finding): Fix | null {
  const { code, span, suggestion } = finding;
  if (suggestion !== null) {
    const isHole = document.text.getText().charAt(span.start) === '{' && !suggestion.startsWith('{');
    const text = isHole ? `{${suggestion}}` : suggestion;
    return { title: `Change to \`${text}\``, edits: [{ span, text }] };
  }
  return FIXES.get(code)?.(document, span) ?? null;
}

const FIXES: ReadonlyMap<string, (document: EditorDocument, span: Span) => Fix | null> = new Map([
  [DIAGNOSTICS.notExhaustive.code, addOtherwise],
  [DIAGNOSTICS.unusedCapture.code, removeCapture],
  [DIAGNOSTICS.unreachableCase.code, removeCase],
  [DIAGNOSTICS.noPlaceForMotivation.code, addMotivation],
  [DIAGNOSTICS.noArm.code, addArm],
  [DIAGNOSTICS.watchThreshold.code, writePercent],
]);

function addOtherwise({ analysed, text }: EditorDocument, span: Span): Fix | null {
  const rule = nodes(analysed.file, Ast.isRuleDeclaration).find(
    (each) => spanOfProperty(each, 'name').start === span.start,
  );
  const last = rule?.cases[rule.cases.length - 1];
  if (!rule || !last) return null;
  const { start, end } = spanOf(last);
  const hasText = rule.cases.some((each) => each.text !== undefined);
  const written = `\n${' '.repeat(text.positionAt(start).character)}0 otherwise${hasText ? ' : "anything else"' : ''}`;
  return { title: 'Add `0 otherwise`', edits: [{ span: { start: end, end }, text: written }] };
}

/** With the captures that only it reads. */
function removeCapture(document: EditorDocument, span: Span): Fix | null {
  const { analysis } = document.analysed;
  const isOwn = ({ definition }: NamedThing): boolean => definition !== null && analysis.isOwn(definition);
  const captures = analysis.things.filter((thing) => thing.kind === 'capture' && isOwn(thing));
  const first = captures.find(({ definition }) => definition?.start === span.start);
  if (!first) return null;
  const removed = new Set([first]);
  for (const capture of [...captures].reverse()) if (isReadOnlyBy(document, capture, removed)) removed.add(capture);
  const edits = captures.flatMap((each) => (removed.has(each) && each.extent ? removal(document, each.extent) : []));
  return { title: `Remove ${[...removed].map(({ name }) => `\`${name}\``).join(' and ')}`, edits };
}

function isReadOnlyBy(document: EditorDocument, capture: NamedThing, readers: ReadonlySet<NamedThing>): boolean {
  const uses = occurrencesOf(document, capture).filter(({ span }) => span.start !== capture.definition?.start);
  const isInside = ({ start, end }: Span): boolean =>
    [...readers].some(({ extent }) => extent !== null && extent.start <= start && end <= extent.end);
  return uses.length > 0 && uses.every(({ span }) => isInside(span));
}

function removeCase(document: EditorDocument, span: Span): Fix {
  return { title: 'Remove the case', edits: [removal(document, span)] };
}

/** At the end of the system message, or as one. */
function addMotivation({ analysed, text }: EditorDocument): Fix | null {
  const title = 'Put `{motivation}` into the prompt';
  const [prompt] = nodes(analysed.file, Ast.isPromptSection);
  const system = prompt?.messages.find(({ role }) => role === 'system');
  const image = system?.text?.image ?? '';
  if (!system) {
    const [first] = prompt?.messages ?? [];
    if (!first) return null;
    const { start } = spanOf(first);
    const isLineStart = /^\s*$/.test(lineBefore(text.getText(), start));
    const separator = isLineStart ? `\n${lineBefore(text.getText(), start)}` : '  ';
    return { title, edits: [{ span: { start, end: start }, text: `system "{motivation}"${separator}` }] };
  }
  const { end } = spanOf(system.text);
  const lines = image.split('\n');
  const close = end - (image.startsWith('"""') ? 3 : 1);
  const isLines = lines.length > 2 && lines[lines.length - 1]?.trim() === '"""';
  if (!isLines) {
    const isEmpty = readText(system.text).value.trim() === '';
    return { title, edits: [{ span: { start: close, end: close }, text: isEmpty ? '{motivation}' : ' {motivation}' }] };
  }
  const indent = /^\s*/.exec(lines.slice(1, -1).findLast((line) => line.trim() !== '') ?? '')?.[0] ?? '';
  const start = end - (lines[lines.length - 1]?.length ?? 0);
  return { title, edits: [{ span: { start, end: start }, text: `${indent}{motivation}\n` }] };
}

function addArm({ text }: EditorDocument): Fix {
  const end = text.getText().length;
  const written = `${text.getText().endsWith('\n') ? '' : '\n'}\narm rlvr { motivation none }\n`;
  return { title: 'Add `arm rlvr { motivation none }`', edits: [{ span: { start: end, end }, text: written }] };
}

function writePercent({ analysed }: EditorDocument, span: Span): Fix | null {
  const item = nodes(analysed.file, Ast.isWatchItem).find((each) => spanOf(each).start === span.start);
  const value = readNumber(item?.threshold);
  if (!item || item.isPercent || value <= 1 || value >= 100) return null;
  const { end } = spanOf(item.threshold);
  return { title: `Write \`${item.threshold.image}%\``, edits: [{ span: { start: end, end }, text: '%' }] };
}

/** What stands there, with its lines where nothing else is on them and the `///` lines above. */
function removal({ text }: EditorDocument, { start, end }: Span): TextEdit {
  const source = text.getText();
  const after = /^[ \t]*(?:\r?\n|$)/.exec(source.slice(end))?.[0];
  const before = lineBefore(source, start);
  if (after === undefined || before.trim() !== '') return { span: { start, end }, text: '' };
  const doc = /(?:(?<![^\n])[ \t]*\/\/\/[^\n]*\n)*$/.exec(source.slice(0, start - before.length))?.[0] ?? '';
  return { span: { start: start - before.length - doc.length, end: end + after.length }, text: '' };
}

function lineBefore(source: string, offset: number): string {
  return source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
}

function nodes<T extends AstNode>(file: Ast.File, is: (node: unknown) => node is T): T[] {
  return AstUtils.streamAst(file).toArray().filter(is);
}
