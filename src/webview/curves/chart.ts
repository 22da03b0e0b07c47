// One chart: a card with a title, a read-out of every curve at the cursor, and a uPlot canvas. It draws what `show`
// gives it and reports what the person does (cursor, zoom, a click on a point); it keeps no data of its own.

import uPlot from 'uplot';
import { numberText, shareText } from '../../run/number_text.ts';
import type { RolloutSet } from '../../run/view.ts';
import { element } from '../element.ts';
import { swatch } from '../swatch.ts';
import { nearestIndex } from './aligned.ts';
import type { Chart, Curve } from './charts.ts';
import { drawMarks, type Mark } from './marks.ts';
import {
  type Axes,
  axesOf,
  type CurveStyle,
  columnsOf,
  distributionOf,
  type PlotColours,
  scalesOf,
  seriesOf,
} from './plot_options.ts';

const HEIGHT = 178;

export interface Drawing extends Axes {
  smoothing: number;
  styles: CurveStyle[];
  /** A curve's name in the read-out. */
  label(curve: Curve): string;
  marks: Mark[];
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
  canvas(): HTMLCanvasElement | null;
  show(chart: Chart, drawing: Drawing): void;
  moveCursor(x: number | null): void;
  dispose(): void;
}

interface Readout {
  value: HTMLElement;
  curve: Curve;
  column: number;
}

export function chartCard(events: ChartEvents, keysHint: string): ChartCard {
  const title = element('h3');
  const readouts = element('div', { class: 'readouts' });
  const plotPlace = element('div', { class: 'plot', tabindex: 0, role: 'img' });
  const card = element('figure', { class: 'chart' }, element('figcaption', {}, title, readouts), plotPlace);
  let plot: uPlot | null = null;
  let shown: { chart: Chart; drawing: Drawing; key: string } | null = null;
  let values: Readout[] = [];

  const valueText = (chart: Chart, value: number | null | undefined) =>
    value == null ? '–' : chart.unit === 'share' ? shareText(value) : numberText(value);

  /** Values at an index of the x axis, or the last ones. */
  const readAt = (index: number | null | undefined, named = true) => {
    if (!plot || !shown) return;
    for (const { value, column } of values) {
      const data = plot.data[column] ?? [];
      const at = nearestIndex(data, index ?? data.length - 1);
      value.textContent = valueText(shown.chart, at === null ? null : data[at]);
    }
    const mark = index == null || !named ? null : markAt(index);
    title.dataset.mark = mark ?? '';
  };

  const markAt = (index: number): string | null => {
    const x = plot?.data[0][index];
    if (!plot || !shown || x === undefined) return null;
    const left = plot.valToPos(x, 'x');
    const near = shown.drawing.marks.find((mark) => plot && Math.abs(plot.valToPos(mark.x, 'x') - left) < 5);
    return near?.label ?? null;
  };

  /** Opens the rollouts of the point that is nearest to the cursor in height, at the cursor's step. */
  const openAt = (index: number, top: number | null) => {
    if (!plot || !shown) return;
    let best: { distance: number; curve: Curve; at: number } | null = null;
    for (const { curve, column } of values) {
      const data = plot.data[column] ?? [];
      const at = nearestIndex(data, index);
      const y = at === null ? null : data[at];
      const x = at === null ? undefined : plot.data[0][at];
      if (at === null || y == null || x === undefined) continue;
      const away = Math.abs(plot.valToPos(x, 'x') - plot.valToPos(plot.data[0][index] ?? x, 'x'));
      const distance = away + (top === null ? 0 : Math.abs(plot.valToPos(y, 'y') - top));
      if (!best || distance < best.distance) best = { distance, curve, at: x };
    }
    if (!best) return;
    const { curve, at } = best;
    const xs = shown.drawing.x === 'step' ? curve.steps : curve.times;
    const step = curve.steps[xs.indexOf(at)];
    if (step !== undefined) events.open(curve.folder, { kind: curve.kind === 'line' ? 'train' : curve.kind, step });
  };

  const unzoom = (): null => {
    events.zoom(null);
    return null;
  };

  const build = (chart: Chart, drawing: Drawing, data: uPlot.AlignedData) => {
    plot?.destroy();
    const now = () => {
      const { chart: current, drawing: axes } = shown ?? { chart, drawing };
      return { chart: current, styles: axes.styles, axes };
    };
    const smoothed = drawing.smoothing > 0;
    const rawCount = smoothed ? drawing.styles.filter(({ curve }) => curve.kind === 'line').length : 0;
    values = drawing.styles.map(({ curve }, index) => ({ value: element('b'), curve, column: 1 + rawCount + index }));
    readouts.replaceChildren(
      ...drawing.styles.map(({ curve, colour, dash }, index) => {
        return element(
          'span',
          { class: 'readout' },
          swatch(curve.kind === 'line' ? 'line' : curve.own ? 'point' : 'open', colour, dash),
          drawing.label(curve),
          values[index]?.value ?? null,
        );
      }),
    );
    plot = new uPlot(
      {
        width: Math.max(120, plotPlace.clientWidth),
        height: HEIGHT,
        padding: [8, 12, 0, 0],
        legend: { show: false },
        cursor: {
          y: false,
          drag: { x: true, y: false, setScale: false },
          points: { size: 6, width: 1.5 },
          dataIdx: (self, series, closest) => nearestIndex(self.data[series] ?? [], closest) ?? closest,
          bind: { dblclick: () => unzoom },
        },
        scales: scalesOf(now),
        axes: axesOf(chart, drawing, drawing.colours, drawing.font),
        series: seriesOf(drawing.styles, smoothed, drawing.colours),
        hooks: {
          draw: [
            (self) => {
              if (!shown) return;
              const { drawing: now, chart: current } = shown;
              drawMarks(self, current, now.styles, now.marks, now.x, now.colours, now.font);
            },
          ],
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
      data,
      plotPlace,
    );
    listenForClicks(plot);
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

  const resize = new ResizeObserver(() => {
    const width = plotPlace.clientWidth;
    if (plot && width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  });
  resize.observe(plotPlace);

  return {
    element: card,
    chart: () => shown?.chart ?? null,
    canvas: () => plot?.ctx.canvas ?? null,
    show(chart, drawing) {
      const data = columnsOf(drawing.styles, drawing.smoothing, drawing.x);
      const key = JSON.stringify([
        chart.id,
        drawing.x,
        drawing.smoothing > 0,
        drawing.colours,
        drawing.styles.map(({ curve, colour, dash }) => [curve.folder, curve.kind, colour, dash]),
        distributionOf(drawing.styles, drawing.log),
      ]);
      title.textContent = chart.title;
      title.title = [chart.hint, chart.id].filter(Boolean).join('\n');
      const rebuild = shown?.key !== key || !plot;
      shown = { chart, drawing, key };
      if (rebuild) build(chart, drawing, data);
      else if (plot) {
        values = values.map((entry, index) => ({ ...entry, curve: drawing.styles[index]?.curve ?? entry.curve }));
        plot.setData(data);
      }
      readAt(null);
      const latest = values.map(({ curve, value }) => `${drawing.label(curve)} ${value.textContent ?? ''}`).join(', ');
      plotPlace.setAttribute('aria-label', `${chart.title}: ${latest}. ${keysHint}`);
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
      plot?.destroy();
      card.remove();
    },
  };
}
