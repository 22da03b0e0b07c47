// One chart: a card with a title, a read-out of every line at the cursor, and a uPlot canvas, which is made when the card
// comes near the window's view, as all that is read off the lines (a run may have hundreds of metrics). It draws what `show` gives it and reports what the
// person does (cursor, zoom, a click on a point); it keeps no data of its own.

import uPlot from 'uplot';
import type { RolloutSet } from '../../run/view.ts';
import { element } from '../element.ts';
import { swatch } from '../swatch.ts';
import type { Text } from '../text.ts';
import { nearestIndex } from './aligned.ts';
import { listenForKeys } from './chart_keys.ts';
import type { Chart } from './charts.ts';
import type { Line } from './lines.ts';
import type { Mark } from './marks.ts';
import { drawMarks } from './overlay.ts';
import {
  type Axes,
  axesOf,
  type Columns,
  columnsOf,
  distributionOf,
  type LineStyle,
  type PlotColours,
  scalesOf,
  type Tick,
} from './plot_options.ts';
import { nearestPoint } from './point.ts';
import { bandText, chartTable, lineSentence, valueText } from './read_out.ts';
import type { ChartPicture } from './svg.ts';
import { xText } from './x_axis.ts';

const HEIGHT = 178;

export interface Drawing extends Axes {
  /** Its figures in place of the drawing. */
  table: boolean;
  smoothing: number;
  styles: LineStyle[];
  /** A line's name in the read-out. */
  label(line: Line): string;
  marks: Mark[];
  current: number[];
  colours: PlotColours;
  font: string;
}

export interface ChartEvents {
  /** The x under the cursor; null: the cursor left. */
  cursor(x: number | null): void;
  zoom(range: readonly [number, number] | null): void;
  open(folder: string, set: RolloutSet): void;
  /** The card has come near the window's view. */
  near(): void;
}

export interface ChartCard {
  element: HTMLElement;
  chart(): Chart | null;
  isNear(): boolean;
  /** The canvas, made if it was not yet. */
  canvas(): HTMLCanvasElement | null;
  picture(): ChartPicture | null;
  show(chart: Chart, drawing: Drawing): void;
  moveCursor(x: number | null): void;
  dispose(): void;
}

interface Shown {
  chart: Chart;
  drawing: Drawing;
  columns: Columns;
  key: string;
}

export function chartCard(events: ChartEvents, text: Text): ChartCard {
  const title = element('h3');
  const readouts = element('div', { class: 'readouts' });
  const plotPlace = element('div', {
    class: 'plot',
    tabindex: 0,
    role: 'slider',
    'aria-roledescription': text.chart,
    'aria-valuemin': '0',
    'aria-valuemax': '0',
    'aria-valuenow': '0',
    'aria-description': text.chartKeys,
  });
  const table = element('div', { class: 'chart-figures', tabindex: 0, hidden: true });
  const card = element('figure', { class: 'chart' }, element('figcaption', {}, title, readouts), plotPlace, table);
  let plot: uPlot | null = null;
  let plotKey = '';
  let shown: Shown | null = null;
  let near = false;
  /** What was given and is not shown yet: the card is far from the window's view. */
  let given: { chart: Chart; drawing: Drawing } | null = null;
  let ticks: { x: Tick[]; y: Tick[] } = { x: [], y: [] };
  let values: { value: HTMLElement; band: HTMLElement }[] = [];
  let named = '';

  /** Values at an index of the x axis, or the last ones. */
  const readAt = (index: number | null | undefined, withMark = true) => {
    if (!shown) return;
    const { chart, drawing, columns } = shown;
    drawing.styles.forEach(({ line }, place) => {
      const data = columns.data[columns.read[place] ?? 0] ?? [];
      const at = nearestIndex(data, index ?? data.length - 1);
      const read = values[place];
      if (!read) return;
      read.value.textContent = valueText(chart, at === null ? null : data[at]);
      const own = at === null ? -1 : line.x.lastIndexOf(columns.data[0][at] ?? Number.NaN);
      read.band.textContent = bandText(chart, line, own);
    });
    title.dataset.mark = (index == null || !withMark ? null : markAt(index)) ?? '';
    if (withMark) readAloud(index ?? columns.data[0].length - 1);
  };

  /** What a screen reader says of the point at the cursor. */
  const readAloud = (index: number) => {
    if (!shown) return;
    const { chart, drawing, columns } = shown;
    const x = columns.data[0][index];
    const said = [
      x === undefined ? '' : `${text.axes[drawing.x]} ${xText(drawing.x, x)}`,
      ...drawing.styles.map(({ line }, place) => `${drawing.label(line)} ${values[place]?.value.textContent ?? ''}`),
      title.dataset.mark ?? '',
    ];
    plotPlace.setAttribute('aria-valuemax', String(Math.max(0, columns.data[0].length - 1)));
    plotPlace.setAttribute('aria-valuenow', String(Math.max(0, index)));
    plotPlace.setAttribute('aria-valuetext', `${chart.title}, ${said.filter(Boolean).join(', ')}`);
  };

  const markAt = (index: number): string | null => {
    const x = plot?.data[0][index];
    if (!plot || !shown || x === undefined) return null;
    const left = plot.valToPos(x, 'x');
    const near = shown.drawing.marks.find((mark) => plot && Math.abs(plot.valToPos(mark.x, 'x') - left) < 5);
    return near?.label ?? null;
  };

  /** Opens the rollouts of the point that is nearest to the cursor. */
  const openAt = (index: number, top: number | null) => {
    const x = plot?.data[0][index];
    if (!plot || !shown || x === undefined) return;
    const made = plot;
    const place = { left: made.valToPos(x, 'x'), top };
    const found = nearestPoint(shown.drawing.styles, shown.drawing.x, place, (value, axis) =>
      made.valToPos(value, axis),
    );
    if (found) events.open(found.folder, found.set);
  };

  const unzoom = (): null => {
    events.zoom(null);
    return null;
  };

  const names = ({ chart, drawing }: Shown) => {
    const key = JSON.stringify(
      drawing.styles.map((style) => [drawing.label(style.line), style.colour, style.dash, style.line.kind, chart.id]),
    );
    if (key === named) return;
    named = key;
    values = drawing.styles.map(() => ({ value: element('b'), band: element('span', { class: 'band' }) }));
    readouts.replaceChildren(
      ...drawing.styles.map(({ line, colour, dash }, index) =>
        element(
          'span',
          { class: 'readout' },
          swatch(line.kind === 'line' ? 'line' : line.own ? 'point' : 'open', colour, dash),
          drawing.label(line),
          values[index]?.value ?? null,
          values[index]?.band ?? null,
        ),
      ),
    );
  };

  const build = ({ chart, drawing, columns }: Shown) => {
    plot?.destroy();
    const now = () => {
      const { chart: current, drawing: axes } = shown ?? { chart, drawing };
      return { chart: current, styles: axes.styles, axes };
    };
    plot = new uPlot(
      {
        width: Math.max(120, plotPlace.clientWidth),
        height: HEIGHT,
        padding: [8, 12, 0, 0],
        legend: { show: false },
        cursor: {
          y: false,
          drag: { x: true, y: false, setScale: false },
          points: { size: 6, width: 1.5, show: (self, series) => pointAt(self, series) },
          dataIdx: (self, series, closest) => nearestIndex(self.data[series] ?? [], closest) ?? closest,
          bind: { dblclick: () => unzoom },
        },
        scales: scalesOf(now),
        axes: axesOf(chart, drawing, drawing.colours, drawing.font, (axis, drawn) => {
          ticks = { ...ticks, [axis]: drawn };
        }),
        series: columns.series,
        bands: columns.bands,
        hooks: {
          draw: [(self) => shown && drawMarks(self, { chart: shown.chart, ...shown.drawing })],
          setCursor: [
            (self) => {
              const { left, idx } = self.cursor;
              const inside = left !== undefined && left >= 0 && idx != null;
              readAt(inside ? idx : null);
              events.cursor(inside ? (self.data[0][idx] ?? null) : null);
            },
          ],
          setSelect: [
            (self) => {
              if (self.select.width < 4) return;
              const from = self.posToVal(self.select.left, 'x');
              const to = self.posToVal(self.select.left + self.select.width, 'x');
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              events.zoom([from, to]);
            },
          ],
        },
      },
      columns.data,
      plotPlace,
    );
    listenForClicks(plot);
  };

  /** A dot runs along the lines that are read, not along raw lines and bands. */
  const pointAt = (self: uPlot, series: number): HTMLElement => {
    const dot = element('div', { class: 'cursor-point' });
    const index = shown?.columns.read.indexOf(series) ?? -1;
    dot.hidden = index < 0;
    dot.style.background = shown?.drawing.styles[index]?.colour ?? String(self.series[series]?.stroke ?? '');
    return dot;
  };

  const listenForClicks = (made: uPlot) => {
    let pressedAt = 0;
    made.over.addEventListener('mousedown', (event) => {
      pressedAt = event.clientX;
    });
    made.over.addEventListener('click', (event) => {
      const { idx, top } = made.cursor;
      if (Math.abs(event.clientX - pressedAt) < 4 && idx != null) openAt(idx, top ?? null);
    });
  };

  listenForKeys(plotPlace, {
    plot: () => plot,
    open: (index) => openAt(index, null),
    zoom: (range) => events.zoom(range),
  });

  const draw = () => {
    if (!shown) return;
    if (plot && plotKey === shown.key) plot.setData(shown.columns.data);
    else {
      build(shown);
      plotKey = shown.key;
    }
  };

  /** Shows what was given. */
  const settle = () => {
    if (!given) return;
    const { chart, drawing } = given;
    given = null;
    const columns = columnsOf(drawing.styles, drawing, drawing.smoothing, drawing.colours);
    const distribution = distributionOf(drawing.styles, drawing.logY);
    const key = JSON.stringify([chart.id, drawing.x, drawing.logX, distribution, drawing.colours, columns.key]);
    shown = { chart, drawing, columns, key };
    names(shown);
    if (near) draw();
    readAt(null);
    const lines = drawing.styles.map(({ line }) => ({ line, name: drawing.label(line) }));
    const said = lines.map((line) => lineSentence(chart, line, text)).join('; ');
    plotPlace.setAttribute('aria-label', `${chart.title}: ${said}`);
    const changed = table.hidden === drawing.table;
    const isHere = card.contains(document.activeElement);
    plotPlace.hidden = drawing.table;
    table.hidden = !drawing.table;
    table.setAttribute('aria-label', chart.title);
    table.replaceChildren(...(drawing.table ? [chartTable(chart, drawing.x, lines, text)] : []));
    if (changed && isHere) (drawing.table ? table : plotPlace).focus();
  };

  const resize = new ResizeObserver(() => {
    const width = plotPlace.clientWidth;
    if (plot && width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  });
  resize.observe(plotPlace);
  const approach = new IntersectionObserver(
    (entries) => {
      const was = near;
      near = entries.at(-1)?.isIntersecting ?? near;
      if (!near || was) return;
      settle();
      draw();
      events.near();
    },
    { rootMargin: '500px' },
  );
  approach.observe(card);

  return {
    element: card,
    chart: () => (given ?? shown)?.chart ?? null,
    isNear: () => near,
    canvas() {
      settle();
      if (!plot) draw();
      return plot?.ctx.canvas ?? null;
    },
    picture() {
      settle();
      if (!plot) draw();
      if (!plot || !shown) return null;
      const { chart, drawing } = shown;
      return { title: chart.title, plot, ticks, overlay: { chart, ...drawing }, label: drawing.label };
    },
    show(chart, drawing) {
      given = { chart, drawing };
      title.textContent = chart.title;
      title.title = [chart.hint, chart.id].filter(Boolean).join('\n');
      plotPlace.setAttribute('aria-label', chart.title);
      if (near) settle();
    },
    moveCursor(x) {
      if (!plot) return;
      if (x === null) {
        plot.setCursor({ left: -10, top: -10 }, false);
        readAt(null);
      } else {
        plot.setCursor({ left: plot.valToPos(x, 'x'), top: 10 }, false);
        readAt(plot.valToIdx(x), false);
      }
    },
    dispose() {
      resize.disconnect();
      approach.disconnect();
      plot?.destroy();
      card.remove();
    },
  };
}
