// Two responses beside each other, with what only one of them says marked, and their numbers above.

import { numberText, scoreText } from '../../run/number_text.ts';
import type { Sample } from '../../run/view.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';
import { type DiffPart, wordDiff } from '../word_diff.ts';
import { ShownText } from './shown_text.ts';

/** Longest texts that are compared word by word. */
const LONGEST = 60_000;

export function comparison(sample: Sample, other: Sample, text: Text): HTMLElement {
  const parts = wordDiff(other.response.slice(0, LONGEST), sample.response.slice(0, LONGEST));
  const isSame = parts.every(({ kind }) => kind === 'same');
  return element(
    'div',
    { class: 'comparison' },
    isSame ? element('p', { class: 'quiet' }, text.sameText) : null,
    element('div', { class: 'sides' }, side(other, parts, 'gone', text), side(sample, parts, 'come', text)),
  );
}

function side(sample: Sample, parts: readonly DiffPart[], own: 'gone' | 'come', text: Text): HTMLElement {
  const words = element('div', { class: 'words', dir: 'auto' });
  const shown = new ShownText();
  for (const { kind, text: part } of parts) {
    if (kind !== 'same' && kind !== own) continue;
    shown.append(kind === 'same' ? words : words.appendChild(element(own === 'gone' ? 'del' : 'ins')), part, 0);
  }
  const name = `${text.stepNumber(sample.step)} · ${text.sample(sample.sample + 1)}`;
  const numbers = [
    `${text.reward} ${sample.reward === null ? '–' : scoreText(sample.reward)}`,
    ...(sample.advantage === null ? [] : [`${text.advantage} ${numberText(sample.advantage)}`]),
    text.tokens(sample.length),
  ].join(' · ');
  return element(
    'section',
    { class: 'side', 'aria-label': name },
    element('h4', {}, name, element('span', { class: 'quiet' }, numbers)),
    words,
  );
}
