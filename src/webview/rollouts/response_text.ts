// The text of a response: as written with its reasoning apart, or rendered (Markdown and mathematics), or raw; with its
// tokens coloured, its searched words marked, and the part behind a rule highlighted when that is asked for. Of a very
// long text the beginning is shown until all of it is wanted.

import { partsOf, tokensWithin } from '../../run/chat_text.ts';
import type { Sample } from '../../run/view.ts';
import { button, element } from '../element.ts';
import type { RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import { type AppendMarkdown, LONGEST_MARKDOWN } from './formatted.ts';
import { highlight, placesOf, rangesBelow, ShownText } from './shown_text.ts';
import { intensity, type Measured, tokenNote } from './token_colour.ts';

/** Percent of colour under a token at most: its text stays readable on it. */
const STRONGEST = 55;
/** Characters of a part that are shown at first. */
const SHOWN = 20_000;

export interface ResponseText {
  element: HTMLElement;
  /** Highlights parts of the response and brings the first into view. */
  point(spans: readonly { start: number; end: number }[], scroll: boolean): void;
}

/** `appendMarkdown`: null while it is not there yet; the text is shown as written until then. */
export function responseText(
  sample: Sample,
  state: Pick<RolloutsState, 'view' | 'reasoning' | 'search'>,
  measured: Measured | null,
  appendMarkdown: AppendMarkdown | null,
  text: Text,
): ResponseText {
  const shown = new ShownText();
  const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  const trace = element('div', { class: 'trace' });
  const isRendered = state.view === 'rendered' && measured === null && appendMarkdown !== null;
  const fill = (place: HTMLElement, from: number, to: number): void => {
    const end = Math.min(to, from + SHOWN);
    if (isRendered && to - from <= LONGEST_MARKDOWN)
      appendMarkdown(place, sample.response.slice(from, to), shown, from);
    else if (measured && sample.tokens) {
      if (!appendTokens(place, sample, measured, from, end, shown))
        shown.append(place, sample.response.slice(from, end), from);
    } else shown.append(place, sample.response.slice(from, end), from);
    if (end === to || (isRendered && to - from <= LONGEST_MARKDOWN)) return;
    const more = button(text.showAll(to - from), { class: 'show-all' }, () => {
      more.remove();
      shown.append(place, sample.response.slice(end, to), end);
      mark();
    });
    place.append(more);
  };
  const mark = () => {
    const places = isRendered ? null : placesOf(sample.response, words);
    highlight('found', places ? places.flatMap(([from, to]) => shown.ranges(from, to)) : rangesBelow(trace, words));
  };
  const kind = isRendered ? 'words rendered' : 'words';
  if (sample.response === '') trace.append(element('p', { class: 'quiet' }, text.emptyResponse));
  else if (state.view === 'raw') {
    const raw = element('pre', { class: 'raw', dir: 'auto', tabindex: 0, 'aria-label': text.raw });
    fill(raw, 0, sample.response.length);
    trace.append(raw);
  } else trace.append(...sections(sample.response, state.reasoning, kind, text, fill));
  queueMicrotask(mark);
  return {
    element: trace,
    point: (spans, scroll) => {
      highlight(
        'evidence',
        spans.flatMap(({ start, end }) => shown.ranges(start, end)),
      );
      const [first] = spans;
      if (!scroll || !first) return;
      const found = shown.elementAt(first.start);
      const fold = found?.closest('details');
      if (fold && !fold.open) return;
      found?.scrollIntoView({ block: 'nearest' });
    },
  };
}

function sections(
  response: string,
  isOpen: boolean,
  kind: string,
  text: Text,
  fill: (place: HTMLElement, from: number, to: number) => void,
): HTMLElement[] {
  const parts = partsOf(response);
  const untagged = parts.every((part) => part.kind === 'rest');
  return parts.map((part) => {
    const body = element('div', { class: kind, dir: 'auto' });
    fill(body, part.from, part.to);
    if (part.kind !== 'reasoning') {
      const name = part.kind === 'answer' ? text.answer : untagged ? text.response : text.rest;
      return element('section', { class: `part ${untagged ? 'plain' : part.kind}` }, element('h4', {}, name), body);
    }
    const fold = element('details', { class: 'part reasoning' }, element('summary', {}, text.reasoning), body);
    fold.open = isOpen;
    return fold;
  });
}

/** False where the tokens' texts do not join to the response: then nothing was put in. */
function appendTokens(
  place: HTMLElement,
  sample: Sample,
  measured: Measured,
  from: number,
  to: number,
  shown: ShownText,
): boolean {
  const { tokens, response } = sample;
  const spans = tokens && tokensWithin(response, tokens.texts, from, to);
  if (!tokens || !spans) return false;
  let at = from;
  for (const { text, index } of spans) {
    const strength = Math.round(intensity(tokens, index, measured) * STRONGEST);
    const span = element('span', { class: 'token', title: tokenNote(tokens, index, measured.lift) });
    const colour =
      strength < 0 ? 'down' : measured.measure === 'advantage' || measured.measure === 'lift' ? 'up' : measured.measure;
    if (Math.abs(strength) > 2)
      span.style.backgroundColor = `color-mix(in srgb, var(--heat-${colour}) ${Math.abs(strength)}%, transparent)`;
    shown.append(span, text, at);
    place.append(span);
    at += text.length;
  }
  return true;
}
