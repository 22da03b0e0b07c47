// The named parts of a response: each capture's extractor, run when a rule first asks for it. What is not there is
// none. Left out: the extractors of the language that no specification can name yet.

import type { Capture, Extractor } from '../spec/specification.ts';
import { assignments, type TextLists } from './assignments.ts';
import type { Maybe } from './value.ts';

/** Reads captures of one response by name, each once; an unknown name, or one that asks for itself, is none. */
export function captureReader(
  captures: readonly Capture[],
  response: string,
  lists: TextLists,
): (name: string) => Maybe {
  const found = new Map<string, Maybe>();
  const read = (name: string): Maybe => {
    const known = found.get(name);
    if (known !== undefined) return known;
    found.set(name, null);
    const capture = captures.find((one) => one.name === name);
    const value = capture === undefined ? null : extract(capture.extractor, response, lists, read);
    found.set(name, value);
    return value;
  };
  return read;
}

function extract(extractor: Extractor, response: string, lists: TextLists, read: (name: string) => Maybe): Maybe {
  switch (extractor.kind) {
    case 'tag':
      return lastTagged(response, extractor.tag);
    case 'assignments': {
      const text = read(extractor.from);
      return typeof text === 'string' ? assignments(text, extractor.pattern, lists) : null;
    }
    default:
      return null;
  }
}

/** The text inside the last `<tag>` that is closed, up to its first `</tag>`; null when there is none. */
export function lastTagged(text: string, tag: string): string | null {
  const open = `<${tag}>`;
  const close = `</${tag}>`;
  const lastClose = text.lastIndexOf(close);
  if (lastClose < open.length) return null;
  const start = text.lastIndexOf(open, lastClose - open.length);
  if (start < 0) return null;
  const inside = start + open.length;
  return text.slice(inside, text.indexOf(close, inside));
}
