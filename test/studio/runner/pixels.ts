// What a picture shows, in numbers that a test can hold: how much of it is background, how much is drawn in colour.

import type { Image } from './png.ts';

export interface PixelStatistics {
  readonly width: number;
  readonly height: number;
  /** The most frequent colour, as #rrggbb, and its share of the pixels. */
  readonly background: string;
  readonly backgroundShare: number;
  /** Pixels of a saturated colour, neither grey nor nearly so. */
  readonly coloured: number;
  /** Different hues (in steps of 30 degrees) with at least 20 such pixels. */
  readonly hues: number;
}

export function statistics({ width, height, channels, bytes }: Image): PixelStatistics {
  const colours = new Map<number, number>();
  const perHue = new Map<number, number>();
  let coloured = 0;
  for (let at = 0; at < bytes.length; at += channels) {
    const [red, green, blue] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
    const colour = (red << 16) | (green << 8) | blue;
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) < 60) continue;
    coloured++;
    const hue = Math.floor(hueOf(red, green, blue) / 30);
    perHue.set(hue, (perHue.get(hue) ?? 0) + 1);
  }
  const [background, count] = [...colours].reduce((most, next) => (next[1] > most[1] ? next : most), [0, 0]);
  return {
    width,
    height,
    background: `#${background.toString(16).padStart(6, '0')}`,
    backgroundShare: count / (width * height),
    coloured,
    hues: [...perHue.values()].filter((pixels) => pixels >= 20).length,
  };
}

/** In degrees, [0, 360). */
function hueOf(red: number, green: number, blue: number): number {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const span = most - least;
  if (most === red) return (60 * ((green - blue) / span) + 360) % 360;
  return most === green ? 60 * ((blue - red) / span) + 120 : 60 * ((red - green) / span) + 240;
}
