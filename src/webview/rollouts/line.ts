// The lines of the list: a prompt's heading, and a response with its reward, advantage, length and what each rule gave.

import { numberText, scoreText } from '../../run/number_text.ts';
import type { ListedGroup, ListedRow, ListItem } from '../../run/rollouts/list_query.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';
import { shownText } from './shown_text.ts';

export interface LineShowing {
  text: Text;
  rules: readonly { name: string; title: string }[];
  /** Responses stand under their prompt's heading. */
  isGrouped: boolean;
  /** The largest length in the list so far, and the largest advantage: full bars. */
  longest: number;
  isTicked(row: ListedRow): boolean;
}

export function listLine(item: ListItem | null, isCurrent: boolean, showing: LineShowing): HTMLElement {
  if (item === null) return element('div', { class: 'line waiting', role: 'presentation' });
  return item.kind === 'group' ? groupLine(item, showing) : rowLine(item, isCurrent, showing);
}

function groupLine(item: ListedGroup, { text }: LineShowing): HTMLElement {
  const share = item.size === 0 ? 0 : item.right / item.size;
  const bar = element('i');
  bar.style.width = `${share * 100}%`;
  return element(
    'div',
    { class: 'line group', role: 'presentation' },
    element(
      'span',
      { class: 'top' },
      element('strong', {}, `${text.stepNumber(item.set.step)} · ${text.promptNumber(item.prompt_index + 1)}`),
      element('span', { class: 'spacer' }),
      element('span', { class: 'quiet' }, item.mean === null ? '' : text.meanReward(scoreText(item.mean))),
      element('span', { class: 'share', 'aria-hidden': 'true' }, bar),
      element('span', { class: 'quiet' }, text.rightOf(item.right, item.size)),
    ),
    element('span', { class: 'snippet quiet' }, shownText(item.asked)),
  );
}

function rowLine(row: ListedRow, isCurrent: boolean, showing: LineShowing): HTMLElement {
  const { text, rules, isGrouped, longest } = showing;
  const name = text.sample(row.sample + 1);
  const where = isGrouped
    ? name
    : `${text.stepNumber(row.set.step)} · ${text.promptNumber(row.prompt_index + 1)} · ${name}`;
  const reward = row.reward === null ? text.invalidShort : scoreText(row.reward);
  const bar = element('i');
  bar.style.width = `${Math.min(100, (row.tokens / Math.max(1, longest)) * 100)}%`;
  return element(
    'div',
    {
      class: 'line row',
      role: 'option',
      'aria-selected': String(isCurrent),
      'aria-checked': String(showing.isTicked(row)),
      'data-right': String(row.right),
      'data-grouped': String(isGrouped),
      'aria-label': [
        where,
        row.right ? text.right : text.wrong,
        `${text.reward} ${reward}`,
        row.advantage === null ? '' : `${text.advantage} ${numberText(row.advantage)}`,
        text.tokens(row.tokens),
        row.starred ? text.starred : '',
        row.snippet,
      ]
        .filter(Boolean)
        .join(', '),
    },
    element(
      'span',
      { class: 'top' },
      element('span', { class: 'tick', title: text.ticks.tick, 'aria-hidden': 'true' }),
      element('span', { class: 'verdict' }, row.right ? '✓' : '✗'),
      element('span', { class: 'reward' }, reward),
      advantageBar(row.advantage),
      element('span', { class: 'name' }, where),
      element('span', { class: 'marks' }, `${row.starred ? '★' : ''}${row.noted ? '✎' : ''}`),
      element('span', { class: 'spacer' }),
      ...rules.map((rule, i) => ruleChip(rule.title, row.scores[i] ?? null)),
      element(
        'span',
        { class: 'length', title: text.tokens(row.tokens), 'data-finish': row.finished ? 'stop' : 'length' },
        element('span', { class: 'meter' }, bar),
        element('span', {}, numberText(row.tokens)),
      ),
    ),
    element('span', { class: 'snippet quiet' }, shownText(row.snippet)),
  );
}

function ruleChip(title: string, score: number | null): HTMLElement {
  const sign = score === null ? 'none' : score > 0 ? 'up' : score < 0 ? 'down' : 'flat';
  const value = score === null ? '–' : scoreText(score);
  return element('span', { class: 'chip', 'data-sign': sign, title: `${title} ${value}` }, value);
}

/** From the middle: to the right what is pushed up, to the left what is pushed down; full at 2. */
export function advantageBar(advantage: number | null): HTMLElement {
  if (advantage === null) return element('span', { class: 'bar none', 'aria-hidden': 'true' });
  const bar = element('i', { 'data-sign': advantage < 0 ? 'down' : 'up' });
  bar.style.width = `${Math.min(50, (Math.abs(advantage) / 2) * 50)}%`;
  return element('span', { class: 'bar', 'aria-hidden': 'true', title: numberText(advantage) }, bar);
}
