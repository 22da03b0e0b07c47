// Text of a model in the page: as text nodes only, with what no eye can see (controls of direction, zero-width and other
// invisible characters) written out, so that nothing is hidden and nothing turns the page around. It is remembered which
// node shows which characters, so that parts can be highlighted without touching the nodes (CSS custom highlights).

import { element } from '../element.ts';

/** Controls, marks of direction, zero-width characters, tags, fillers. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Those that have their plain meaning: spaces, and the mark that makes the sign before it a picture. */
const PLAIN = new Set(['\t', '\n', '\r', '\ufe0f']);
const PICTURE_BEFORE = /\p{Extended_Pictographic}\ufe0f?(?:[\u{1f3fb}-\u{1f3ff}])?$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;

interface Piece {
  /** An element is shown whole: a formula. */
  node: Text | Element;
  from: number;
  to: number;
}

/** The place of words that do not stand in the text. */
export const NOWHERE = Number.MAX_SAFE_INTEGER;

export class ShownText {
  private readonly pieces: Piece[] = [];

  /** Puts the characters of a text into an element; `from` is the place of the first. */
  append(parent: Node, text: string, from: number): void {
    let at = 0;
    for (const match of text.matchAll(UNSEEN)) {
      const [found] = match;
      const end = match.index + found.length;
      if (PLAIN.has(found)) continue;
      // a zero-width joiner inside of an emoji is how it is written
      if (found === '\u200d' && PICTURE_BEFORE.test(text.slice(0, match.index)) && PICTURE_AFTER.test(text.slice(end)))
        continue;
      this.piece(parent, text.slice(at, match.index), from + at);
      const code = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      const sign = element('span', { class: 'unseen', title: code });
      parent.appendChild(sign);
      const node = document.createTextNode(code);
      sign.append(node);
      this.pieces.push({ node, from: from + match.index, to: from + end });
      at = end;
    }
    this.piece(parent, text.slice(at), from + at);
  }

  /** The parts of the page that show the characters from one place to another. */
  ranges(from: number, to: number): Range[] {
    return this.pieces.flatMap((piece) => {
      const [start, end] = [Math.max(from, piece.from), Math.min(to, piece.to)];
      if (start >= end) return [];
      const { node } = piece;
      const range = document.createRange();
      range.selectNodeContents(node);
      if (node instanceof Text && node.data.length === piece.to - piece.from) {
        range.setStart(node, start - piece.from);
        range.setEnd(node, end - piece.from);
      }
      return [range];
    });
  }

  /** Remembers an element that was made of these characters. */
  appendMade(node: Element, from: number, length: number): void {
    this.pieces.push({ node, from, to: from + length });
  }

  /** The element that shows a character, or the next one that is shown, to scroll to. */
  elementAt(place: number): Element | null {
    const found = this.pieces.find(({ from, to }) => place < to && from < NOWHERE)?.node;
    return found instanceof Element ? found : (found?.parentElement ?? null);
  }

  private piece(parent: Node, text: string, from: number): void {
    if (text === '') return;
    const node = document.createTextNode(text);
    parent.appendChild(node);
    this.pieces.push({ node, from, to: from + text.length });
  }
}

/** Places of the searched words in a text; capitals do not matter. */
export function placesOf(text: string, words: readonly string[]): [number, number][] {
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'giu');
  return [...text.matchAll(pattern)].slice(0, 5000).map((match) => [match.index, match.index + match[0].length]);
}

/** Highlights parts of the page under a name; the style sheet has `::highlight(name)`. */
export function highlight(name: string, ranges: readonly Range[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

/** The searched words wherever they stand in the text below an element. */
export function rangesBelow(parent: Node, words: readonly string[]): Range[] {
  if (words.length === 0) return [];
  const walker = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const [from, to] of placesOf(node.textContent ?? '', words)) {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      ranges.push(range);
    }
  }
  return ranges;
}

/** A short text by itself. */
export function shownText(text: string): DocumentFragment {
  const made = document.createDocumentFragment();
  new ShownText().append(made, text, 0);
  return made;
}
