// What the parser could not read, as findings that say how the place is written: the parser's own message is
// replaced by the form of the innermost thing it was reading. One finding per line, and at most ten.

import { AstUtils } from 'langium';
import { type Finding, type Span, spanOf } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { formFor, remedyFor } from './forms.ts';
import type { File, TextLiteral } from './generated/ast.ts';
import { coreServices, isOpenText, type Parsed } from './parse.ts';
import { RESERVED_WORDS } from './tokens.ts';

const AT_MOST = 10;

export function syntaxFindings(result: Parsed, text: string): Finding[] {
  const findings: Finding[] = [];
  const report = (span: Span, found: string, form: string): void => {
    const { code, severity, message } = DIAGNOSTICS.syntax;
    findings.push({ code, severity, message: message(found, form), span, suggestion: null });
  };
  const open = result.hasOpenText ? openTexts(result.value) : [];
  for (const literal of open) {
    const isTriple = literal.image?.startsWith('"""');
    const { start } = spanOf(literal);
    const form = isTriple
      ? 'Add `"""` after its last line.'
      : 'Add `"` at its end; text over several lines is written between `"""`.';
    report({ start, end: start + (isTriple ? 3 : 1) }, 'The text is not closed.', form);
  }
  for (const error of result.lexerErrors) {
    const span = { start: error.offset, end: error.offset + Math.max(1, error.length) };
    const characters = text.slice(span.start, span.end);
    report(span, `\`${characters}\` means nothing here.`, remedyFor(characters));
  }
  const before = result.parserErrors.length > 0 ? tokenBefore(text) : () => null;
  for (const { offset, image: written, rules } of result.parserErrors) {
    if (offset === null && open.length > 0) continue;
    const end = text.trimEnd().length;
    const start = offset ?? Math.max(0, end - 1);
    const span = { start, end: offset === null ? end : start + written.length };
    const image = offset === null ? null : written;
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    report(span, foundText(image, before(offset ?? end)), formFor({ image, rules, line }));
  }
  return firstOfEachLine(findings, text).slice(0, AT_MOST);
}

/** The written token right before an offset. */
function tokenBefore(text: string): (offset: number) => string | null {
  const { tokens } = coreServices().parser.Lexer.tokenize(text);
  return (offset) => tokens.findLast((token) => token.startOffset < offset)?.image ?? null;
}

function foundText(image: string | null, previous: string | null): string {
  const after = previous ? ` after \`${firstLine(previous)}\`` : '';
  if (image === null) return `The file ends too early${after}: something is not finished, or a \`}\` is missing.`;
  if (RESERVED_WORDS.includes(image)) return `\`${image}\` is a word of the language and cannot stand here${after}.`;
  return `\`${firstLine(image)}\` cannot stand here${after}.`;
}

function firstLine(image: string): string {
  const [line = ''] = image.split('\n');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

function openTexts(file: File): TextLiteral[] {
  const literals: TextLiteral[] = [];
  for (const node of AstUtils.streamAst(file)) {
    if (isTextLiteral(node) && isOpenText(node.image ?? '')) literals.push(node);
  }
  return literals;
}

function isTextLiteral(node: { $type: string }): node is TextLiteral {
  return node.$type === 'TextLiteral';
}

function firstOfEachLine(findings: readonly Finding[], text: string): Finding[] {
  const lines = new Set<number>();
  return [...findings]
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ span }) => {
      const line = text.slice(0, span.start).split('\n').length;
      if (lines.has(line)) return false;
      lines.add(line);
      return true;
    });
}
