// The charts that are shown, as one PNG: a title, the legend, and the canvases in two columns, in the colours and at
// the resolution of the screen.

import type { ChartCard } from './chart.ts';
import type { PlotColours } from './plot_options.ts';

interface LegendEntry {
  label: string;
  colour: string;
}

/** The picture as base64 without a prefix; null: there is nothing to draw. */
export function pictureOf(
  cards: readonly ChartCard[],
  legend: readonly LegendEntry[],
  title: string,
  colours: PlotColours,
  font: string,
): string | null {
  const parts = cards.flatMap((card) => {
    const [chart, canvas] = [card.chart(), card.canvas()];
    return chart && canvas ? [{ title: chart.title, canvas }] : [];
  });
  if (parts.length === 0) return null;
  const ratio = window.devicePixelRatio;
  const [gap, head, label] = [20 * ratio, 64 * ratio, 24 * ratio];
  const columns = Math.min(2, parts.length);
  const width = Math.max(...parts.map((part) => part.canvas.width));
  const height = Math.max(...parts.map((part) => part.canvas.height)) + label;
  const picture = document.createElement('canvas');
  picture.width = gap + columns * (width + gap);
  picture.height = head + Math.ceil(parts.length / columns) * (height + gap);
  const ctx = picture.getContext('2d');
  if (!ctx) return null;
  const plain = font.replace(/([\d.]+)px/, (_all, size: string) => `${Number(size) * ratio}px`);
  ctx.fillStyle = colours.ground;
  ctx.fillRect(0, 0, picture.width, picture.height);
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = colours.ink;
  ctx.font = `600 ${plain}`;
  ctx.fillText(title, gap, gap + 6 * ratio);
  ctx.font = plain;
  let x = gap;
  for (const entry of legend) {
    ctx.fillStyle = entry.colour;
    ctx.fillRect(x, 42 * ratio, 14 * ratio, 3 * ratio);
    ctx.fillStyle = colours.ink;
    ctx.fillText(entry.label, x + 20 * ratio, 48 * ratio);
    x += 20 * ratio + ctx.measureText(entry.label).width + gap;
  }
  parts.forEach((part, index) => {
    const left = gap + (index % columns) * (width + gap);
    const top = head + Math.floor(index / columns) * (height + gap);
    ctx.font = `600 ${plain}`;
    ctx.fillText(part.title, left, top + 14 * ratio);
    ctx.drawImage(part.canvas, left, top + label);
  });
  return picture.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
