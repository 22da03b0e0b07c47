// The one door to the language: text in, a checked specification and diagnostics out. While the text cannot be read
// completely only that is reported; with any error there is no specification. Bad input never throws.

import { readFile } from 'node:fs/promises';
import { MerfError } from '../spec/error.ts';
import type { Specification } from '../spec/specification.ts';
import type { Analysis, Finding } from './analysis.ts';
import type { File } from './generated/ast.ts';
import { withoutImported } from './imports.ts';
import { lower } from './lower.ts';
import { Reader } from './reader.ts';
import { NOTHING_AROUND, type Surroundings, type World } from './surroundings.ts';
import { syntaxFindings } from './syntax.ts';

/** Lines and characters (UTF-16 units) count from 0, as in the Language Server Protocol. */
export interface Position {
  line: number;
  character: number;
}

export interface Diagnostic {
  /** `MERF301`; see docs/diagnostics.md. */
  code: string;
  severity: 'error' | 'warning';
  /** What was found and what to do about it. */
  message: string;
  range: { start: Position; end: Position };
  /** Where it is explained, relative to the project: `docs/diagnostics.md#merf301`. */
  href: string;
}

export interface CheckResult {
  /** null when there is any error. */
  specification: Specification | null;
  /** In the order of the file. */
  diagnostics: Diagnostic[];
}

/** An answer may raise the next question, as an import that imports does; files that change all the time end here. */
const MOST_ROUNDS = 100;

/** Checks a text with all that can be found out about what is around it. */
export async function checkText(text: string, around: Surroundings = NOTHING_AROUND): Promise<CheckResult> {
  for (let round = 1; ; round++) {
    const { specification, diagnostics, isWaiting } = analyse(text, around);
    const isDone = !isWaiting || round === MOST_ROUNDS || !(await around.settle());
    if (isDone) return { specification, diagnostics };
  }
}

/**
 * Checks a file.
 * @throws MerfError when it cannot be read.
 */
export async function checkFile(path: string, world?: World): Promise<CheckResult> {
  return checkText(await readSource(path), world?.(path));
}

/** A file's text. @throws MerfError when it cannot be read. */
export async function readSource(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MerfError(...whyUnreadable(path, cause), { cause });
  }
}

function whyUnreadable(path: string, cause: unknown): [message: string, remedy: string] {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  switch (code) {
    case 'ENOENT':
      return [`There is no file ${path}.`, 'Check the path, or start from examples/knights_and_knaves.merf.'];
    case 'EISDIR':
      return [`${path} is a folder.`, 'Name a .merf file in it.'];
    case 'EACCES':
    case 'EPERM':
      return [`${path} may not be read.`, 'Give yourself the permission to read it.'];
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return [`${path} is not text in UTF-8.`, 'Save it as UTF-8.'];
    default:
      return [
        `${path} cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`,
        'Check the path and the disk.',
      ];
  }
}

/** All that is known about a text; what the editor's services look things up in. */
export interface Analysed extends CheckResult {
  file: File;
  /** The text has no syntax error; its tree is whole. */
  isReadable: boolean;
  /** Something around it is not known yet; once it is, a new check may say more. */
  isWaiting: boolean;
  /** What was understood, also of a text with errors. */
  understood: Specification;
  analysis: Analysis;
}

/** @param reader what read the text as it was before, where it is being typed */
export function analyse(text: string, around: Surroundings = NOTHING_AROUND, reader: Reader = new Reader()): Analysed {
  const result = reader.read(text);
  const { specification, analysis, isOnlyImported } = lower(result.value, text, around);
  const syntax = syntaxFindings(result, text);
  const isReadable = syntax.length === 0 && result.parserErrors.length === 0;
  const findings = isReadable ? withoutImported(analysis) : syntax;
  const isUsable = isReadable && !isOnlyImported && findings.every((finding) => finding.severity !== 'error');
  return {
    specification: isUsable ? specification : null,
    diagnostics: toDiagnostics(findings, analysis),
    file: result.value,
    isReadable,
    isWaiting: analysis.isWaiting,
    understood: specification,
    analysis,
  };
}

function toDiagnostics(findings: readonly Finding[], analysis: Analysis): Diagnostic[] {
  const at = (offset: number): Position => {
    const { line, column } = analysis.place(offset);
    return { line, character: column };
  };
  return [...findings]
    .sort((a, b) => a.span.start - b.span.start || a.code.localeCompare(b.code))
    .map(({ code, severity, message, span }) => ({
      code,
      severity,
      message,
      range: { start: at(span.start), end: at(span.end) },
      href: `docs/diagnostics.md#${code.toLowerCase()}`,
    }));
}
