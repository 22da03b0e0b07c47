// How a chart is set up in uPlot: its columns, scales, axes and series. Under every line lie its runs' raw values, thin,
// so that neither smoothing nor a mean hides an extreme; then the band; then the line. The y range keeps all of that,
// intervals and guides in view; a log axis becomes an arcsinh axis where values are negative, and drops nothing.

import type uPlot from 'uplot';
import { numberText } from '../../run/number_text.ts';
import { faded } from '../palette.ts';
import { align, type Points } from './aligned.ts';
import type { Chart } from './charts.ts';
import type { Line } from './lines.ts';
import { logSplits, type XAxis, xText } from './x_axis.ts';

export interface PlotColours {
  ink: string;
  quiet: string;
  grid: string;
  ground: string;
  warn: string;
  good: string;
  bad: string;
  accent: string;
}

/** How one visible line is drawn. */
export interface LineStyle {
  line: Line;
  colour: string;
  dash: number[];
}

export interface Axes {
  x: XAxis;
  logX: boolean;
  logY: boolean;
  /** What the x axis spans when nothing is zoomed. */
  domain: readonly [number, number];
  zoom: readonly [number, number] | null;
}

/** One column of the data after x: what it is, and of which line. */
interface Column {
  role: 'raw' | 'low' | 'high' | 'line';
  style: LineStyle;
  points: Points;
}

/** A chart's data as uPlot takes it, and what each column is. */
export interface Columns {
  data: uPlot.AlignedData;
  series: uPlot.Series[];
  bands: uPlot.Band[];
  /** Of each line the column that is read. */
  read: number[];
  /** Equal keys: the same series, so that new data can be put under them. */
  key: string;
}

export function columnsOf(
  styles: readonly LineStyle[],
  axes: Pick<Axes, 'x'>,
  smoothing: number,
  colours: PlotColours,
): Columns {
  const columns = [
    ...styles.flatMap((style) => rawColumns(style, axes.x, smoothing)),
    ...styles.flatMap(bandColumns),
    ...styles.map((style): Column => ({ role: 'line', style, points: { x: style.line.x, y: style.line.y } })),
  ];
  const { x, ys } = align(columns.map(({ points }) => points));
  const bands = columns.flatMap(({ role, style }, index): uPlot.Band[] =>
    role === 'high' ? [{ series: [index + 1, index], fill: faded(style.colour, 0.17) }] : [],
  );
  return {
    data: [x, ...ys],
    series: [{}, ...columns.map((column) => seriesOf(column, colours))],
    bands,
    read: columns.flatMap(({ role }, index) => (role === 'line' ? [index + 1] : [])),
    key: JSON.stringify(columns.map(({ role, style }) => [role, style.colour, style.dash, style.line.kind])),
  };
}

function rawColumns(style: LineStyle, x: XAxis, smoothing: number): Column[] {
  const { kind, members } = style.line;
  if (kind !== 'line' || (smoothing === 0 && members.length === 1)) return [];
  return members.map((curve) => {
    const there = curve.values.flatMap((_value, index) => (Number.isFinite(curve.x[x][index]) ? [index] : []));
    const points = { x: there.map((i) => curve.x[x][i] ?? 0), y: there.map((i) => curve.values[i] ?? 0) };
    return { role: 'raw', style, points };
  });
}

function bandColumns(style: LineStyle): Column[] {
  const { line } = style;
  if (line.kind !== 'line' || line.low.length === 0) return [];
  const edge = (values: readonly (number | null)[]) => ({ x: line.x, y: values.map((value) => value ?? Number.NaN) });
  return [
    { role: 'low', style, points: edge(line.low) },
    { role: 'high', style, points: edge(line.high) },
  ];
}

function seriesOf({ role, style: { line, colour, dash } }: Column, colours: PlotColours): uPlot.Series {
  if (role === 'raw') return { stroke: faded(colour, 0.28), width: 1, spanGaps: true, points: { show: false } };
  if (role !== 'line') return { stroke: faded(colour, 0.001), width: 0, spanGaps: true, points: { show: false } };
  if (line.kind === 'line') {
    return { stroke: colour, width: 1.8, dash, spanGaps: true, points: { show: line.steps.length < 3, size: 5 } };
  }
  return {
    stroke: colour,
    width: 1.2,
    dash: line.own ? [] : [3, 3],
    spanGaps: true,
    points: { show: true, size: 7, width: 1.6, stroke: colour, fill: line.own ? colour : colours.ground },
  };
}

/** The kind of y axis: linear, logarithmic, or arcsinh where a logarithm of the values does not exist. */
export function distributionOf(styles: readonly LineStyle[], log: boolean): 1 | 3 | 4 {
  if (!log) return 1;
  return valuesOf(styles).every((value) => value > 0) ? 3 : 4;
}

/** Raw values, lines and bounds: everything that shall stay in view. */
function valuesOf(styles: readonly LineStyle[]): number[] {
  return styles.flatMap(({ line }) => [
    ...line.members.flatMap(({ values }) => values),
    ...[...line.low, ...line.high].filter((bound) => bound !== null),
  ]);
}

/** `now` gives what is drawn at the time of drawing, so that data, zoom and domain can change under a made chart. */
export function scalesOf(now: () => { chart: Chart; styles: readonly LineStyle[]; axes: Axes }): uPlot.Scales {
  const { styles, axes } = now();
  const distr = distributionOf(styles, axes.logY);
  const range: uPlot.Range.Function = (_self, low, high) => {
    const { chart, styles: current } = now();
    const whiskers = current.flatMap(({ line }) => (line.kind === 'line' ? [] : [...line.low, ...line.high]));
    const guides = chart.guides.map((guide) => guide.value);
    const values = [low, high, ...whiskers, ...guides].filter(
      (value): value is number => value !== null && Number.isFinite(value),
    );
    const [min, max] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
    if (distr === 3) return [min / 1.15, max * 1.15];
    const flat = max - min <= Math.abs(max) * 1e-6;
    const pad = flat ? Math.abs(max) * 0.2 || 0.5 : (max - min) * 0.06;
    const fromZero = flat ? min === 0 : min >= 0 && min < (max - min) * 0.6;
    return [fromZero ? 0 : min - pad, max + pad];
  };
  const y: uPlot.Scale = distr === 4 ? { distr, asinh: smallest(valuesOf(styles)), range } : { distr, range };
  const span = (): [number, number] => [...(now().axes.zoom ?? now().axes.domain)];
  if (!axes.logX) return { x: { time: false, range: span }, y };
  return { x: { time: false, distr: 4, asinh: firstOf(styles, axes.x), range: span }, y };
}

/** The size near which an arcsinh axis turns from linear to logarithmic. */
function smallest(values: readonly number[]): number {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  return sizes.length > 0 ? Math.max(Math.min(...sizes), Math.max(...sizes) / 1e4) : 1;
}

function firstOf(styles: readonly LineStyle[], x: XAxis): number {
  if (x === 'step') return 1;
  const places = styles.flatMap(({ line }) => line.x.find((at) => at > 0) ?? []);
  return places.length > 0 ? Math.min(...places) : 1;
}

const STEP_INCREMENTS = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].map((m) => n * m))
  .sort((a, b) => a - b);
const TIME_INCREMENTS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800,
];

/** A label beside an axis, as it was drawn last. */
export interface Tick {
  at: number;
  label: string;
}

/** `drawn` is told the labels of an axis whenever they are set. */
export function axesOf(
  chart: Chart,
  axes: Axes,
  colours: PlotColours,
  font: string,
  drawn: (axis: 'x' | 'y', ticks: Tick[]) => void,
): uPlot.Axis[] {
  const shared = {
    stroke: colours.quiet,
    font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const told = (axis: 'x' | 'y', splits: readonly (number | null)[], word: (value: number) => string) => {
    const labels = splits.map((value) => (value === null ? '' : word(value)));
    drawn(
      axis,
      splits.flatMap((at, index) => (at === null ? [] : [{ at, label: labels[index] ?? '' }])),
    );
    return labels;
  };
  const share = chart.unit === 'share';
  const onLog: Partial<uPlot.Axis> = {
    splits: (self) => spread(self, logSplits(self.scales.x?.min ?? 0, self.scales.x?.max ?? 1)),
    filter: (_self, splits) => splits,
  };
  return [
    {
      ...shared,
      size: 26,
      space: 56,
      incrs: axes.x === 'time' ? TIME_INCREMENTS : STEP_INCREMENTS,
      grid: { show: false },
      values: (_self, splits) => told('x', splits, (value) => xText(axes.x, value)),
      ...(axes.logX ? onLog : {}),
    },
    {
      ...shared,
      size: 50,
      space: 30,
      values: (_self, splits) =>
        told('y', splits, (value) => (share ? `${numberText(value * 100)}%` : numberText(value))),
    },
  ];
}

/** Of places in order those that leave room for a label. */
function spread(plot: uPlot, places: readonly number[]): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return places.filter((at) => {
    const left = plot.valToPos(at, 'x');
    const fits = left - last >= 44;
    if (fits) last = left;
    return fits;
  });
}
