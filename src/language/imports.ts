// `import "./shared.merf"`: captures, rules, verifiers, judges and motivations of other files, which stand before the
// file's own; what those import stands before theirs. What is wrong in an imported file is told at the import, once.

import { type Analysis, type Finding, type Span, setBase, spanOf } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type * as Ast from './generated/ast.ts';
import { readText } from './literals.ts';
import { type Parsed, parse } from './parse.ts';
import { isRefusal, PENDING } from './surroundings.ts';
import { syntaxFindings } from './syntax.ts';

export interface Imports {
  /** As the file writes them. */
  paths: string[];
  /** The imported files' trees, in the order in which they stand before the file. */
  trees: Ast.File[];
  /** Some file is not known: there may be names that are not known here. */
  isOpen: boolean;
}

/** Trees by the text they are of, kept as long as the text's file does not change. */
const parsed = new WeakMap<object, Parsed>();

export function gatherImports(file: Ast.File, analysis: Analysis): Imports {
  const imports: Imports = { paths: [], trees: [], isOpen: false };
  const seen = new Set<string>();
  for (const node of importsOf(file)) {
    const path = node.path ? readText(node.path).value : '';
    const span = spanOf(node.path ?? node);
    if (imports.paths.includes(path)) {
      analysis.report(DIAGNOSTICS.duplicateName, span, 'an import', path, 'Remove one of them.');
      continue;
    }
    imports.paths.push(path);
    bring(path, '', [], span, imports, seen, analysis);
  }
  return imports;
}

function importsOf(file: Ast.File): Ast.ImportSection[] {
  return (file.sections ?? []).flatMap((section) => (section?.$type === 'ImportSection' ? [section] : []));
}

/** @param above the files that import it, from the outermost on; empty: the file itself does */
function bring(
  written: string,
  from: string,
  above: readonly string[],
  span: Span,
  imports: Imports,
  seen: Set<string>,
  analysis: Analysis,
): void {
  const path = above.length === 0 ? written : joinPaths(from, written);
  const identity = analysis.around.identity(path) ?? path;
  const isAbove = above.some((each) => analysis.around.identity(each) === identity);
  if (isAbove || identity === analysis.around.identity(null)) {
    analysis.report(DIAGNOSTICS.circularImport, span, [...above, path]);
    return;
  }
  if (seen.has(identity)) return;
  const found = analysis.around.text(path);
  if (found === PENDING || isRefusal(found)) {
    imports.isOpen = true;
    if (found !== PENDING) analysis.report(DIAGNOSTICS.importedFile, span, found.refused, found.remedy);
    return;
  }
  seen.add(identity);
  const result = parsed.get(found) ?? parse(found.text);
  parsed.set(found, result);
  const [broken, ...others] = syntaxFindings(result, found.text);
  if (broken) {
    const line = found.text.slice(0, broken.span.start).split('\n').length;
    analysis.report(DIAGNOSTICS.importedError, span, path, line, broken.message, 1 + others.length);
    imports.isOpen = true;
    return;
  }
  for (const node of importsOf(result.value)) {
    const inner = node.path ? readText(node.path).value : '';
    bring(inner, path, [...above, path], span, imports, seen, analysis);
  }
  const base = analysis.append(found.text, path, span);
  setBase(result.value, base);
  imports.trees.push(result.value);
}

/** A path from the folder of another file, without `.` and `..` where that can be. */
export function joinPaths(file: string, path: string): string {
  if (/^([A-Za-z]:)?[\\/]/.test(path)) return path;
  const parts = file.split('/').slice(0, -1);
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

const UNKNOWN_NAME = DIAGNOSTICS.unknownName.code;
const UNKNOWN_FILE: readonly string[] = [DIAGNOSTICS.importedFile.code, DIAGNOSTICS.importedError.code];

/** Told at the import too: without its script, what the import brings is of no use here. */
const SCRIPTS: readonly string[] = [DIAGNOSTICS.scriptMissing.code, DIAGNOSTICS.scriptWithoutFunction.code];

/**
 * The findings of the file itself; errors of an imported file become one, at its import. Their warnings are theirs, but
 * for scripts that are not there.
 */
export function withoutImported(analysis: Analysis): Finding[] {
  // A name that is not known here may be one of a file that cannot be read.
  const isOpen = analysis.findings.some(({ code }) => UNKNOWN_FILE.includes(code));
  const own = analysis.findings.filter(({ span, code }) => analysis.isOwn(span) && !(isOpen && code === UNKNOWN_NAME));
  for (const { path, span: whole, broughtBy } of analysis.imported) {
    const inside = analysis.findings.filter(
      ({ severity, span }) => severity === 'error' && span.start >= whole.start && span.start <= whole.end,
    );
    for (const finding of analysis.findings) {
      const { start } = finding.span;
      if (!SCRIPTS.includes(finding.code) || start < whole.start || start > whole.end) continue;
      const message = `\`${path}\`, line ${analysis.place(start).line + 1}: ${finding.message}`;
      own.push({ ...finding, message, span: broughtBy, suggestion: null });
    }
    const first = inside.sort((a, b) => a.span.start - b.span.start)[0];
    if (!first) continue;
    const { line } = analysis.place(first.span.start);
    const { code, severity, message } = DIAGNOSTICS.importedError;
    const text = message(path, line + 1, first.message, inside.length);
    own.push({ code, severity, message: text, span: broughtBy, suggestion: null });
  }
  return own;
}
