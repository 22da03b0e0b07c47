// `response { answer = tag("answer")  total = last_number(answer) as text }`: the captures, each an extractor
// (extractor.ts) and the type that `as` makes of what it finds.

import type { ValueType } from '../../spec/expression.ts';
import type { Capture } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type NamedThing, type Span, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import { EXTRACTORS, type ExtractorDeclaration, extractorDeclaration } from '../extractors.ts';
import type * as Ast from '../generated/ast.ts';
import { Scope } from '../scope.ts';
import { showType, UNKNOWN } from '../types.ts';
import { lowerExtractor } from './extractor.ts';
import type { LoweredTask } from './task.ts';
import { lowerType } from './type.ts';

export interface LoweredResponse {
  captures: Capture[];
  /** Captures, around the task's columns; rules are added to it. */
  scope: Scope;
  /** Captures that nothing has read, by name, with the place of the name. */
  unread: Map<string, Span>;
}

export function lowerResponse(
  nodes: readonly Ast.ResponseSection[],
  task: LoweredTask,
  isOpen: boolean,
  analysis: Analysis,
): LoweredResponse {
  const lowered: LoweredResponse = { captures: [], scope: new Scope(task.scope, isOpen), unread: new Map() };
  for (const declaration of nodes.flatMap(({ captures }) => captures))
    lowerCapture(declaration, task, lowered, analysis);
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
  const type = declaration && lowerAs(declaration, node, analysis);
  const docs = [analysis.docOf(node), declaration ? `\`${declaration.form}\`: ${declaration.doc}` : ''];
  const thing: NamedThing = {
    kind: 'capture',
    name,
    signature: `capture ${name}: ${showType(type ?? UNKNOWN)}`,
    doc: docs.filter((doc) => doc !== '').join('\n\n'),
    definition,
    extent: spanOf(node),
  };
  analysis.define(thing);
  const extractor = declaration && lowerExtractor(declaration, node, { scope, task, analysis });
  if (scope.has(name)) {
    analysis.report(DIAGNOSTICS.duplicateName, definition, 'a capture', name, ANOTHER_NAME);
    return;
  }
  unread.set(name, definition);
  const onRead = () => unread.delete(name);
  const isTag = declaration?.name === 'tag' && (extractor?.from ?? null) === null;
  scope.add({ thing, type: type ?? UNKNOWN, expression: { kind: 'capture', name }, isTag, onRead });
  if (extractor && type) captures.push({ name, extractor, type, place: analysis.place(spanOf(node).start) });
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

/** The type of what is found: the extractor's own, or what `as` makes of it. */
function lowerAs(
  { name, result, as }: ExtractorDeclaration,
  node: Ast.CaptureDeclaration,
  analysis: Analysis,
): ValueType {
  if (!node.type) return result;
  const type = lowerType(node.type, analysis);
  const isScalar = type.kind === 'text' || type.kind === 'number' || type.kind === 'bool';
  if (as === 'anything' || as === type.kind || (as === 'scalar' && isScalar)) return type;
  const wanted = as === 'scalar' ? '`text`' : `\`${as} of …\``;
  const remedy = `Write ${wanted}, or leave \`as\` out.`;
  const found = `\`${name}\` finds a ${showType(result)}, which cannot be read as a ${showType(type)}.`;
  analysis.report(DIAGNOSTICS.captureArguments, spanOf(node.type), found, remedy);
  return result;
}
