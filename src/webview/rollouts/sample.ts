// One response: its reward and advantage, what each rule gave and why (in the specification's own words), the
// reasoning apart from the answer, and what was read from it beside the truth.

import { partsOf } from '../../run/chat_text.ts';
import { numberText, scoreText } from '../../run/number_text.ts';
import type { Sample, SampleTokens } from '../../run/view.ts';
import type { Specification } from '../../spec/specification.ts';
import { button, element } from '../element.ts';
import type { RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import { answerRows, comparisonsOf } from './answers.ts';
import { allTokens, colouredText, markedText } from './words.ts';

export interface SampleShowing {
  specification: Specification;
  state: RolloutsState;
  right: boolean;
  /** The largest absolute advantage of the set: the full width of an advantage bar. */
  advantageScale: number;
  tokens: SampleTokens | null;
  /** The tokens were asked for and are not there (a report keeps only some). */
  tokensGone: boolean;
  text: Text;
  copy(text: string): void;
  /** Makes an example of the response; null: there is no file to put it in. */
  addExample: (() => void) | null;
}

export function sampleCard(sample: Sample, showing: SampleShowing): HTMLElement {
  const { text, right } = showing;
  return element(
    'article',
    { class: 'sample', 'data-right': String(right), 'aria-label': text.sample(sample.sample + 1) },
    head(sample, showing),
    element(
      'div',
      { class: 'sample-body' },
      element('div', { class: 'trace' }, ...trace(sample, showing), tokenNotice(showing)),
      element('aside', {}, ruleList(sample, showing), ...answerTables(sample, showing)),
    ),
  );
}

function head(sample: Sample, { right, text, advantageScale, copy, addExample }: SampleShowing): HTMLElement {
  const copyButton = button(text.copy, { class: 'copy' }, () => {
    copy(sample.response);
    copyButton.textContent = text.copied;
    window.setTimeout(() => {
      copyButton.textContent = text.copy;
    }, 1200);
  });
  return element(
    'header',
    {},
    element('span', { class: 'verdict', title: right ? text.right : text.wrong }, right ? '✓' : '✗'),
    element('span', { class: 'hidden-text' }, right ? text.right : text.wrong),
    element('strong', {}, text.sample(sample.sample + 1)),
    sample.reward === null
      ? element(
          'span',
          { class: 'reward', title: sample.invalid?.message ?? '' },
          text.invalid(sample.invalid?.cause ?? ''),
        )
      : element('span', { class: 'reward', title: text.reward }, scoreText(sample.reward)),
    sample.advantage === null ? null : advantageBar(sample.advantage, advantageScale, text),
    element('span', { class: 'spacer' }),
    element('span', { class: 'quiet', 'data-finish': sample.finish_reason }, text.finish[sample.finish_reason]),
    element('span', { class: 'quiet' }, text.tokens(sample.length)),
    addExample && button(text.addExample, { class: 'copy' }, addExample),
    copyButton,
  );
}

function tokenNotice({ tokensGone, text }: SampleShowing): HTMLElement | null {
  return tokensGone ? element('p', { class: 'quiet' }, text.truncatedTokens) : null;
}

/** A bar from the middle: to the right what is pushed up, to the left what is pushed down. */
function advantageBar(advantage: number, scale: number, text: Text): HTMLElement {
  const bar = element('i', { 'data-sign': advantage < 0 ? 'down' : 'up' });
  bar.style.width = `${Math.min(50, (Math.abs(advantage) / Math.max(scale, 1e-9)) * 50)}%`;
  const label = `${text.advantage} ${numberText(advantage)}`;
  return element(
    'span',
    { class: 'advantage', title: label },
    element('span', { class: 'bar', 'aria-hidden': 'true' }, bar),
    element('span', { class: 'quiet' }, label),
  );
}

function trace(sample: Sample, { state, tokens, text }: SampleShowing): HTMLElement[] {
  const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  const measure = state.colour;
  const shown = (from: number, to: number): Node => {
    if (measure !== 'none' && tokens) {
      const coloured = colouredText(sample.response, tokens, measure, from, to);
      if (coloured) return coloured;
    }
    return markedText(sample.response.slice(from, to), words);
  };
  if (sample.response === '') return [element('p', { class: 'quiet' }, text.emptyResponse)];
  if (state.raw) {
    const whole = measure !== 'none' && tokens ? allTokens(tokens, measure) : shown(0, sample.response.length);
    return [element('pre', { class: 'raw' }, whole)];
  }
  const parts = partsOf(sample.response);
  const untagged = parts.every((part) => part.kind === 'rest');
  return parts.map((part) => {
    const body = element('div', { class: 'words' }, shown(part.from, part.to));
    if (part.kind !== 'reasoning') {
      const name = part.kind === 'answer' ? text.answer : untagged ? text.response : text.rest;
      return element('section', { class: `part ${untagged ? 'plain' : part.kind}` }, element('h5', {}, name), body);
    }
    const fold = element('details', { class: 'part reasoning' }, element('summary', {}, text.reasoning), body);
    fold.open = state.reasoning;
    return fold;
  });
}

function ruleList(sample: Sample, { specification, text }: SampleShowing): HTMLElement {
  const rows = specification.rules.flatMap((rule) => {
    const result = sample.rules[rule.name];
    if (!result) return [];
    const wording = rule.cases[result.case]?.text ?? '';
    const weight = result.weight === 1 ? '' : ` × ${text.weight} ${numberText(result.weight)}`;
    const sign = result.score > 0 ? 'up' : result.score < 0 ? 'down' : 'flat';
    return [
      element('dt', {}, element('span', { class: 'score', 'data-sign': sign }, scoreText(result.score)), rule.title),
      element('dd', { class: 'quiet' }, `${wording}${weight}`),
    ];
  });
  return element('dl', { class: 'rules' }, ...rows);
}

function answerTables(sample: Sample, { specification, text }: SampleShowing): HTMLElement[] {
  return comparisonsOf(specification).flatMap((comparison) => {
    const rows = answerRows(sample, comparison);
    if (rows.length === 0) return [];
    const head = element(
      'tr',
      {},
      element('th', { scope: 'col' }, comparison.capture),
      element('th', { scope: 'col' }, text.extracted),
      element('th', { scope: 'col' }, text.truth),
    );
    const body = rows.map(({ name, found, truth }) => {
      const equal = found === truth;
      return element(
        'tr',
        { 'data-equal': String(equal) },
        element('th', { scope: 'row' }, name),
        element('td', {}, element('span', { class: 'sign' }, equal ? '✓' : '✗'), found ?? text.notFound),
        element('td', {}, truth),
      );
    });
    return [element('table', { class: 'answers' }, element('thead', {}, head), element('tbody', {}, ...body))];
  });
}
