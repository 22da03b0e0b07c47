// How a chart is set up in uPlot: its scales, axes and series. The y range keeps raw extremes, intervals and guides in
// view; a log axis becomes an arcsinh axis where values are negative, and drops nothing. No state.

import type uPlot from 'uplot';
import { numberText } from '../../run/number_text.ts';
import { faded } from '../palette.ts';
import { align, smooth } from './aligned.ts';
import type { Chart, Curve } from './charts.ts';

export interface PlotColours {
  ink: string;
  quiet: string;
  grid: string;
  ground: string;
  warn: string;
}

/** How one visible curve is drawn. */
export interface CurveStyle {
  curve: Curve;
  colour: string;
  dash: number[];
}

export interface Axes {
  x: 'step' | 'time';
  log: boolean;
  /** What the x axis spans when nothing is zoomed. */
  domain: readonly [number, number];
  zoom: readonly [number, number] | null;
}

/** Series for uPlot after the x values: the raw lines first (only when they are smoothed), then what is read. */
export function seriesOf(styles: readonly CurveStyle[], smoothed: boolean, colours: PlotColours): uPlot.Series[] {
  const raw = smoothed ? styles.filter(({ curve }) => curve.kind === 'line') : [];
  return [
    {},
    ...raw.map(
      ({ colour }): uPlot.Series => ({
        stroke: faded(colour, 0.28),
        width: 1,
        spanGaps: true,
        points: { show: false },
      }),
    ),
    ...styles.map(({ curve, colour, dash }): uPlot.Series => {
      if (curve.kind === 'line') {
        return { stroke: colour, width: 1.8, dash, spanGaps: true, points: { show: curve.steps.length < 3, size: 5 } };
      }
      const filled = curve.own;
      return {
        stroke: colour,
        width: 1.2,
        dash: filled ? [] : [3, 3],
        spanGaps: true,
        points: { show: true, size: 7, width: 1.6, stroke: colour, fill: filled ? colour : colours.ground },
      };
    }),
  ];
}

/** The kind of y axis: linear, logarithmic, or arcsinh where a logarithm of the values does not exist. */
export function distributionOf(styles: readonly CurveStyle[], log: boolean): 1 | 3 | 4 {
  if (!log) return 1;
  return styles.every(({ curve }) => curve.values.every((value) => value > 0)) ? 3 : 4;
}

/** `now` gives what is drawn at the time of drawing, so that data, zoom and domain can change under a made chart. */
export function scalesOf(now: () => { chart: Chart; styles: readonly CurveStyle[]; axes: Axes }): uPlot.Scales {
  const { styles, axes } = now();
  const distr = distributionOf(styles, axes.log);
  const range: uPlot.Range.Function = (_self, low, high) => {
    const { chart, styles: current } = now();
    const extra = current.flatMap(({ curve }) => curve.intervals.flatMap((interval) => [...interval]));
    const guides = chart.guides.map((guide) => guide.value);
    const values = [low, high, ...extra, ...guides].filter((value) => value != null && Number.isFinite(value));
    const [min, max] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
    if (distr === 3) return [min / 1.15, max * 1.15];
    const flat = max - min < Math.abs(max) * 1e-6;
    const pad = flat ? Math.abs(max) * 0.2 || 0.5 : (max - min) * 0.06;
    return [!flat && min >= 0 && min < (max - min) * 0.6 ? 0 : min - pad, max + pad];
  };
  const y: uPlot.Scale = distr === 4 ? { distr, asinh: smallest(styles), range } : { distr, range };
  return { x: { time: false, range: () => [...(now().axes.zoom ?? now().axes.domain)] }, y };
}

/** The size near which an arcsinh axis turns from linear to logarithmic. */
function smallest(styles: readonly CurveStyle[]): number {
  const sizes = styles.flatMap(({ curve }) => curve.values.map(Math.abs)).filter((size) => size > 0);
  return sizes.length > 0 ? Math.max(Math.min(...sizes), Math.max(...sizes) / 1e4) : 1;
}

const STEP_INCREMENTS = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6].map((m) => n * m))
  .sort((a, b) => a - b);
const TIME_INCREMENTS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800,
];

export function axesOf(chart: Chart, axes: Axes, colours: PlotColours, font: string): uPlot.Axis[] {
  const shared = {
    stroke: colours.quiet,
    font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const time = axes.x === 'time';
  return [
    {
      ...shared,
      size: 26,
      space: 56,
      incrs: time ? TIME_INCREMENTS : STEP_INCREMENTS,
      grid: { show: false },
      values: (_self, splits) => splits.map((value) => (time ? clockText(value) : String(value))),
    },
    {
      ...shared,
      size: 50,
      space: 30,
      values: (_self, splits) =>
        splits.map((value) => (chart.unit === 'share' ? `${numberText(value * 100)}%` : numberText(value))),
    },
  ];
}

/** `0:45`, `12:00`, `1:05:00`. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const pad = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** The columns for uPlot: x, the raw lines when they are smoothed, then what is read. */
export function columnsOf(styles: readonly CurveStyle[], smoothing: number, x: 'step' | 'time'): uPlot.AlignedData {
  const points = (curve: Curve, values: number[]) => ({ x: x === 'step' ? curve.steps : curve.times, y: values });
  const raw = smoothing > 0 ? styles.filter(({ curve }) => curve.kind === 'line') : [];
  const aligned = align([
    ...raw.map(({ curve }) => points(curve, curve.values)),
    ...styles.map(({ curve }) =>
      points(curve, smoothing > 0 && curve.kind === 'line' ? smooth(curve.values, smoothing) : curve.values),
    ),
  ]);
  return [aligned.x, ...aligned.ys];
}
