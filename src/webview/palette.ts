// Colours of runs: an arm has a hue, kept over seeds; the seeds of an arm differ in their dashes. The colours are CSS
// variables of theme.css, so they follow the theme (theme.ts reads what they are now). Pure.

import { armLabel, type RunView } from '../run/view.ts';

export interface RunStyle {
  /** A CSS variable's name, for example `--run-2`. */
  variable: string;
  /** Canvas dash pattern in pixels; empty: solid. */
  dash: number[];
}

const HUES = 8;
const DASHES: number[][] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/** One style per run, in their order: the arms take hues in order of appearance, their runs take dashes. */
export function stylesOf(runs: readonly RunView[]): RunStyle[] {
  const arms: string[] = [];
  const seen = new Map<string, number>();
  return runs.map((run) => {
    const arm = armOf(run);
    if (!arms.includes(arm)) arms.push(arm);
    const count = seen.get(arm) ?? 0;
    seen.set(arm, count + 1);
    return { variable: `--run-${arms.indexOf(arm) % HUES}`, dash: DASHES[count % DASHES.length] ?? [] };
  });
}

/** What the seeds of an arm have in common: the experiment, the arm and the stage. */
export function armOf({ record }: RunView): string {
  return `${record.experiment}\n${armLabel(record)}`;
}

/** A resolved colour with another opacity. */
export function faded(colour: string, opacity: number): string {
  const parts = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1]?.split(/[\s,/]+/) ?? [];
  const [red, green, blue] = parts;
  return red && green && blue ? `rgba(${red}, ${green}, ${blue}, ${opacity})` : colour;
}
