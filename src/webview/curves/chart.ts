// One chart: a card with a title, a read-out of every line at the cursor, and a uPlot canvas, which is made when the card
// comes near the window's view (a run may have hundreds of metrics). It draws what `show` gives it and reports what the
// person does (cursor, zoom, a click on a point); it keeps no data of its own.

import uPlot from 'uplot';
import { numberText, shareText } from '../../run/number_text.ts';
import type { RolloutSet } from '../../run/view.ts';
import { element } from '../element.ts';
import { swatch } from '../swatch.ts';
import { nearestIndex } from './aligned.ts';
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
import type { ChartPicture } from './svg.ts';

const HEIGHT = 178;

export interface Drawing extends Axes {
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
}

export interface ChartCard {
  element: HTMLElement;
  chart(): Chart | null;
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

export function chartCard(events: ChartEvents, keysHint: string): ChartCard {
  const title = element('h3');
  const readouts = element('div', { class: 'readouts' });
  const plotPlace = element('div', { class: 'plot', tabindex: 0, role: 'img' });
  const card = element('figure', { class: 'chart' }, element('figcaption', {}, title, readouts), plotPlace);
  let plot: uPlot | null = null;
  let plotKey = '';
  let shown: Shown | null = null;
  let near = false;
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

  plotPlace.addEventListener('keydown', (event) => {
    if (!plot) return;
    const last = plot.data[0].length - 1;
    const now = plot.cursor.left !== undefined && plot.cursor.left >= 0 ? (plot.cursor.idx ?? last) : last;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const index = Math.min(last, Math.max(0, now + (event.key === 'ArrowLeft' ? -1 : 1)));
      plot.setCursor({ left: plot.valToPos(plot.data[0][index] ?? 0, 'x'), top: 10 });
    } else if (event.key === 'Enter') openAt(now, null);
    else if (event.key === 'Escape') events.zoom(null);
    else return;
    event.preventDefault();
  });

  const draw = () => {
    if (!shown) return;
    if (plot && plotKey === shown.key) plot.setData(shown.columns.data);
    else {
      build(shown);
      plotKey = shown.key;
    }
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
      if (near && !was) draw();
    },
    { rootMargin: '500px' },
  );
  approach.observe(card);

  return {
    element: card,
    chart: () => shown?.chart ?? null,
    canvas() {
      if (!plot) draw();
      return plot?.ctx.canvas ?? null;
    },
    picture() {
      if (!plot) draw();
      if (!plot || !shown) return null;
      const { chart, drawing } = shown;
      return { title: chart.title, plot, ticks, overlay: { chart, ...drawing }, label: drawing.label };
    },
    show(chart, drawing) {
      const columns = columnsOf(drawing.styles, drawing, drawing.smoothing, drawing.colours);
      const distribution = distributionOf(drawing.styles, drawing.logY);
      const key = JSON.stringify([chart.id, drawing.x, drawing.logX, distribution, drawing.colours, columns.key]);
      title.textContent = chart.title;
      title.title = [chart.hint, chart.id].filter(Boolean).join('\n');
      shown = { chart, drawing, columns, key };
      names(shown);
      if (near) draw();
      readAt(null);
      const latest = drawing.styles.map(
        ({ line }, i) => `${drawing.label(line)} ${values[i]?.value.textContent ?? ''}`,
      );
      plotPlace.setAttribute('aria-label', `${chart.title}: ${latest.join(', ')}. ${keysHint}`);
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

function valueText(chart: Chart, value: number | null | undefined): string {
  return value == null ? '–' : chart.unit === 'share' ? shareText(value) : numberText(value);
}

/** `0.8 … 1.1 (3)`: a band's ends and of how many runs; nothing where there is no band. */
function bandText(chart: Chart, line: Line, index: number): string {
  const [low, high] = [line.low[index], line.high[index]];
  if (low == null || high == null || line.members.length < 2) return '';
  return `${valueText(chart, low)} … ${valueText(chart, high)} (${line.count[index] ?? 0})`;
}
