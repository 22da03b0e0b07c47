// The regular layout of a .merf file: two spaces of indentation, cases in columns, at most one empty line. Comments and
// texts stay; only white space changes, so a formatted file means what it meant. It is a list of edits between tokens,
// each of which can be made alone. A text with a syntax error has no layout (null).

import type { Span } from './analysis.ts';
import { type Gap, Layout } from './format/layout.ts';
import { type Comment, piecesOf } from './format/pieces.ts';
import { layOutFile } from './format/sections.ts';
import { moveTriple } from './format/triple.ts';
import type { File } from './generated/ast.ts';
import { parse } from './parse.ts';
import { syntaxFindings } from './syntax.ts';

export interface TextEdit {
  span: Span;
  text: string;
}

/** The text in its regular layout; null when it cannot be read. */
export function formatText(text: string): string | null {
  const edits = formatEdits(text);
  return edits && applyEdits(text, edits);
}

/** The edits that lay a text out, in its order; null when it cannot be read. */
export function formatEdits(text: string): TextEdit[] | null {
  const result = parse(text);
  const isReadable = syntaxFindings(result, text).length === 0 && result.parserErrors.length === 0;
  return isReadable ? layOut(result.value, text) : null;
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let formatted = '';
  let at = 0;
  for (const { span, text: replacement } of edits) {
    formatted += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return formatted + text.slice(at);
}

/** For a text that was read, in one piece, without an error. */
function layOut(file: File, text: string): TextEdit[] {
  const { pieces, tail } = piecesOf(file, text);
  const layout = new Layout(pieces);
  layOutFile(layout, file);
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const edits: TextEdit[] = [];
  const put = (start: number, end: number, written: string): void => {
    const replacement = written.replaceAll('\n', lineEnd);
    if (text.slice(start, end) !== replacement) edits.push({ span: { start, end }, text: replacement });
  };
  let at = 0;
  let column = 0;
  for (const [index, piece] of pieces.entries()) {
    const gap = layout.gaps[index] ?? { kind: 'space', width: 0 };
    const begins = gap.kind === 'line';
    if (begins) column = gap.column;
    put(at, piece.start, gapText(index === 0, piece.comments, piece.blankBefore, gap, column));
    const isFirst = begins || index === 0 || piece.comments.length > 0;
    const moved = moveTriple(piece.image, isFirst ? column : column + 2, column);
    if (moved !== piece.image) put(piece.start, piece.end, moved);
    at = piece.end;
  }
  const end: Gap = { kind: 'line', column: 0, comments: 0, blank: 'keep', closes: true };
  const last = gapText(pieces.length === 0, tail, false, end, 0);
  put(at, text.length, pieces.length === 0 && tail.length === 0 ? '' : last);
  return edits;
}

/** What stands before a token; `column` is where its line begins. */
function gapText(
  isStart: boolean,
  comments: readonly Comment[],
  blankBefore: boolean,
  gap: Gap,
  column: number,
): string {
  if (gap.kind === 'space' && comments.length === 0) return ' '.repeat(gap.width);
  const indent = gap.kind === 'line' ? gap.comments : column + 4;
  const blank = gap.kind === 'line' ? gap.blank : 'never';
  const own = comments.filter(({ ownLine }) => ownLine);
  const closes = gap.kind === 'line' && gap.closes;
  const blanks = [...own.map((comment) => comment.blankBefore), blankBefore && !closes && blank !== 'never'];
  if (own.length > 0 && gap.kind === 'line') blanks[own.length] = blankBefore && !closes;
  if (gap.kind === 'space') blanks.fill(false);
  if (blank === 'never') blanks[0] = false;
  if (blank === 'always' && !blanks.includes(true)) blanks[0] = true;
  if (isStart) blanks[0] = false;

  const lines: string[] = [];
  own.forEach(({ image }, index) => {
    lines.push(`${blanks[index] ? '\n' : ''}${' '.repeat(indent)}${image}`);
  });
  const start = gap.kind === 'line' ? gap.column : column + 4;
  lines.push(`${blanks[own.length] ? '\n' : ''}${' '.repeat(isStart && own.length === 0 ? 0 : start)}`);
  const trailing = comments.find(({ ownLine }) => !ownLine);
  const body = lines.join('\n');
  if (isStart) return body;
  return `${trailing ? ` ${trailing.image}` : ''}\n${body}`;
}
