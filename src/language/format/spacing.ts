// The space between two tokens that stand on one line, and how wide a text is.

import { type AstNode, CstUtils } from 'langium';
import type { Piece } from './pieces.ts';

type Token = Pick<Piece, 'image' | 'node'>;

/** Signs that belong to the number or the expression after them. */
const SIGNED: readonly string[] = ['Score', 'SignedNumber', 'Signed'];

export function spaceBetween(before: Token, after: Token): '' | ' ' {
  return isTight(before, after) ? '' : ' ';
}

function isTight(before: Token, after: Token): boolean {
  if (isSign(before) || isUnit(before, after)) return true;
  if (['(', '[', '..'].includes(before.image) || [')', ']', ',', '%', '..'].includes(after.image)) return true;
  if (after.image === '(' && after.node.$type !== 'Group') return true;
  if (before.image === '.' || after.image === '.') return true;
  if (after.image === '[' && after.node.$type === 'Index') return true;
  if (before.image === '{' && after.image === '}') return true;
  if (after.image === ':') return after.node.$type !== 'RuleCase';
  return before.image === ':' && before.node.$type === 'Setting';
}

/** `5s`, `512MB`. */
function isUnit(before: Token, after: Token): boolean {
  const isOfNumber = before.node.$type === 'SignedNumber' && before.node.$container === after.node;
  return isOfNumber && ['s', 'ms', 'min', 'MB', 'GB'].includes(after.image);
}

function isSign({ image, node }: Token): boolean {
  return (image === '+' || image === '-') && SIGNED.includes(node.$type);
}

/** A node as it is written on one line, without its comments. */
export function flatText(node: AstNode): string {
  let text = '';
  let before: Token | undefined;
  for (const leaf of node.$cstNode ? CstUtils.flattenCst(node.$cstNode) : []) {
    if (leaf.hidden) continue;
    const token = { image: leaf.text, node: leaf.astNode };
    text += (before ? spaceBetween(before, token) : '') + token.image;
    before = token;
  }
  return text;
}

/** Columns that tokens take on one line; of a text over several lines only the first one counts. */
export function widthOf(pieces: readonly Piece[]): number {
  let width = 0;
  let before: Piece | undefined;
  for (const piece of pieces) {
    if (before) width += spaceBetween(before, piece).length;
    const [line = '', ...more] = piece.image.split('\n', 2);
    width += columnsOf(line);
    if (more.length > 0) return width;
    before = piece;
  }
  return width;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}]/u;

/** Columns in a fixed-width font: East Asian characters and pictures take two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}
