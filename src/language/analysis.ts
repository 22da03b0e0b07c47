// What is collected while a file is read from top to bottom: diagnostics, and every place where a name is defined or
// used. Hover, definition, references and rename are look-ups in `occurrences`; nothing else knows the names.

import { type AstNode, AstUtils, type CompositeCstNode, type CstNode, GrammarAST, isCompositeCstNode } from 'langium';
import type { Place } from '../spec/specification.ts';
import type { DiagnosticKind } from './diagnostics/kind.ts';
import { NOTHING_AROUND, type Surroundings, watched } from './surroundings.ts';

/** Offsets in the file, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

export interface Finding {
  code: string;
  severity: 'error' | 'warning';
  message: string;
  span: Span;
  /** What should stand there, where that is sure. */
  suggestion: string | null;
}

export type SymbolKind =
  | 'experiment'
  | 'task'
  | 'argument'
  | 'column'
  | 'capture'
  | 'rule'
  | 'variable'
  | 'builtin'
  | 'function'
  | 'extractor'
  | 'verifier'
  | 'judge'
  | 'motivation'
  | 'arm'
  | 'stage'
  | 'setting'
  | 'metric'
  | 'hole';

/** Something with a name. `definition` is null for what the language or the task brings along. */
export interface NamedThing {
  kind: SymbolKind;
  name: string;
  /** One line: `capture roles: record of text`. */
  signature: string;
  /** Markdown. */
  doc: string;
  definition: Span | null;
  /** All of the definition, for the outline. */
  extent: Span | null;
  /** A column that the model must never see. */
  isSecret?: boolean;
}

export interface Occurrence {
  span: Span;
  thing: NamedThing;
}

export class Analysis {
  readonly text: string;
  readonly findings: Finding[] = [];
  readonly occurrences: Occurrence[] = [];
  readonly things: NamedThing[] = [];
  /** Where look-ups of other files, data and models go. */
  readonly around: Surroundings;
  /** Something that was looked up is not known yet. */
  isWaiting = false;
  private readonly lineStarts: number[];

  constructor(text: string, around: Surroundings = NOTHING_AROUND) {
    this.text = text;
    this.around = watched(around, () => {
      this.isWaiting = true;
    });
    this.lineStarts = [0];
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
  }

  report<A extends unknown[]>(kind: DiagnosticKind<A>, span: Span, ...values: A): void {
    const { code, severity } = kind;
    const suggestion = kind.suggest?.(...values) ?? null;
    this.findings.push({ code, severity, message: kind.message(...values), span, suggestion });
  }

  /** A new thing, defined at `definition` in this file. */
  define(thing: NamedThing): NamedThing {
    this.things.push(thing);
    if (thing.definition) this.occurrences.push({ span: thing.definition, thing });
    return thing;
  }

  use(span: Span, thing: NamedThing): void {
    this.occurrences.push({ span, thing });
  }

  /** Line and column, both from 0, of an offset. */
  place(offset: number): Place {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (this.lineStarts[low] ?? 0) };
  }

  /** The `///` lines right above a node that begins its line, without their slashes; '' when there are none. */
  docOf(node: AstNode): string {
    const lines: string[] = [];
    const { start } = spanOf(node);
    const place = this.place(start);
    if (this.text.slice(start - place.column, start).trim() !== '') return '';
    for (let line = place.line - 1; line >= 0; line--) {
      const content = this.text.slice(this.lineStarts[line], this.lineStarts[line + 1]).trim();
      if (!content.startsWith('///')) break;
      lines.unshift(content.slice(3).trim());
    }
    return lines.join('\n');
  }
}

/** Where a node stands; an empty span at the start of the file for a node that recovery made up. */
export function spanOf(node: AstNode | undefined): Span {
  return spanOfCst(node?.$cstNode);
}

/** Where a property of a node stands (its first value), or the whole node. */
export function spanOfProperty(node: AstNode, property: string): Span {
  const cst = node.$cstNode;
  const part = cst && isCompositeCstNode(cst) ? partOf(cst, node, property) : null;
  return part ? spanOfCst(part) : spanOf(node);
}

/** The first part of a node's syntax that was assigned to the property. Langium's own search finds all, and so is slow. */
function partOf(cst: CompositeCstNode, node: AstNode, property: string): CstNode | null {
  for (const part of cst.content) {
    if (part.grammarSource && featureOf(part.grammarSource) === property) return part;
    const inner = isCompositeCstNode(part) && part.astNode === node ? partOf(part, node, property) : null;
    if (inner) return inner;
  }
  return null;
}

const features = new WeakMap<GrammarAST.AbstractElement, string | null>();

function featureOf(source: GrammarAST.AbstractElement): string | null {
  const known = features.get(source);
  if (known !== undefined) return known;
  const feature = AstUtils.getContainerOfType(source, GrammarAST.isAssignment)?.feature ?? null;
  features.set(source, feature);
  return feature;
}

function spanOfCst(node: CstNode | undefined): Span {
  return node ? { start: node.offset, end: node.end } : { start: 0, end: 0 };
}
