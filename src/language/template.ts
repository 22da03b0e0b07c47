// Holes in texts: `{quiz}`, `{motivation}`, `{reward.min}`; `{{` and `}}` are literal braces. This file only finds the
// holes and where they stand; what a hole may name is checked where the text is used (lower/prompt.ts, …).

import type { Span } from './analysis.ts';
import type { SourceText } from './literals.ts';

export type HolePart = { kind: 'text'; text: string } | { kind: 'hole'; name: string; span: Span };

export interface HoleText {
  parts: HolePart[];
  /** `{` that opens no hole, and so should be `{{`. */
  strayBraces: Span[];
}

const HOLE = /\{\s*([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*\}/y;

export function readHoles(source: SourceText): HoleText {
  const { value } = source;
  const parts: HolePart[] = [];
  const strayBraces: Span[] = [];
  let text = '';
  for (let i = 0; i < value.length; ) {
    const unit = value.charAt(i);
    if ((unit === '{' || unit === '}') && value.charAt(i + 1) === unit) {
      text += unit;
      i += 2;
      continue;
    }
    HOLE.lastIndex = i;
    const hole = unit === '{' ? HOLE.exec(value) : null;
    if (hole?.[1] !== undefined) {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      const span = { start: offsetAt(source, i), end: offsetAt(source, i + hole[0].length) };
      parts.push({ kind: 'hole', name: hole[1], span });
      i += hole[0].length;
      continue;
    }
    if (unit === '{') strayBraces.push({ start: offsetAt(source, i), end: offsetAt(source, i + 1) });
    text += unit;
    i++;
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return { parts, strayBraces };
}

/** Where a position of the text's value stands in the file. */
export function offsetAt(source: SourceText, index: number): number {
  return source.offsets[index] ?? source.offsets[source.offsets.length - 1] ?? 0;
}
