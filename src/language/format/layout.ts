// What stands between every two tokens: a space, or the end of a line. The layout starts with everything on one line and
// is told where lines begin; it knows nothing of sections and rules (sections.ts, cases.ts do).

import type { AstNode } from 'langium';
import { spanOf } from '../analysis.ts';
import type { Piece } from './pieces.ts';
import { spaceBetween, widthOf } from './spacing.ts';

/** A line is not made longer than this, where it can be helped. */
export const LINE = 120;
export const INDENT = 2;

/** An empty line above what begins a line: as it was written, never, or always. */
export type Blank = 'keep' | 'never' | 'always';

export type Gap =
  | { kind: 'space'; width: number }
  /** `column`: where the token begins; `comments`: where comments before it do. */
  | { kind: 'line'; column: number; comments: number; blank: Blank; closes: boolean };

export class Layout {
  readonly pieces: readonly Piece[];
  /** Before each token. */
  readonly gaps: Gap[];
  private readonly starts = new Map<number, number>();
  private readonly ends = new Map<number, number>();

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
    this.gaps = pieces.map((piece, index): Gap => {
      const before = pieces[index - 1];
      this.starts.set(piece.start, index);
      this.ends.set(piece.end, index);
      return { kind: 'space', width: before ? spaceBetween(before, piece).length : 0 };
    });
  }

  /** Indices of a node's first and last token. */
  rangeOf(node: AstNode | undefined): [first: number, last: number] {
    const { start, end } = spanOf(node);
    return [this.starts.get(start) ?? 0, this.ends.get(end) ?? 0];
  }

  /** The index of a node's own token. */
  find(node: AstNode, ...images: string[]): number | null {
    const [first, last] = this.rangeOf(node);
    for (let i = first; i <= last; i++) {
      const piece = this.pieces[i];
      if (piece?.node === node && images.includes(piece.image)) return i;
    }
    return null;
  }

  line(index: number, column: number, blank: Blank = 'never'): void {
    this.gaps[index] = { kind: 'line', column, comments: column, blank, closes: false };
  }

  /** A closing bracket on a line of its own; comments before it stand as far in as what it closes. */
  close(index: number, column: number): void {
    this.gaps[index] = { kind: 'line', column, comments: column + INDENT, blank: 'keep', closes: true };
  }

  space(index: number, width: number): void {
    this.gaps[index] = { kind: 'space', width };
  }

  /** Columns from one token to another, both included, on one line. */
  width(first: number, last: number): number {
    return widthOf(this.pieces.slice(first, last + 1));
  }

  /** Whether comments stand between the tokens from `first` to `last`. */
  hasComments(first: number, last: number): boolean {
    return this.pieces.slice(first + 1, last + 1).some(({ comments }) => comments.length > 0);
  }

  /** Whether the tokens from `first` to `last` were written on one line. */
  isOneLine(first: number, last: number): boolean {
    const inside = this.pieces.slice(first, last + 1);
    return inside.every(({ newlineBefore, image }, i) => (i === 0 || !newlineBefore) && !image.includes('\n'));
  }

  /** Whether the token begins a line right under the line of the token before, without a comment in between. */
  followsClosely(index: number): boolean {
    const gap = this.gaps[index];
    const piece = this.pieces[index];
    return gap?.kind === 'line' && gap.blank !== 'always' && piece?.comments.length === 0 && !piece.blankBefore;
  }

  /** Makes tokens of consecutive lines stand under each other: pads what lies between `from` and `at` of each row. */
  align(rows: readonly { from: number; at: number }[], gap = 1): void {
    const widths = rows.map(({ from, at }) => this.width(from, at - 1));
    const widest = Math.max(...widths);
    rows.forEach(({ at }, i) => {
      this.space(at, widest - (widths[i] ?? 0) + gap);
    });
  }

  /** Breaks a bracket that does not fit on its line: an element on each line, brackets inside likewise. */
  fold(first: number, last: number, column: number): void {
    if (column + this.width(first, last) <= LINE && !this.hasComments(first, last)) return;
    const open = this.pieces.findIndex(({ image }, i) => i >= first && i <= last && isOpen(image));
    if (open === -1) return;
    const inner = column + INDENT;
    let depth = 0;
    let element = open + 1;
    for (let i = open; i <= last; i++) {
      const image = this.pieces[i]?.image ?? '';
      if (isOpen(image)) depth++;
      if (isClose(image)) depth--;
      const ends = depth === 0 || (depth === 1 && image === ',');
      if (!ends) continue;
      if (element < i) {
        this.line(element, inner);
        this.fold(element, i - 1, inner);
      }
      element = i + 1;
      if (depth > 0) continue;
      if (i > open + 1) this.close(i, column);
      return;
    }
  }
}

function isOpen(image: string): boolean {
  return image === '(' || image === '[' || image === '{';
}

function isClose(image: string): boolean {
  return image === ')' || image === ']' || image === '}';
}
