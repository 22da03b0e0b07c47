// Which rule the responses fail, and how: under each rule its cases with what they give, how often they fired and their
// wording. A case that is pressed lists its responses. Rules with a single case say nothing here.

import { scoreText, shareText } from '../../run/number_text.ts';
import type { CaseTally } from '../../run/rollouts/case_tally.ts';
import { constantScore } from '../../run/rollouts/verdict.ts';
import type { Specification } from '../../spec/specification.ts';
import { element } from '../element.ts';
import { keepFocus } from '../kept_focus.ts';
import type { Text } from '../text.ts';
import { shownText } from './shown_text.ts';

type Rule = Specification['rules'][number];

export interface CaseListHost {
  text: Text;
  isOpen(): boolean;
  open(isOpen: boolean): void;
  /** The filter that is set; that of a case is set by pressing it, and taken away by pressing it again. */
  filter(): string;
  setFilter(filter: string): void;
}

export interface CaseList {
  element: HTMLElement;
  draw(rules: readonly Rule[], tallies: readonly CaseTally[]): void;
}

export const caseFilter = (rule: string, place: number): string => `case(${rule}) == ${place}`;

export function caseList(host: CaseListHost): CaseList {
  const { text } = host;
  const summary = element('summary');
  const body = element('div', { class: 'case-rules' });
  const list = element('details', { class: 'case-list', hidden: true }, summary, body);
  list.addEventListener('toggle', () => {
    if (list.open !== host.isOpen()) host.open(list.open);
  });
  return {
    element: list,
    draw(rules, tallies) {
      const told = rules.flatMap((rule) => {
        const tally = tallies.find(({ rule: name }) => name === rule.name);
        return tally && rule.cases.length > 1 && judged(tally) > 0 ? { rule, tally } : [];
      });
      list.hidden = told.length === 0;
      list.open = host.isOpen();
      summary.replaceChildren(text.caseList, ...told.flatMap(({ rule, tally }) => bestShare(rule, tally, text) ?? []));
      keepFocus(body, () => body.replaceChildren(...told.map(({ rule, tally }) => ruleCases(rule, tally, host))));
    },
  };
}

const judged = ({ cases }: CaseTally): number => cases.reduce((sum, { count }) => sum + count, 0);

/** “Format 83%”: the share of responses that got the rule's best; of computed scores nothing is said. */
function bestShare({ title, cases }: Rule, tally: CaseTally, text: Text): HTMLElement | null {
  const scores = cases.flatMap(({ score }) => constantScore(score) ?? []);
  if (scores.length < cases.length) return null;
  const best = Math.max(...scores);
  const count = scores.reduce((sum, score, place) => sum + (score === best ? (tally.cases[place]?.count ?? 0) : 0), 0);
  const share = shareText(count / judged(tally));
  return element('span', { class: 'case-best', title: text.caseBest(title, share) }, `${title} `, strong(share));
}

function ruleCases(rule: Rule, tally: CaseTally, { text, filter, setFilter }: CaseListHost): HTMLElement {
  const all = judged(tally);
  const rows = rule.cases.map((entry, place) => {
    const { count = 0, mean = null } = tally.cases[place] ?? {};
    const gives = constantScore(entry.score) ?? mean;
    const score = gives === null ? '' : scoreText(gives);
    const words = entry.text ?? text.otherwise;
    const wanted = caseFilter(rule.name, place);
    const isPressed = filter() === wanted;
    const bar = element('i', { 'data-sign': signOf(gives) });
    bar.style.width = `${(100 * count) / all}%`;
    const row = element(
      'button',
      {
        class: 'case',
        'aria-pressed': String(isPressed),
        'aria-label': text.caseSentence(rule.title, score, words, count, all),
        title: words,
      },
      element('span', { class: 'score', 'data-sign': signOf(gives) }, score),
      element('span', { class: 'case-bar' }, bar),
      element('span', { class: 'case-share' }, shareText(count / all)),
      element('span', { class: 'case-words' }, shownText(words)),
    );
    row.type = 'button';
    row.disabled = count === 0 && !isPressed;
    row.addEventListener('click', () => setFilter(isPressed ? '' : wanted));
    return row;
  });
  const unjudged = tally.unjudged === 0 ? null : element('p', { class: 'quiet' }, text.unjudged(tally.unjudged));
  return element('section', { 'aria-label': rule.title }, strong(rule.title), ...rows, unjudged);
}

function strong(words: string): HTMLElement {
  return element('strong', {}, shownText(words));
}

function signOf(score: number | null): 'up' | 'down' | 'flat' {
  if (score === null || score === 0) return 'flat';
  return score > 0 ? 'up' : 'down';
}
