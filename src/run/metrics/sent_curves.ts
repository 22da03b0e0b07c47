// Metrics of a run as a curves panel is sent them: columns of numbers, steps and times once for all metrics that share
// them. A metric with more points than a chart shows is reduced (reduced.ts), and then smoothed first: who has only some
// points cannot. Kept are the extremes of the raw values and of the smoothed ones, so that both lines are what they would
// be if everything had been sent. Pure.

import { z } from 'zod';
import { MOST_POINTS, reduced } from './reduced.ts';
import type { Series } from './series.ts';
import { smooth } from './smooth.ts';

/** Checked at once, as there are tens of thousands. */
const numbers = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'number' && Number.isFinite(one)),
);

/** Where points lie on every x axis; equally long. `tokens`: none where the run does not count them. */
export const PointPlaces = z.object({ step: numbers, time: numbers, tokens: numbers });
export type PointPlaces = z.infer<typeof PointPlaces>;

export const SentCurves = z.object({
  folder: z.string(),
  /** The weight that the smoothed values were made with. */
  smoothing: z.number(),
  places: z.array(PointPlaces),
  curves: z.array(
    z.object({
      name: z.string(),
      /** Which of the places are its points'. */
      at: z.number().int().min(0),
      /** Points that there are in the whole run. */
      count: z.number(),
      values: numbers,
      /** null: all are here, or nothing is smoothed. */
      smoothed: numbers.nullable(),
    }),
  ),
});
export type SentCurves = z.infer<typeof SentCurves>;

/** `range`: the first and the last step. */
export function sentCurves(
  folder: string,
  metrics: { series(name: string): Series },
  names: readonly string[],
  { range, smoothing }: { range: readonly [number, number] | null; smoothing: number },
): SentCurves {
  const tokensAt = stepwise(metrics.series('num_tokens'));
  const places: PointPlaces[] = [];
  const known = new Map<string, number>();
  const placesOf = (series: Series, kept: readonly number[]): number => {
    const step = kept.map((i) => series.step[i] ?? 0);
    const key = step.join(' ');
    const at = known.get(key) ?? places.length;
    if (at < places.length) return at;
    known.set(key, at);
    const tokens = tokensAt ? step.map(tokensAt) : [];
    return places.push({ step, time: kept.map((i) => series.time[i] ?? 0), tokens }) - 1;
  };
  const curves = names.flatMap((name) => {
    const series = metrics.series(name);
    const { values } = series;
    if (values.length === 0) return [];
    const isLong = values.length > MOST_POINTS;
    const smoothed = isLong && smoothing > 0 ? smooth(values, smoothing) : null;
    const [from, to] = placesWithin(series.step, range);
    const kept = union(reduced(values, from, to), smoothed ? reduced(smoothed, from, to) : []);
    const of = (all: readonly number[]) => kept.map((i) => all[i] ?? 0);
    const at = placesOf(series, kept);
    return { name, at, count: values.length, values: of(values), smoothed: smoothed && of(smoothed) };
  });
  return { folder, smoothing, places, curves };
}

function placesWithin(step: readonly number[], range: readonly [number, number] | null): [number, number] {
  if (range === null) return [0, step.length];
  const from = step.findIndex((one) => one >= range[0]);
  return from < 0 ? [0, 0] : [from, step.findLastIndex((one) => one <= range[1]) + 1];
}

function union(a: readonly number[], b: readonly number[]): readonly number[] {
  return b.length === 0 ? a : [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** The last value at or before a step, for steps that are asked for in any order; null: there are none. */
function stepwise({ step, values }: Series): ((at: number) => number) | null {
  if (step.length === 0) return null;
  const exact = new Map(step.map((one, i) => [one, values[i] ?? 0]));
  return (at) => exact.get(at) ?? values[step.findLastIndex((one) => one <= at)] ?? 0;
}
