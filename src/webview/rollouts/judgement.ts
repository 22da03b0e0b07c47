// Why a response got its reward: what each rule gave, in the specification's own words, with the parts of the response
// that it rests on (quoted here, and highlighted in the text when the rule is pointed at or focused); and what was read
// from the response beside the truth.

import { numberText, scoreText } from '../../run/number_text.ts';
import type { Sample } from '../../run/view.ts';
import type { Specification } from '../../spec/specification.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';
import { answerRows, comparisonsOf } from './answers.ts';
import { ShownText } from './shown_text.ts';

export interface Evidence {
  capture: string;
  start: number;
  end: number;
}

const QUOTED = 60;

export function ruleList(
  sample: Sample,
  specification: Specification,
  text: Text,
  point: (spans: readonly Evidence[], scroll: boolean) => void,
): HTMLElement {
  const rows = specification.rules.flatMap((rule) => {
    const result = sample.rules[rule.name];
    if (!result) return [];
    const wording = rule.cases[result.case]?.text ?? text.otherwise;
    const weight = result.weight === 1 ? '' : ` × ${text.weight} ${numberText(result.weight)}`;
    const sign = result.score > 0 ? 'up' : result.score < 0 ? 'down' : 'flat';
    const evidence = (result.evidence ?? []).filter(
      ({ start, end }) => 0 <= start && start < end && end <= sample.response.length,
    );
    const quotes = evidence.map(({ capture, start, end }) => {
      const quote = element('q');
      const whole = sample.response.slice(start, end).trim();
      new ShownText().append(quote, whole.length > QUOTED ? `${whole.slice(0, QUOTED)}…` : whole, 0);
      return element('span', { class: 'rests-on' }, element('code', {}, capture), quote);
    });
    const row = element(
      'li',
      { class: 'rule', tabindex: 0, 'data-evidence': String(evidence.length > 0) },
      element('span', { class: 'score', 'data-sign': sign }, scoreText(result.score)),
      element(
        'span',
        { class: 'why' },
        element('strong', {}, rule.title),
        element('span', { class: 'quiet' }, `${wording}${weight}`),
        result.error === undefined ? null : element('span', { class: 'warning' }, result.error),
        ...quotes,
      ),
    );
    const show = (scroll: boolean) => () => point(evidence, scroll);
    const hide = () => point([], false);
    row.addEventListener('pointerenter', show(false));
    row.addEventListener('pointerleave', hide);
    row.addEventListener('focus', show(true));
    row.addEventListener('blur', hide);
    row.addEventListener('click', show(true));
    return [row];
  });
  return element('ul', { class: 'rules', 'aria-label': text.reward }, ...rows);
}

export function answerTables(sample: Sample, specification: Specification, text: Text): HTMLElement[] {
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
      const sign = element('span', { class: 'sign' }, equal ? '✓' : '✗');
      return element(
        'tr',
        { 'data-equal': String(equal) },
        element('th', { scope: 'row' }, name),
        cell(found ?? text.notFound, sign),
        cell(truth),
      );
    });
    return [
      element(
        'table',
        { class: 'answers', 'aria-label': `${comparison.capture}: ${text.extracted}, ${text.truth}` },
        element('thead', {}, head),
        element('tbody', {}, ...body),
      ),
    ];
  });
}

function cell(value: string, ...before: HTMLElement[]): HTMLElement {
  const made = element('td', {}, ...before);
  new ShownText().append(made, value.length > 400 ? `${value.slice(0, 400)}…` : value, 0);
  return made;
}
