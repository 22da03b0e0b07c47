// What is collected while a file is read from top to bottom: diagnostics, and every place where a name is defined or
// used. Hover, definition, references and rename are look-ups in `occurrences`; nothing else knows the names.
// Offsets run on over imported files: those of the file itself come first, and each import has its own after them.

import { type AstNode, AstUtils, type CompositeCstNode, type CstNode, GrammarAST, isCompositeCstNode } from 'langium';
import type { Place } from '../spec/specification.ts';
import type { DiagnosticKind } from './diagnostics/kind.ts';
import { NOTHING_AROUND, type Surroundings, watched } from './surroundings.ts';

/** Offsets in the file, or behind its end those of imported ones; the end exclusive. */
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

/** A file that is imported, in the order of the imports. */
export interface ImportedFile {
  /** From the folder of the file itself: as written in its import, or by way of other imports. */
  path: string;
  /** Where its offsets begin and end. */
  span: Span;
  /** The import of the file itself that brings it. */
  broughtBy: Span;
}

export class Analysis {
  /** The file's own text, and after it those of its imports. */
  text: string;
  /** Where the file's own text ends. */
  readonly ownEnd: number;
  readonly imported: ImportedFile[] = [];
  readonly findings: Finding[] = [];
  /** In the file itself. */
  readonly occurrences: Occurrence[] = [];
  /** In imported files. */
  readonly elsewhere: Occurrence[] = [];
  readonly things: NamedThing[] = [];
  /** Where look-ups of other files, data and models go. */
  readonly around: Surroundings;
  /** Something that was looked up is not known yet. */
  isWaiting = false;
  private readonly lineStarts: number[];

  constructor(text: string, around: Surroundings = NOTHING_AROUND) {
    this.text = text;
    this.ownEnd = text.length;
    this.around = watched(around, () => {
      this.isWaiting = true;
    });
    this.lineStarts = [0];
    this.addLines(0);
  }

  /** Gives an imported file its offsets; returns where they begin. */
  append(text: string, path: string, broughtBy: Span): number {
    const start = this.text.length + 1;
    this.text = `${this.text}\n${text}`;
    this.imported.push({ path, span: { start, end: this.text.length }, broughtBy });
    this.addLines(start - 1);
    return start;
  }

  private addLines(from: number): void {
    for (let i = this.text.indexOf('\n', from); i !== -1; i = this.text.indexOf('\n', i + 1))
      this.lineStarts.push(i + 1);
  }

  /** The imported file an offset is in; null: the file itself. */
  importAt(offset: number): ImportedFile | null {
    if (offset <= this.ownEnd) return null;
    return this.imported.find(({ span }) => offset >= span.start && offset <= span.end) ?? null;
  }

  report<A extends unknown[]>(kind: DiagnosticKind<A>, span: Span, ...values: A): void {
    const { code, severity } = kind;
    const suggestion = kind.suggest?.(...values) ?? null;
    this.findings.push({ code, severity, message: kind.message(...values), span, suggestion });
  }

  /** A new thing, defined at `definition` in this file. */
  define(thing: NamedThing): NamedThing {
    this.things.push(thing);
    if (thing.definition) this.use(thing.definition, thing);
    return thing;
  }

  use(span: Span, thing: NamedThing): void {
    (this.isOwn(span) ? this.occurrences : this.elsewhere).push({ span, thing });
  }

  /** Not in an imported file. */
  isOwn({ start }: Span): boolean {
    return start <= this.ownEnd;
  }

  /** Line and column, both from 0, of an offset in its file. */
  place(offset: number): Place {
    const line = this.lineAt(offset);
    const column = offset - (this.lineStarts[line] ?? 0);
    const from = this.importAt(offset);
    return from ? { line: line - this.lineAt(from.span.start), column, file: from.path } : { line, column };
  }

  /** Lines run on over imported files too. */
  private lineAt(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The `///` lines right above a node that begins its line, without their slashes; '' when there are none. */
  docOf(node: AstNode): string {
    const lines: string[] = [];
    const { start } = spanOf(node);
    const below = this.lineAt(start);
    if (this.text.slice(this.lineStarts[below], start).trim() !== '') return '';
    const first = this.lineAt(this.importAt(start)?.span.start ?? 0);
    for (let line = below - 1; line >= first; line--) {
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
  if (!node) return { start: 0, end: 0 };
  const base = baseOf(node);
  return { start: base + node.offset, end: base + node.end };
}

/**
 * Where the offsets of trees begin that are not of the whole text: imported ones, and those of blocks. A tree is kept
 * from one check to the next, and is given its place in each.
 */
const bases = new WeakMap<CstNode, number>();

export function setBase(tree: AstNode, base: number): void {
  if (tree.$cstNode) bases.set(tree.$cstNode.root, base);
}

/** What is added to a node's own offsets. */
export function baseOf(node: CstNode): number {
  return bases.get(node.root) ?? 0;
}
