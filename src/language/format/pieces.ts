// A text as the formatter sees it: the tokens in their order, each with the comments between it and the one before.
// Everything else between two tokens is white space, which the layout decides anew.

import { type AstNode, CstUtils } from 'langium';
import type { File } from '../generated/ast.ts';

export interface Comment {
  image: string;
  /** It begins its line; otherwise it ends the line of the token before. */
  ownLine: boolean;
  /** An empty line stands before it. */
  blankBefore: boolean;
}

export interface Piece {
  image: string;
  start: number;
  end: number;
  /** The syntax node that the token itself belongs to. */
  node: AstNode;
  /** Comments between the token before and this one. */
  comments: Comment[];
  /** A line ends somewhere between the token before and this one. */
  newlineBefore: boolean;
  /** An empty line stands right before it (after its comments). */
  blankBefore: boolean;
}

export interface Pieces {
  pieces: Piece[];
  /** Comments after the last token. */
  tail: Comment[];
}

export function piecesOf(file: File, text: string): Pieces {
  const pieces: Piece[] = [];
  let comments: Comment[] = [];
  let at = 0;
  let newlines = 0;
  const lineEnds = (from: number, to: number): number => text.slice(from, to).match(/\r\n|\r|\n/g)?.length ?? 0;
  const root = file.$cstNode;
  for (const leaf of root ? CstUtils.flattenCst(root) : []) {
    const here = lineEnds(at, leaf.offset);
    newlines += here;
    if (leaf.hidden) {
      comments.push({ image: leaf.text.trimEnd(), ownLine: here > 0 || at === 0, blankBefore: here > 1 });
    } else {
      const { text: image, offset: start, end, astNode: node } = leaf;
      pieces.push({ image, start, end, node, comments, newlineBefore: newlines > 0, blankBefore: here > 1 });
      comments = [];
      newlines = 0;
    }
    at = leaf.end;
  }
  return { pieces, tail: comments };
}
