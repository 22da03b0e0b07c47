// `response { answer = tag("answer") … }`: the captures, each described by an extractor and its arguments.

import type { Capture, Extractor } from '../../spec/specification.ts';
import { type Analysis, type NamedThing, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import { EXTRACTORS, type ExtractorDeclaration, extractorDeclaration } from '../extractors.ts';
import type * as Ast from '../generated/ast.ts';
import { readText } from '../literals.ts';
import { Scope } from '../scope.ts';
import { nearest } from '../spelling.ts';
import { readHoles } from '../template.ts';
import { showType, UNKNOWN } from '../types.ts';
import { nameSpan } from './prompt.ts';
import type { LoweredTask } from './task.ts';

export interface LoweredResponse {
  captures: Capture[];
  /** Captures, around the task's columns; rules are added to it. */
  scope: Scope;
  /** Captures that nothing has read, by name, with the place of the name. */
  unread: Map<string, Span>;
}

export function lowerResponse(
  node: Ast.ResponseSection | undefined,
  task: LoweredTask,
  analysis: Analysis,
): LoweredResponse {
  const lowered: LoweredResponse = { captures: [], scope: new Scope(task.scope), unread: new Map() };
  for (const declaration of node?.captures ?? []) lowerCapture(declaration, task, lowered, analysis);
  return lowered;
}

function lowerCapture(
  node: Ast.CaptureDeclaration,
  task: LoweredTask,
  { captures, scope, unread }: LoweredResponse,
  analysis: Analysis,
): void {
  const name = node.name ?? '';
  const definition = spanOfProperty(node, 'name');
  const declaration = lowerExtractorName(node, analysis);
  const type = declaration?.result ?? UNKNOWN;
  const docs = [analysis.docOf(node), declaration ? `\`${declaration.form}\`: ${declaration.doc}` : ''];
  const thing: NamedThing = {
    kind: 'capture',
    name,
    signature: `capture ${name}: ${showType(type)}`,
    doc: docs.filter((doc) => doc !== '').join('\n\n'),
    definition,
    extent: spanOf(node),
  };
  analysis.define(thing);
  const extractor = declaration ? lowerExtractor(declaration, node, captures, scope, task, analysis) : null;
  if (scope.has(name)) {
    analysis.report(DIAGNOSTICS.duplicateName, definition, 'a capture', name, ANOTHER_NAME);
    return;
  }
  unread.set(name, definition);
  const onRead = () => unread.delete(name);
  scope.add({ thing, type, expression: { kind: 'capture', name }, isTag: declaration?.name === 'tag', onRead });
  if (extractor && declaration)
    captures.push({ name, extractor, type: declaration.result, place: analysis.place(spanOf(node).start) });
}

function lowerExtractorName(node: Ast.CaptureDeclaration, analysis: Analysis): ExtractorDeclaration | null {
  const name = node.extractor ?? '';
  const span = spanOfProperty(node, 'extractor');
  const declaration = extractorDeclaration(name);
  if (!declaration) {
    const known = EXTRACTORS.map((each) => each.name);
    analysis.report(DIAGNOSTICS.unknownName, span, 'kind of capture', name, nearest(name, known), known);
    return null;
  }
  analysis.use(span, {
    kind: 'extractor',
    name,
    signature: `${declaration.form}: ${showType(declaration.result)}`,
    doc: `${declaration.doc}\n\n- \`${declaration.example}\``,
    definition: null,
    extent: null,
  });
  return declaration;
}

function lowerExtractor(
  declaration: ExtractorDeclaration,
  node: Ast.CaptureDeclaration,
  captures: readonly Capture[],
  scope: Scope,
  task: LoweredTask,
  analysis: Analysis,
): Extractor | null {
  const wanted = declaration.name === 'tag' ? 1 : 2;
  if (node.arguments.length !== wanted) {
    analysis.report(DIAGNOSTICS.argumentCount, spanOf(node), declaration.form, node.arguments.length);
    return null;
  }
  const [first, second] = node.arguments;
  return declaration.name === 'tag'
    ? lowerTagExtractor(first, analysis)
    : lowerAssignments(first, second, captures, scope, task, analysis);
}

function lowerTagExtractor(argument: Ast.Expression | undefined, analysis: Analysis): Extractor | null {
  const tag = argument?.$type === 'TextValue' ? readText(argument.literal).value : '';
  if (/^[A-Za-z_][\w-]*$/.test(tag)) return { kind: 'tag', from: null, tag };
  const remedy = 'Write its name in quotes: `tag("answer")`.';
  analysis.report(DIAGNOSTICS.captureArguments, spanOf(argument), 'A tag is letters, digits, `_` and `-`.', remedy);
  return null;
}

function lowerAssignments(
  from: Ast.Expression | undefined,
  pattern: Ast.Expression | undefined,
  captures: readonly Capture[],
  scope: Scope,
  task: LoweredTask,
  analysis: Analysis,
): Extractor | null {
  const source = lowerSource(from, captures, scope, analysis);
  if (pattern?.$type !== 'TextValue') {
    const remedy = 'Write it in quotes: `"{name} is a {role}"`.';
    analysis.report(DIAGNOSTICS.captureArguments, spanOf(pattern), 'The pattern is not a text.', remedy);
    return null;
  }
  const text = readText(pattern.literal);
  const { parts, strayBraces } = readHoles(text);
  for (const span of strayBraces) analysis.report(DIAGNOSTICS.strayBrace, span);
  const holes = parts.filter((part) => part.kind === 'hole');
  for (const hole of holes) {
    const column = task.columns.get(`${hole.name}s`);
    if (column) analysis.use(nameSpan(hole.span, analysis.text), { ...column.thing, kind: 'hole' });
  }
  const between = parts.findIndex((part) => part.kind === 'hole') + 1;
  const touching = parts[between]?.kind === 'hole';
  if (holes.length !== 2 || touching || holes[0]?.name === holes[1]?.name) {
    const found = `The pattern needs two holes with text between them; this has ${holes.length}.`;
    const shown = touching ? 'The two holes of the pattern touch.' : found;
    const same = holes.length === 2 && !touching ? 'Both holes of the pattern have the same name.' : shown;
    const remedy = 'Write it like `"{name} is a {role}"`: the name, then its value.';
    analysis.report(DIAGNOSTICS.captureArguments, spanOf(pattern), same, remedy);
    return null;
  }
  return source === null ? null : { kind: 'assignments', from: source, pattern: text.value };
}

/** The capture that `assignments` reads: a text, above this one. */
function lowerSource(
  node: Ast.Expression | undefined,
  captures: readonly Capture[],
  scope: Scope,
  analysis: Analysis,
): string | null {
  const name = node?.$type === 'Name' ? (node.name ?? '') : '';
  const meaning = scope.has(name);
  if (meaning) {
    analysis.use(spanOf(node), meaning.thing);
    meaning.onRead?.();
    if (meaning.isTag) return name;
  }
  const known = captures.filter((capture) => capture.extractor.kind === 'tag').map((capture) => capture.name);
  if (node?.$type === 'Name' && !meaning) {
    analysis.report(DIAGNOSTICS.unknownName, spanOf(node), 'capture', name, nearest(name, known), known);
    return null;
  }
  const remedy = 'Name a capture above it, for example `answer = tag("answer")`.';
  analysis.report(
    DIAGNOSTICS.captureArguments,
    spanOf(node),
    '`assignments` reads the text of another capture.',
    remedy,
  );
  return null;
}
