// The charts that are shown as one SVG: the same places, labels, lines and signs as on the screen, as shapes and text that
// a paper's figure can be made of. Text from runs is escaped; there is no script, no style sheet and nothing to load.

import type uPlot from 'uplot';
import { escaped } from '../../spec/markup.ts';
import type { Line } from './lines.ts';
import { type Overlay, star } from './overlay.ts';
import type { LineStyle, Tick } from './plot_options.ts';
import type { XAxis } from './x_axis.ts';

export interface ChartPicture {
  title: string;
  plot: uPlot;
  ticks: { x: Tick[]; y: Tick[] };
  overlay: Overlay & { x: XAxis; smoothing: number };
  label(line: Line): string;
}

const [GAP, HEAD, LEFT, TITLE, FOOT] = [20, 64, 54, 26, 26];

export function svgOf(
  charts: readonly ChartPicture[],
  legend: readonly { label: string; colour: string }[],
  title: string,
): string | null {
  const [first] = charts;
  if (!first) return null;
  const columns = Math.min(2, charts.length);
  const width = Math.max(...charts.map(({ plot }) => plot.over.clientWidth)) + LEFT;
  const height = Math.max(...charts.map(({ plot }) => plot.over.clientHeight)) + TITLE + FOOT;
  const { ink, ground } = first.overlay.colours;
  const family = first.overlay.font.replace(/^[\d.]+px\s*/, '');
  const whole = [GAP + columns * (width + GAP), HEAD + Math.ceil(charts.length / columns) * (height + GAP)] as const;
  let x = GAP;
  const entries = legend.map(({ label, colour }) => {
    const at = x;
    x += 40 + label.length * 7.2;
    return `<rect x="${at}" y="42" width="14" height="3" fill="${escaped(colour)}"/>${words(label, at + 20, 48, ink)}`;
  });
  const parts = charts.map((chart, index) => {
    const [left, top] = [GAP + (index % columns) * (width + GAP), HEAD + Math.floor(index / columns) * (height + GAP)];
    return `<g transform="translate(${left} ${top})">${chartShapes(chart, index)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole[0]}" height="${whole[1]}" viewBox="0 0 ${whole[0]} ${whole[1]}" font-family="${escaped(family)}" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escaped(ground)}"/>`,
    words(title, GAP, GAP + 6, ink, 'font-weight="600" font-size="14"'),
    ...entries,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function chartShapes({ title, plot, ticks, overlay }: ChartPicture, id: number): string {
  const { colours, styles, marks, chart } = overlay;
  const [width, height] = [plot.over.clientWidth, plot.over.clientHeight];
  const across = (value: number) => round(plot.valToPos(value, 'x'));
  const up = (value: number) => round(plot.valToPos(value, 'y'));
  const inside = ({ at }: Tick) => up(at) >= -1 && up(at) <= height + 1;
  const grid = ticks.y.filter(inside).map(({ at, label }) => {
    const line = `<path d="M0 ${up(at)}H${width}" stroke="${colours.grid}"/>`;
    return `${line}${words(label, -6, up(at) + 4, colours.quiet, 'text-anchor="end" font-size="11"')}`;
  });
  const below = ticks.x
    .filter(({ at }) => across(at) >= -1 && across(at) <= width + 1)
    .map(({ at, label }) =>
      words(label, across(at), height + 17, colours.quiet, 'text-anchor="middle" font-size="11"'),
    );
  const guides = chart.guides.map(({ value, label }, i) => {
    const [at, anchor] = i % 2 === 0 ? [width - 2, 'end'] : [2, 'start'];
    const line = `<path d="M0 ${up(value)}H${width}" stroke="${colours.quiet}" stroke-dasharray="2 4"/>`;
    return `${line}${words(label, at, up(value) - 3, colours.quiet, `text-anchor="${anchor}" font-size="11"`)}`;
  });
  const signs = marks.map((mark) => {
    const at = across(mark.x);
    const named = (shape: string) => `<g><title>${escaped(mark.label)}</title>${shape}</g>`;
    if (mark.kind === 'alert')
      return named(`<path d="M${at} 0V${height}" stroke="${colours.warn}" stroke-dasharray="4 3"/>`);
    if (mark.kind === 'gate')
      return named(`<path d="M${at} 0V${height}M${at + 3} 0V${height}" stroke="${mark.colour}"/>`);
    if (mark.kind === 'restart')
      return named(`<path d="M${at} 0V${height}" stroke="${mark.colour}" stroke-dasharray="1 4"/>`);
    if (mark.kind === 'checkpoint') {
      return named(`<path d="M${at} ${height - 3}l3 3l-3 3l-3 -3z" fill="${mark.colour}"/>`);
    }
    if (mark.kind === 'best') {
      const corners = star(at, height - 8, 5.5).map(([x, y]) => `${round(x)},${round(y)}`);
      return named(`<polygon points="${corners.join(' ')}" fill="${mark.colour}"/>`);
    }
    return named(`<circle cx="${at}" cy="${height - 8}" r="2.6" fill="none" stroke="${mark.colour}"/>`);
  });
  const lines = styles.flatMap((style) => lineShapes(style, overlay, across, up));
  const clip = `clip${id}`;
  return [
    words(title, 0, 14, colours.ink, 'font-weight="600"'),
    `<g transform="translate(${LEFT} ${TITLE})">`,
    `<clipPath id="${clip}"><rect x="-4" width="${width + 8}" height="${height + 6}"/></clipPath>`,
    ...grid,
    ...below,
    `<g clip-path="url(#${clip})">`,
    ...guides,
    ...lines,
    ...signs,
    '</g></g>',
  ].join('\n');
}

type Place = (value: number) => number;

function lineShapes(
  { line, colour, dash }: LineStyle,
  { x, smoothing }: ChartPicture['overlay'],
  across: Place,
  up: Place,
): string[] {
  const path = (xs: readonly number[], ys: readonly number[]) => {
    const spots = xs.flatMap((at, i) => (Number.isFinite(at) ? [`${across(at)} ${up(ys[i] ?? 0)}`] : []));
    return spots.length > 0 ? `M${spots.join('L')}` : '';
  };
  const bounds = line.x.flatMap((at, i) => {
    const [low, high] = [line.low[i], line.high[i]];
    return low == null || high == null ? [] : [{ at, low, high }];
  });
  const shapes: string[] = [];
  if (line.kind === 'line') {
    if (bounds.length > 0) {
      const there = [...bounds.map(({ at, high }) => `${across(at)},${up(high)}`)];
      const back = [...bounds].reverse().map(({ at, low }) => `${across(at)},${up(low)}`);
      shapes.push(`<polygon points="${[...there, ...back].join(' ')}" fill="${colour}" fill-opacity="0.17"/>`);
    }
    if (smoothing > 0 || line.members.length > 1) {
      for (const curve of line.members) {
        const raw = path(curve.x[x], curve.values);
        shapes.push(`<path d="${raw}" fill="none" stroke="${colour}" stroke-opacity="0.28"/>`);
      }
    }
    const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    shapes.push(`<path d="${path(line.x, line.y)}" fill="none" stroke="${colour}" stroke-width="1.8"${dashed}/>`);
    return shapes;
  }
  for (const { at, low, high } of bounds) {
    shapes.push(
      `<path d="M${across(at)} ${up(low)}V${up(high)}" stroke="${colour}" stroke-opacity="0.55" stroke-width="1.5"/>`,
    );
  }
  shapes.push(`<path d="${path(line.x, line.y)}" fill="none" stroke="${colour}" stroke-width="1.2"/>`);
  line.x.forEach((at, i) => {
    shapes.push(
      `<circle cx="${across(at)}" cy="${up(line.y[i] ?? 0)}" r="3.2" fill="${line.own ? colour : 'none'}" stroke="${colour}" stroke-width="1.6"/>`,
    );
  });
  return shapes;
}

function words(text: string, x: number, y: number, colour: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="${escaped(colour)}" ${more}>${escaped(text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
