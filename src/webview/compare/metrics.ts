// The metrics of the sides with their intervals, and each later side's difference from the first: as a number, and as a
// small picture around zero that is coloured where the interval leaves zero out.

import {
  type Compared,
  compareHeldOut,
  compareMetric,
  type Difference,
  LAST_STEPS,
  type Side,
  type SideValue,
} from '../../run/compare.ts';
import { numberText, shareText } from '../../run/number_text.ts';
import { chartsOf, HELD_OUT } from '../curves/charts.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';

interface Row {
  title: string;
  hint: string;
  share: boolean;
  compared: Compared;
}

export function metricsTable(
  sides: readonly Side[],
  step: number,
  signOf: (side: Side) => HTMLElement,
  text: Text,
): HTMLElement {
  const words = text.compare;
  const rows = rowsOf(sides, step, text);
  const [first, ...others] = sides;
  if (!first || rows.length === 0) return element('p', { class: 'quiet' }, text.noMetrics);
  const heads = [
    element('th', { scope: 'col' }, words.metric),
    ...sides.map((side) => element('th', { scope: 'col', class: 'number' }, signOf(side), nameOf(side), interval())),
    ...others.map((side) => element('th', { scope: 'col', colspan: 2 }, `${side.name} − ${first.name}`)),
  ];
  const body = rows.map(({ title, hint, share, compared }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', title: hint }, title),
      ...compared.sides.map((value) => element('td', { class: 'number' }, ...valueCell(value, share))),
      ...compared.differences.flatMap((difference) => [
        element('td', { class: 'number' }, ...differenceCell(difference, share, text)),
        element('td', { class: 'picture' }, difference?.interval ? picture(difference) : null),
      ]),
    ),
  );
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { class: 'metrics', 'aria-label': words.metrics, 'data-intervals': String(rows.some(hasInterval)) },
        element('thead', {}, element('tr', {}, ...heads)),
        element('tbody', {}, ...body),
      ),
    ),
    element('p', { class: 'quiet note' }, notesOf(rows, step, text)),
  );
}

function hasInterval({ compared: { sides, differences } }: Row): boolean {
  return [...sides, ...differences].some((one) => one?.interval != null);
}

function nameOf({ name, runs }: Side): string {
  return runs.length > 1 ? `${name} ×${runs.length}` : name;
}

/** Held-out accuracies first, then the metrics of the curves' first part. */
function rowsOf(sides: readonly Side[], step: number, text: Text): Row[] {
  const runs = sides.flatMap((side) => side.runs);
  const [heldOut, hint] = text.metrics.heldOut;
  const evaluated = (['motivation', 'none'] as const).flatMap((prompt): Row[] => {
    const found = compareHeldOut(sides, prompt);
    const under = prompt === 'motivation' ? text.withMotivation : text.withoutMotivation;
    const title = `${heldOut}, ${under}`;
    return found ? [{ title, hint: `${hint} ${text.step} ${found.step}`, share: true, compared: found.compared }] : [];
  });
  const metrics = chartsOf(runs, text)
    .filter((chart) => chart.part === 'main' && chart.id !== HELD_OUT)
    .map((chart) => ({
      title: chart.title,
      hint: [chart.hint, chart.id].filter(Boolean).join('\n'),
      share: chart.unit === 'share',
      compared: compareMetric(sides, chart.id, step),
    }));
  return [...evaluated, ...metrics].filter(({ compared }) => compared.sides.some((value) => value !== null));
}

/** The place of an interval, which keeps the values of a column under each other. */
function interval(): HTMLElement {
  return element('span', { class: 'interval' });
}

function nothing(): Node[] {
  return [element('span', { class: 'quiet' }, '–'), interval()];
}

function valueCell(value: SideValue | null, share: boolean): Node[] {
  if (!value) return nothing();
  const shown = element('b', {}, share ? shareText(value.value) : numberText(value.value));
  return [shown, element('span', { class: 'interval' }, value.interval ? rangeText(value.interval, share) : '')];
}

function differenceCell(difference: Difference | null, share: boolean, text: Text): Node[] {
  if (!difference) return nothing();
  const { value, interval, judged, pairs } = difference;
  const clear = interval !== null && (interval[0] > 0 || interval[1] < 0);
  const shown = element('b', { 'data-clear': String(clear) }, signed(value, share));
  const how = text.compare.judged[judged](pairs);
  return [shown, element('span', { class: 'interval', title: how }, interval ? rangeText(interval, share) : '')];
}

/** `[0.6, 0.8]`; shares in percent. */
function rangeText([low, high]: readonly [number, number], share: boolean): string {
  const word = (value: number) => (share ? (value * 100).toFixed(1).replace('-', '−') : numberText(value));
  return `[${word(low)}, ${word(high)}]`;
}

function signed(value: number, share: boolean): string {
  const text = share ? `${Math.abs(value * 100).toFixed(1)}` : numberText(Math.abs(value));
  return `${value < 0 ? '−' : value > 0 ? '+' : ''}${text}`;
}

/** The interval on a line around zero, which is in the middle. */
function picture({ value, interval }: Difference): HTMLElement {
  const [low, high] = interval ?? [value, value];
  const reach = Math.max(Math.abs(low), Math.abs(high), Math.abs(value)) || 1;
  const at = (where: number) => 50 + (where / reach) * 46;
  const bar = element('i', { class: 'bar' });
  bar.style.left = `${at(low)}%`;
  bar.style.width = `${at(high) - at(low)}%`;
  const dot = element('i', { class: 'dot' });
  dot.style.left = `${at(value)}%`;
  const clear = low > 0 || high < 0;
  return element('span', { class: 'forest', 'aria-hidden': 'true', 'data-clear': String(clear) }, bar, dot);
}

function notesOf(rows: readonly Row[], step: number, text: Text): string {
  const judged = new Set(rows.flatMap(({ compared }) => compared.differences.flatMap((one) => one?.judged ?? [])));
  const notes = [text.compare.window(step, Math.min(LAST_STEPS, step))];
  for (const how of ['paired', 'seeds', 'rows', 'none'] as const)
    if (judged.has(how)) notes.push(text.compare.notes[how]);
  return notes.join(' ');
}
