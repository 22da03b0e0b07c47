// Literals as they are written, to values: numbers, and text in single or triple quotes. Triple-quoted text loses its
// first and last line break and the indentation all its lines share, and has no escapes. Every character of a text
// remembers where it stands in the file, so that a hole or a wrong number inside a text can be pointed at.

import { spanOf } from './analysis.ts';
import type { NumberLiteral, SignedNumber, TextLiteral } from './generated/ast.ts';

/** A text's value, and for each of its UTF-16 units its offset in the file; one more offset for the end. */
export interface SourceText {
  value: string;
  offsets: number[];
  /** False when the closing quote is missing. */
  closed: boolean;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

export function readText(literal: TextLiteral | undefined): SourceText {
  const image = literal?.image ?? '';
  const start = spanOf(literal).start;
  if (image.startsWith('"""')) return readTriple(image, start);
  const closed = image.length >= 2 && image.endsWith('"') && !endsInsideEscape(image);
  const end = closed ? image.length - 1 : image.length;
  const text: SourceText = { value: '', offsets: [], closed };
  for (let i = 1; i < end; i++) {
    const at = start + i;
    let unit = image.charAt(i);
    if (unit === '\\' && i + 1 < end) {
      i++;
      unit = ESCAPES[image.charAt(i)] ?? `\\${image.charAt(i)}`;
    }
    append(text, unit, at);
  }
  text.offsets.push(start + end);
  return text;
}

export function readTriple(image: string, start: number): SourceText {
  const closed = image.length >= 6 && image.endsWith('"""');
  const end = closed ? image.length - 3 : image.length;
  const lines = linesOf(image, 3, end);
  const openingLine = lines[0];
  const opensWithText = openingLine !== undefined && !openingLine.isBlank;
  if (!opensWithText) lines.shift();
  if (lines.length > 0 && lines[lines.length - 1]?.isBlank) lines.pop();
  const indented = opensWithText ? lines.slice(1) : lines;
  const indent = Math.min(...indented.filter((line) => !line.isBlank).map((line) => line.indent));

  const text: SourceText = { value: '', offsets: [], closed };
  let last = start + end;
  lines.forEach((line, index) => {
    if (index > 0) append(text, '\n', last);
    const from = opensWithText && index === 0 ? line.from : Math.min(line.from + indent, line.to);
    for (let i = from; i < line.to; i++) append(text, image.charAt(i), start + i);
    last = start + line.to;
  });
  text.offsets.push(last);
  return text;
}

interface Line {
  from: number;
  to: number;
  indent: number;
  isBlank: boolean;
}

function linesOf(image: string, from: number, end: number): Line[] {
  const lines: Line[] = [];
  for (let at = from; at <= end; ) {
    const feed = image.indexOf('\n', at);
    const next = feed === -1 || feed >= end ? end : feed;
    const to = next > at && image.charAt(next - 1) === '\r' ? next - 1 : next;
    const content = image.slice(at, to);
    const indent = content.length - content.trimStart().length;
    lines.push({ from: at, to, indent, isBlank: content.trim() === '' });
    at = next + 1;
  }
  return lines;
}

function append(text: SourceText, units: string, at: number): void {
  text.value += units;
  for (let i = 0; i < units.length; i++) text.offsets.push(at);
}

function endsInsideEscape(image: string): boolean {
  let slashes = 0;
  for (let i = image.length - 2; i > 0 && image.charAt(i) === '\\'; i--) slashes++;
  return slashes % 2 === 1;
}

/** The value of `280`, `+1`, `-1.5`, `1e-6`; always finite. */
export function readNumber(literal: SignedNumber | NumberLiteral | undefined): number {
  const value = Math.min(Number(literal?.image ?? '0'), Number.MAX_VALUE);
  return literal?.$type === 'SignedNumber' && literal.sign === '-' ? 0 - value : value;
}
