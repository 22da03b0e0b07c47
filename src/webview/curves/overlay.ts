// What is drawn over the lines: intervals of evaluations, lines to compare with, the step that all panels show, and what
// happened to the runs (alerts, gates and restarts as lines, checkpoints, the best of them and evaluations as signs on the axis).

import type uPlot from 'uplot';
import { faded } from '../palette.ts';
import type { Chart } from './charts.ts';
import type { Mark } from './marks.ts';
import type { LineStyle, PlotColours } from './plot_options.ts';

export interface Overlay {
  chart: Chart;
  styles: readonly LineStyle[];
  marks: readonly Mark[];
  /** Places of the step that all panels show; one for each run that is drawn. */
  current: readonly number[];
  colours: PlotColours;
  font: string;
}

export function drawMarks(plot: uPlot, { chart, styles, marks, current, colours, font }: Overlay): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const across = (value: number) => plot.valToPos(value, 'x', true);
  const up = (value: number) => plot.valToPos(value, 'y', true);
  const floor = bbox.top + bbox.height;
  const whole = (at: number, colour: string, width: number, dash: number[]) =>
    stroke(ctx, colour, width * ratio, scaled(dash, ratio), [at, bbox.top], [at, floor]);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - 4 * ratio, bbox.top, bbox.width + 8 * ratio, bbox.height + 6 * ratio);
  ctx.clip();

  for (const [i, guide] of chart.guides.entries()) {
    // their names at either end, so that near ones do not cover each other
    const [textAlign, end] =
      i % 2 === 0 ? (['right', bbox.width - 2 * ratio] as const) : (['left', 2 * ratio] as const);
    const y = up(guide.value);
    stroke(ctx, colours.quiet, 1 * ratio, scaled([2, 4], ratio), [bbox.left, y], [bbox.left + bbox.width, y]);
    ctx.font = scaledFont(font, ratio);
    ctx.fillStyle = colours.quiet;
    ctx.textAlign = textAlign;
    // above its line, where there is room
    const isAbove = y - bbox.top > 16 * ratio;
    ctx.textBaseline = isAbove ? 'bottom' : 'top';
    ctx.fillText(guide.label, bbox.left + end, y + (isAbove ? -2 : 3) * ratio);
  }

  for (const { line, colour } of styles) {
    if (line.kind === 'line') continue;
    line.low.forEach((low, index) => {
      const high = line.high[index];
      if (low === null || high == null) return;
      const at = across(line.x[index] ?? 0);
      const dim = faded(colour, 0.55);
      stroke(ctx, dim, 1.5 * ratio, [], [at, up(low)], [at, up(high)]);
      for (const y of [up(low), up(high)]) stroke(ctx, dim, 1.5 * ratio, [], [at - 3 * ratio, y], [at + 3 * ratio, y]);
    });
  }

  for (const x of new Set(current)) {
    const at = across(x);
    whole(at, faded(colours.accent, 0.8), 1.4, []);
    ctx.fillStyle = colours.accent;
    polygon(ctx, [at - 4 * ratio, bbox.top], [at + 4 * ratio, bbox.top], [at, bbox.top + 5 * ratio]);
  }

  for (const mark of marks) {
    const at = across(mark.x);
    const size = 3.2 * ratio;
    if (mark.kind === 'alert') {
      whole(at, colours.warn, 1.2, [4, 3]);
      ctx.fillStyle = colours.warn;
      polygon(ctx, [at - 4 * ratio, bbox.top], [at + 4 * ratio, bbox.top], [at, bbox.top + 6 * ratio]);
    } else if (mark.kind === 'gate') {
      whole(at, faded(mark.colour, 0.9), 1, []);
      whole(at + 3 * ratio, faded(mark.colour, 0.9), 1, []);
    } else if (mark.kind === 'restart') whole(at, faded(mark.colour, 0.7), 1.2, [1, 4]);
    else if (mark.kind === 'checkpoint') {
      ctx.fillStyle = faded(mark.colour, 0.8);
      polygon(ctx, [at, floor - size], [at + size, floor], [at, floor + size], [at - size, floor]);
    } else if (mark.kind === 'best') {
      ctx.fillStyle = mark.colour;
      polygon(ctx, ...star(at, floor - 8 * ratio, 5.5 * ratio));
    } else if (chart.curves.every((curve) => curve.kind === 'line')) {
      // where evaluations are drawn themselves, no sign for them
      ctx.strokeStyle = faded(mark.colour, 0.8);
      ctx.lineWidth = 1.3 * ratio;
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.arc(at, floor - 8 * ratio, 2.6 * ratio, 0, 2 * Math.PI);
      ctx.stroke();
    }
  }
  ctx.restore();
}

type Spot = [x: number, y: number];

function stroke(ctx: CanvasRenderingContext2D, colour: string, width: number, dash: number[], from: Spot, to: Spot) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

function polygon(ctx: CanvasRenderingContext2D, first: Spot, ...rest: Spot[]) {
  ctx.beginPath();
  ctx.moveTo(...first);
  for (const spot of rest) ctx.lineTo(...spot);
  ctx.closePath();
  ctx.fill();
}

/** A five-pointed star. */
export function star(x: number, y: number, radius: number): [Spot, ...Spot[]] {
  const point = (i: number): Spot => {
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    const size = i % 2 === 0 ? radius : 0.4 * radius;
    return [x + size * Math.cos(angle), y + size * Math.sin(angle)];
  };
  return [point(0), ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(point)];
}

function scaled(dash: readonly number[], ratio: number): number[] {
  return dash.map((part) => part * ratio);
}

/** The same font for a canvas with more pixels: `11px sans` becomes `22px sans` at ratio 2. */
function scaledFont(font: string, ratio: number): string {
  return font.replace(/([\d.]+)px/, (_all, size: string) => `${Number(size) * ratio}px`);
}
