// Text of a model as text nodes: searched words marked, or tokens coloured.

import { type TokenSpan, tokensWithin } from '../../run/chat_text.ts';
import type { SampleTokens } from '../../run/view.ts';
import { element } from '../element.ts';
import { intensity, type TokenMeasure, tokenNote } from './token_colour.ts';

/** The text with every occurrence of the words in a `mark`; case is ignored. */
export function markedText(text: string, words: readonly string[]): DocumentFragment {
  const made = document.createDocumentFragment();
  if (words.length === 0) {
    made.append(text);
    return made;
  }
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi');
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    made.append(text.slice(at, match.index), element('mark', {}, match[0]));
    at = match.index + match[0].length;
  }
  made.append(text.slice(at));
  return made;
}

/** The characters from `from` to `to` as coloured tokens; null when the tokens do not join to the response. */
export function colouredText(
  response: string,
  tokens: SampleTokens,
  measure: TokenMeasure,
  from: number,
  to: number,
): DocumentFragment | null {
  const spans = tokensWithin(response, tokens.texts, from, to);
  return spans && colouredSpans(spans, tokens, measure);
}

/** Every token of a response, also those that are no text of their own. */
export function allTokens(tokens: SampleTokens, measure: TokenMeasure): DocumentFragment {
  return colouredSpans(
    tokens.texts.map((text, index) => ({ text, index })),
    tokens,
    measure,
  );
}

function colouredSpans(spans: readonly TokenSpan[], tokens: SampleTokens, measure: TokenMeasure): DocumentFragment {
  const made = document.createDocumentFragment();
  for (const { text, index } of spans) {
    const span = element('span', { class: 'token', title: tokenNote(tokens, index) }, text);
    const strength = Math.round(intensity(tokens, index, measure) * 75);
    if (strength > 2)
      span.style.backgroundColor = `color-mix(in srgb, var(--heat-${measure}) ${strength}%, transparent)`;
    made.append(span);
  }
  return made;
}
