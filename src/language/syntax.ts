// What the parser could not read, as findings that say how the place is written: the parser's own message is
// replaced by the form of the innermost thing it was reading. One finding per line, and at most ten.

import type { Finding, Span } from './analysis.ts';
import { type Token, unbalanced } from './balance.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { formFor, mistakeOn, remedyFor, type Stumble } from './forms.ts';
import { coreServices, isOpenText, type Parsed } from './parse.ts';
import { RESERVED_WORDS } from './tokens.ts';

const AT_MOST = 10;

export function syntaxFindings(result: Parsed, text: string): Finding[] {
  const findings: Finding[] = [];
  const report = (span: Span, found: string, form: string): void => {
    const { code, severity, message } = DIAGNOSTICS.syntax;
    findings.push({ code, severity, message: message(found, form), span, suggestion: null });
  };
  const isBroken = result.parserErrors.length > 0;
  const tokens = isBroken || result.hasOpenText ? coreServices().parser.Lexer.tokenize(text).tokens : [];
  const open = tokens.filter(({ image }) => image.startsWith('"') && isOpenText(image));
  for (const { image, startOffset: start } of open) {
    const [found, form] = openText(image);
    report({ start, end: start + (image.startsWith('"""') ? 3 : 1) }, found, form);
  }
  const uneven = isBroken ? unbalanced(text, tokens) : null;
  if (uneven) report({ start: uneven.start, end: uneven.end }, uneven.found, uneven.remedy);
  // What has no partner says more than what is on the same line.
  const before = [...findings];
  for (const error of result.lexerErrors) {
    const span = { start: error.offset, end: error.offset + Math.max(1, error.length) };
    const characters = text.slice(span.start, span.end);
    report(span, `\`${characters}\` means nothing here.`, remedyFor(characters));
  }
  const repeated = repeatedIn(tokens);
  // Where brackets do not match, all but the first error may come of that.
  for (const { offset, image: written, rules } of uneven ? result.parserErrors.slice(0, 1) : result.parserErrors) {
    if (offset === null && (open.length > 0 || uneven)) continue;
    const end = text.trimEnd().length;
    const start = offset ?? Math.max(0, end - 1);
    const image = offset === null ? null : written;
    const stumble = { image, rules, repeated, ...around(tokens, text, offset ?? end) };
    const last = stumble.previous;
    // A new section shows that the one before it is not finished.
    const isUnfinished = last && offset !== null && isAtLineStart(text, start) && rules.at(-1) !== 'File';
    const span = isUnfinished
      ? { start: last.startOffset, end: last.startOffset + last.image.length }
      : { start, end: offset === null ? end : start + written.length };
    report(span, ...(mistakeOn(stumble) ?? [foundText(image, last?.image ?? null), formFor(stumble)]));
  }
  return firstOfEachLine(findings, before, text).slice(0, AT_MOST);
}

/** What stands around a place: the token before it, and those of its line. */
function around(tokens: readonly Token[], text: string, offset: number): Pick<Stumble, 'previous' | 'before' | 'line'> {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const feed = text.indexOf('\n', offset);
  const end = feed === -1 ? text.length : feed;
  return {
    previous: tokens.findLast((token) => token.startOffset < offset) ?? null,
    before: text.slice(start, offset),
    line: tokens.filter(({ startOffset }) => startOffset >= start && startOffset < end),
  };
}

function repeatedIn(tokens: readonly Token[]): Set<string> {
  const seen = new Set<string>();
  return new Set(tokens.flatMap(({ image }) => (seen.size < seen.add(image).size ? [] : [image])));
}

function isAtLineStart(text: string, offset: number): boolean {
  return offset > 0 && text.charAt(offset - 1) === '\n';
}

function openText(image: string): [found: string, form: string] {
  if (image.startsWith('"""')) return ['The text is not closed.', 'Add `"""` after its last line.'];
  const isItsEnd = /^"\s*(?:[,:)\]}]|$|[a-z]+\b(?!.*[.?!]))/.test(image);
  if (isItsEnd)
    return ['This `"` begins a text that is not closed, or ends one that has no beginning.', 'Add the missing `"`.'];
  return ['The text is not closed.', 'Add `"` at its end; text over several lines is written between `"""`.'];
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

/** `sure`: those that count more than others of their line. */
function firstOfEachLine(findings: readonly Finding[], sure: readonly Finding[], text: string): Finding[] {
  const lineOf = ({ span }: Finding): number => text.slice(0, span.start).split('\n').length;
  const taken = new Set<number>();
  const others = findings.filter((finding) => !sure.includes(finding)).sort((a, b) => a.span.start - b.span.start);
  return [...sure, ...others]
    .filter((finding) => {
      const line = lineOf(finding);
      if (taken.has(line)) return false;
      taken.add(line);
      return true;
    })
    .sort((a, b) => a.span.start - b.span.start);
}
