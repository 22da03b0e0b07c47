// What is drawn over the lines: intervals of evaluations, lines to compare with, and what happened (alerts as dashed
// lines, checkpoints as small diamonds on the axis). Canvas only.

import type uPlot from 'uplot';
import { faded } from '../palette.ts';
import type { Chart } from './charts.ts';
import type { CurveStyle, PlotColours } from './plot_options.ts';

/** Something that happened to a run at a place on the x axis. */
export interface Mark {
  kind: 'alert' | 'checkpoint';
  x: number;
  label: string;
  colour: string;
}

export function drawMarks(
  plot: uPlot,
  chart: Chart,
  styles: readonly CurveStyle[],
  marks: readonly Mark[],
  x: 'step' | 'time',
  colours: PlotColours,
  font: string,
): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const across = (value: number) => plot.valToPos(value, 'x', true);
  const up = (value: number) => plot.valToPos(value, 'y', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - 4 * ratio, bbox.top, bbox.width + 8 * ratio, bbox.height + 6 * ratio);
  ctx.clip();

  for (const guide of chart.guides) {
    const y = up(guide.value);
    stroke(ctx, colours.quiet, 1 * ratio, [2 * ratio, 4 * ratio], [bbox.left, y], [bbox.left + bbox.width, y]);
    ctx.font = scaledFont(font, ratio);
    ctx.fillStyle = colours.quiet;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    ctx.fillText(guide.label, bbox.left + bbox.width - 2 * ratio, y - 2 * ratio);
  }

  for (const { curve, colour } of styles) {
    curve.intervals.forEach(([low, high], index) => {
      const at = across((x === 'step' ? curve.steps : curve.times)[index] ?? 0);
      const dim = faded(colour, 0.55);
      stroke(ctx, dim, 1.5 * ratio, [], [at, up(low)], [at, up(high)]);
      for (const y of [up(low), up(high)]) stroke(ctx, dim, 1.5 * ratio, [], [at - 3 * ratio, y], [at + 3 * ratio, y]);
    });
  }

  for (const mark of marks) {
    const at = across(mark.x);
    const floor = bbox.top + bbox.height;
    if (mark.kind === 'alert') {
      stroke(ctx, colours.warn, 1.2 * ratio, [4 * ratio, 3 * ratio], [at, bbox.top], [at, floor]);
      ctx.fillStyle = colours.warn;
      polygon(ctx, [at - 4 * ratio, bbox.top], [at + 4 * ratio, bbox.top], [at, bbox.top + 6 * ratio]);
    } else {
      const size = 3.2 * ratio;
      ctx.fillStyle = faded(mark.colour, 0.8);
      polygon(ctx, [at, floor - size], [at + size, floor], [at, floor + size], [at - size, floor]);
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

/** The same font for a canvas with more pixels: `11px sans` becomes `22px sans` at ratio 2. */
function scaledFont(font: string, ratio: number): string {
  return font.replace(/([\d.]+)px/, (_all, size: string) => `${Number(size) * ratio}px`);
}
