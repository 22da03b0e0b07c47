// A chart in words and numbers: a value as it is read, a line in one sentence, and all lines as a table of at most some
// rows, for who does not see the drawing and for who wants the figures.

import { numberText, shareText } from '../../run/number_text.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';
import type { Chart } from './charts.ts';
import type { Line } from './lines.ts';
import { type XAxis, xText } from './x_axis.ts';

/** A line with what it is called. */
export interface NamedLine {
  line: Line;
  name: string;
}

const MOST_ROWS = 25;

export function valueText(chart: Pick<Chart, 'unit'>, value: number | null | undefined): string {
  return value == null ? '–' : chart.unit === 'share' ? shareText(value) : numberText(value);
}

/** `0.8 … 1.1 (3)`: a band's ends and of how many runs; nothing where there is no band. */
export function bandText(chart: Pick<Chart, 'unit'>, line: Line, index: number): string {
  const [low, high] = [line.low[index], line.high[index]];
  if (low == null || high == null || line.members.length < 2) return '';
  return `${valueText(chart, low)} … ${valueText(chart, high)} (${line.count[index] ?? 0})`;
}

/** `merf from −1.9 to 0.9, lowest −2 at step 3, highest 1 at step 38` */
export function lineSentence(chart: Pick<Chart, 'unit'>, { line, name }: NamedLine, text: Text): string {
  const [first, last] = [line.y[0], line.y.at(-1)];
  if (first === undefined || last === undefined) return `${name}: –`;
  const extreme = (better: (a: number, b: number) => boolean) =>
    line.y.reduce((best, value, index) => (better(value, line.y[best] ?? value) ? index : best), 0);
  const [low, high] = [extreme((a, b) => a < b), extreme((a, b) => a > b)];
  const say = (index: number) => valueText(chart, line.y[index]);
  if (line.y.length === 1) return `${name}: ${say(0)}`;
  return text.lineSentence(
    name,
    [say(0), say(line.y.length - 1)],
    [say(low), line.steps[low] ?? 0],
    [say(high), line.steps[high] ?? 0],
  );
}

/** The lines side by side at places of the x axis, evenly chosen where there are many, the first and last among them. */
export function chartTable(chart: Chart, axis: XAxis, lines: readonly NamedLine[], text: Text): HTMLElement {
  const all = [...new Set(lines.flatMap(({ line }) => line.x))].sort((a, b) => a - b);
  const stride = Math.max(1, (all.length - 1) / (MOST_ROWS - 1));
  const places = [...new Set(all.map((_, i) => all[Math.round(i * stride)] ?? Number.NaN))].filter(Number.isFinite);
  const cellsAt = (x: number) =>
    lines.map(({ line }) => {
      const at = line.x.lastIndexOf(x);
      const band = at < 0 ? '' : bandText(chart, line, at);
      return element('td', band ? { title: band } : {}, at < 0 ? '' : valueText(chart, line.y[at]));
    });
  const heads = [text.axes[axis], ...lines.map(({ name }) => name)].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  const rows = places.map((x) => element('tr', {}, element('th', { scope: 'row' }, xText(axis, x)), ...cellsAt(x)));
  return element(
    'table',
    { class: 'chart-table' },
    element('caption', { class: 'hidden-text' }, chart.title),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}
