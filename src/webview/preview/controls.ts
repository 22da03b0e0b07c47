// Which prompt is shown: the arm, one to compare it with, and the row. The controls stay where they are while prompts
// come and go, so that a select that is open or a field that is typed in is not torn from the hand.

import type { PromptAnswer } from '../../spec/prompt_view.ts';
import { button, element } from '../element.ts';
import { type KeyLine, keysButton } from '../keys.ts';
import type { PreviewState } from '../messages.ts';
import type { Text } from '../text.ts';

type Prompt = Extract<PromptAnswer, { kind: 'prompt' }>;
type Choice = Omit<PreviewState, 'uri'>;

export interface Controls {
  element: HTMLElement;
  show(state: PreviewState, prompt: Prompt): void;
  /** To another row. */
  move(by: number): void;
  random(): void;
  /** Locks, or unlocks. */
  lock(): void;
}

const KEYS: readonly KeyLine[] = [
  [['←', '→'], 'moveRow'],
  [['R'], 'random'],
  [['L'], 'lock'],
  [['?'], 'keys'],
];

export function controls(text: Text, choose: (choice: Choice) => void, copyLink: () => void): Controls {
  const words = text.preview;
  let state: Choice = { arm: null, other: null, split: 'train', row: 0, locked: false };
  let rows = 0;
  const change = (part: Partial<Choice>): void => {
    state = { ...state, ...part };
    choose(state);
  };
  const arm = select(text.arm, (value) => change({ arm: value }));
  const other = select(words.compare, (value) => change({ other: value === '' ? null : value }));
  const split = select(words.rows, (value) => change({ split: value === 'test' ? 'test' : 'train', row: 0 }));
  const number = element('input', { 'aria-label': words.rowNumber });
  number.type = 'number';
  number.min = '0';
  number.addEventListener('change', () => goTo(Number(number.value)));
  const count = element('span', { class: 'quiet' });
  const goTo = (row: number): void => {
    if (rows > 0 && Number.isInteger(row)) change({ row: Math.min(Math.max(row, 0), rows - 1) });
  };
  const random = (): void => goTo(Math.floor(Math.random() * rows));
  const previous = button('‹', { 'aria-label': text.previous, title: text.previous }, () => goTo(state.row - 1));
  const next = button('›', { 'aria-label': text.next, title: text.next }, () => goTo(state.row + 1));
  const lock = button(words.lock, { class: 'lock', title: words.lockHint, 'aria-pressed': 'false' }, () =>
    change({ locked: !state.locked }),
  );
  const row = element('span', { class: 'field' }, element('span', {}, words.rowNumber), previous, number, next, count);
  const made = element(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': words.controls, title: words.keys },
    arm.label,
    other.label,
    split.label,
    row,
    button(words.random, {}, random),
    element('span', { class: 'spacer' }),
    lock,
    button(text.copyLink, { title: text.copyLinkHint }, copyLink),
    keysButton(KEYS, text),
  );
  return {
    element: made,
    show: ({ uri: _uri, ...given }, prompt) => {
      state = { ...given, arm: prompt.shown.arm, split: prompt.split, row: prompt.row };
      rows = prompt.rows[prompt.split];
      const arms = prompt.arms.map(({ name, motivation }) => ({
        value: name,
        label: motivation === null ? `${name} (${words.noMotivation})` : name,
      }));
      arm.show(arms, prompt.shown.arm);
      const others = prompt.arms.filter(({ name }) => name !== prompt.shown.arm);
      const nothing = { value: '', label: words.noOther };
      other.show([nothing, ...others.map(({ name }) => ({ value: name, label: name }))], prompt.other?.arm ?? '');
      const splits = (['train', 'test'] as const).filter((one) => prompt.rows[one] > 0);
      split.show(
        splits.map((one) => ({ value: one, label: words.split[one] })),
        prompt.split,
      );
      if (document.activeElement !== number) number.value = String(prompt.row);
      number.max = String(rows - 1);
      count.textContent = words.ofRows(rows);
      previous.disabled = prompt.row === 0;
      next.disabled = prompt.row >= rows - 1;
      lock.setAttribute('aria-pressed', String(given.locked));
    },
    move: (by) => goTo(state.row + by),
    random,
    lock: () => change({ locked: !state.locked }),
  };
}

interface Select {
  label: HTMLLabelElement;
  show(options: readonly { value: string; label: string }[], value: string): void;
}

function select(name: string, change: (value: string) => void): Select {
  const list = element('select', { 'aria-label': name });
  let shown = '';
  list.addEventListener('change', () => change(list.value));
  return {
    label: element('label', { class: 'field' }, element('span', {}, name), list),
    show: (options, value) => {
      const now = JSON.stringify(options);
      if (now !== shown) {
        list.replaceChildren(
          ...options.map((option) => {
            const item = element('option', {}, option.label);
            item.value = option.value;
            return item;
          }),
        );
        shown = now;
      }
      list.value = value;
    },
  };
}
