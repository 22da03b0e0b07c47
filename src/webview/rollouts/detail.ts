// The response that is open: its place in its group, how it was judged and why, its text, a note; or beside another.

import { messagesOf } from '../../run/chat_text.ts';
import { numberText, scoreText } from '../../run/number_text.ts';
import type { ListedRow } from '../../run/rollouts/list_query.ts';
import { type Sample, sameSet } from '../../run/view.ts';
import type { Specification } from '../../spec/specification.ts';
import { button, choice, element, toggle } from '../element.ts';
import type { ResponsePlace, RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import { comparison } from './comparison.ts';
import type { AppendMarkdown } from './formatted.ts';
import { answerTables, ruleList } from './judgement.ts';
import { advantageBar } from './line.ts';
import { samePlace } from './places.ts';
import { responseText } from './response_text.ts';
import { ShownText } from './shown_text.ts';
import { isSigned } from './token_colour.ts';

/** A response with what stands around it, as the host sends it. */
export interface OpenResponse extends ResponsePlace {
  sample: Sample;
  starred: boolean;
  note: string;
  group: readonly ListedRow[];
  others: readonly ListedRow[];
}

export interface DetailShowing {
  specification: Specification;
  state: RolloutsState;
  right: boolean;
  text: Text;
  /** The response that it is held beside; null: none, or it is not there yet. */
  beside: Sample | null;
  appendMarkdown: AppendMarkdown | null;
  lift: { values: readonly number[] | null; words: string } | 'waiting' | null;
  /** What can be done here; left out in a report. */
  actions: {
    note?(starred: boolean, note: string): void;
    addExample?(): void;
    canLift: boolean;
    copy(text: string): void;
  };
  change(part: Partial<RolloutsState>): void;
}

export function detail(open: OpenResponse, showing: DetailShowing): HTMLElement {
  const { sample } = open;
  const { text, state, specification } = showing;
  const measured =
    state.colour === 'none'
      ? null
      : {
          measure: state.colour,
          advantage: sample.advantage,
          lift: showing.lift && showing.lift !== 'waiting' ? showing.lift.values : null,
        };
  const body = responseText(sample, state, measured, showing.appendMarkdown, text);
  return element(
    'article',
    {
      class: 'sample',
      'data-right': String(showing.right),
      'aria-label': `${text.stepNumber(sample.step)}, ${text.promptNumber(sample.prompt_index + 1)}, ${text.sample(sample.sample + 1)}`,
    },
    head(open, showing),
    groupStrip(open, showing),
    prompt(sample.prompt, text),
    controls(open, showing),
    legend(showing),
    element(
      'div',
      { class: 'sample-body' },
      showing.beside ? comparison(sample, showing.beside, text) : body.element,
      element(
        'aside',
        { 'aria-label': text.judgement },
        ruleList(sample, specification, text, (spans, scroll) => body.point(spans, scroll)),
        ...answerTables(sample, specification, text),
        noteBox(open, showing),
      ),
    ),
  );
}

function head({ sample, starred, note }: OpenResponse, { right, text, actions }: DetailShowing): HTMLElement {
  const copyButton = button(text.copy, { class: 'quiet-button' }, () => {
    actions.copy(sample.response);
    copyButton.textContent = text.copied;
    window.setTimeout(() => {
      copyButton.textContent = text.copy;
    }, 1200);
  });
  const star = button(
    starred ? '★' : '☆',
    { class: 'star', 'aria-pressed': String(starred), 'aria-label': text.star, title: text.star },
    () => actions.note?.(!starred, note),
  );
  return element(
    'header',
    {},
    verdict(right, text),
    element(
      'h3',
      {},
      `${text.stepNumber(sample.step)} · ${text.promptNumber(sample.prompt_index + 1)} · ${text.sample(sample.sample + 1)}`,
    ),
    sample.reward === null
      ? element(
          'span',
          { class: 'reward', title: sample.invalid?.message ?? '' },
          text.invalid(sample.invalid?.cause ?? ''),
        )
      : element('span', { class: 'reward', title: text.reward }, scoreText(sample.reward)),
    ...(sample.advantage === null
      ? []
      : [
          advantageBar(sample.advantage),
          element('span', { class: 'quiet' }, `${text.advantage} ${numberText(sample.advantage)}`),
        ]),
    element('span', { class: 'quiet', 'data-finish': sample.finish_reason }, text.finish[sample.finish_reason]),
    element('span', { class: 'quiet' }, text.tokens(sample.length)),
    element('span', { class: 'quiet' }, text.row(text.compare.split[sample.split], sample.row_index)),
    element('span', { class: 'spacer' }),
    actions.note ? star : null,
    actions.addExample ? button(text.addExample, { class: 'quiet-button' }, actions.addExample) : null,
    copyButton,
  );
}

function verdict(right: boolean, text: Text): HTMLElement {
  const words = right ? text.right : text.wrong;
  return element('span', { class: 'verdict', role: 'img', title: words, 'aria-label': words }, right ? '✓' : '✗');
}

/** The responses of the group: reward as written, length as height, the advantage's sign as colour; a click opens one. */
function groupStrip({ group, set, index }: OpenResponse, { text, change }: DetailShowing): HTMLElement | null {
  if (group.length < 2) return null;
  const longest = Math.max(1, ...group.map(({ tokens }) => tokens));
  const boxes = group.map((row) => {
    const bar = element('i', { 'data-sign': row.advantage === null ? 'flat' : row.advantage < 0 ? 'down' : 'up' });
    bar.style.height = `${Math.max(6, (row.tokens / longest) * 100)}%`;
    const reward = row.reward === null ? text.invalidShort : scoreText(row.reward);
    const advantage = row.advantage === null ? '' : `, ${text.advantage} ${numberText(row.advantage)}`;
    const label = `${text.sample(row.sample + 1)}: ${text.reward} ${reward}${advantage}, ${text.tokens(row.tokens)}`;
    const isOpen = row.index === index && sameSet(row.set, set);
    const box = button(
      element('span', { class: 'column', 'aria-hidden': 'true' }, bar),
      {
        class: 'member',
        title: label,
        'aria-label': label,
        'aria-pressed': String(isOpen),
        'data-right': String(row.right),
      },
      () => change({ open: { set: row.set, index: row.index }, beside: null }),
    );
    box.append(element('span', { 'aria-hidden': 'true' }, reward));
    return box;
  });
  return element('div', { class: 'strip', role: 'group', 'aria-label': text.group }, ...boxes);
}

/** The last message is what was asked; what stands before it is folded. */
function prompt(whole: string, text: Text): HTMLElement {
  const messages = messagesOf(whole);
  const asked = messages.at(-1);
  if (!asked) return fold(text.wholePrompt, whole);
  const before = messages
    .slice(0, -1)
    .map((message) => fold(message.role === 'system' ? text.systemPrompt : message.role, message.text));
  const words = element('p', { class: 'words asked', dir: 'auto' });
  new ShownText().append(words, asked.text.slice(0, 20_000), 0);
  return element('div', { class: 'prompt' }, words, ...before);
}

function fold(name: string, content: string): HTMLElement {
  const words = element('div', { class: 'words', dir: 'auto' });
  new ShownText().append(words, content.slice(0, 100_000), 0);
  return element('details', { class: 'prompt-part' }, element('summary', {}, name), words);
}

function controls(open: OpenResponse, showing: DetailShowing): HTMLElement {
  const { text, state, actions, change } = showing;
  const views = (['text', 'rendered', 'raw'] as const).map((value) => ({ value, label: text.views[value] }));
  const colours = (['none', 'logProbability', 'entropy', 'advantage', 'lift'] as const)
    .filter((colour) => colour !== 'lift' || actions.canLift)
    .filter((colour) => colour !== 'advantage' || open.sample.advantage !== null)
    .map((value) => ({ value, label: text.colours[value] }));
  const others = [
    ...open.group.filter((row) => row.index !== open.index).map((row) => ({ row, label: text.sample(row.sample + 1) })),
    ...open.others.map((row) => ({ row, label: `${text.stepNumber(row.set.step)}: ${text.bestOfStep}` })),
  ].map(({ row, label }) => ({
    value: JSON.stringify({ set: row.set, index: row.index }),
    label: `${label} (${row.reward === null ? '–' : scoreText(row.reward)})`,
    place: { set: row.set, index: row.index },
  }));
  const ticked = state.beside && showing.beside;
  if (ticked && !others.some(({ place }) => samePlace(place, state.beside))) {
    const label = `${text.stepNumber(ticked.step)} · ${text.promptNumber(ticked.prompt_index + 1)} · ${text.sample(ticked.sample + 1)}`;
    others.push({ value: JSON.stringify(state.beside), label, place: state.beside ?? open });
  }
  const beside = state.beside && others.find(({ place }) => samePlace(place, state.beside));
  const colour = colours.some(({ value }) => value === state.colour) ? state.colour : 'none';
  return element(
    'div',
    { class: 'toolbar' },
    choice(text.view, views, state.view, (view) => change({ view })),
    choice(text.colour, colours, colour, (next) => change({ colour: next })),
    choice(text.compareWith, [{ value: '', label: text.nothing }, ...others], beside?.value ?? '', (value) =>
      change({ beside: others.find((one) => one.value === value)?.place ?? null }),
    ),
    toggle(text.reasoning, state.reasoning, (reasoning) => change({ reasoning })),
  );
}

function legend({ state, text, lift }: DetailShowing): HTMLElement | null {
  const { colour } = state;
  if (colour === 'none') return null;
  if (colour === 'lift' && (lift === null || lift === 'waiting' || lift.values === null)) {
    const words = lift === 'waiting' || lift === null ? text.liftWaiting : lift.words;
    return element('p', { class: 'heat-legend quiet', role: 'status' }, words);
  }
  const [low, high] = text.legend[colour];
  const scale = element('span', { class: `heat ${isSigned(colour) ? 'signed' : colour}`, 'aria-hidden': 'true' });
  const words = lift && lift !== 'waiting' && colour === 'lift' ? element('span', {}, lift.words) : null;
  return element('div', { class: 'heat-legend quiet' }, low, scale, high, words);
}

function noteBox({ starred, note }: OpenResponse, { text, actions }: DetailShowing): HTMLElement | null {
  if (!actions.note) return null;
  const area = element('textarea', { class: 'note', 'aria-label': text.note });
  area.placeholder = text.note;
  area.rows = 2;
  area.maxLength = 10_000;
  area.value = note;
  area.addEventListener('change', () => actions.note?.(starred, area.value));
  return area;
}
