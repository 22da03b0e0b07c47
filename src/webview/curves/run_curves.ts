// A run as the curves panel has it. Of a large run its lines hold only what lists and axes need; its metrics come by
// column, as they are asked for (sent_curves.ts), and new steps are put at their ends. Pure.

import type { MetricsLine } from '../../run/format.ts';
import type { PointPlaces, SentCurves } from '../../run/metrics/sent_curves.ts';
import { smoothedNext } from '../../run/metrics/smooth.ts';
import { grown, type RunView } from '../../run/view.ts';

/** One metric's points; all lists are equally long. */
export interface RunCurve {
  places: PointPlaces;
  values: readonly number[];
  /** Points that there are in the whole run. */
  count: number;
  /** Of a curve with fewer points than there are: smoothed when it still had all of them. */
  smoothed: { weight: number; values: readonly number[] } | null;
}

export interface DrawnRun extends RunView {
  /** By metric; left out: its lines have all of them. */
  curves?: ReadonlyMap<string, RunCurve>;
}

export function isWhole({ values, count }: RunCurve): boolean {
  return values.length === count;
}

/** The run with curves that it was asked for. */
export function withCurves(run: DrawnRun, { places, curves, smoothing }: SentCurves): DrawnRun {
  const all = new Map(run.curves);
  for (const { name, at, count, values, smoothed } of curves) {
    const own = places[at];
    if (!own || own.step.length !== values.length) continue;
    const sent: RunCurve = {
      places: own,
      values,
      count,
      smoothed: smoothed && { weight: smoothing, values: smoothed },
    };
    const before = all.get(name);
    all.set(name, before && before.count === count && !isWhole(sent) ? joined(before, sent) : sent);
  }
  return { ...run, curves: all };
}

/** The run with steps that are new. */
export function withLines(run: DrawnRun, more: Parameters<typeof grown>[1]): DrawnRun {
  const { curves } = run;
  const all = grown(run, more);
  if (!curves) return all;
  const next = new Map([...curves].map(([name, curve]) => [name, lengthened(curve, name, more.metrics)]));
  return { ...all, curves: next };
}

/** The points of both, by step; where both have one, the later answer's. Of another smoothing only the later one's. */
function joined(before: RunCurve, sent: RunCurve): RunCurve {
  if (before.smoothed?.weight !== sent.smoothed?.weight) return sent;
  const found = new Map<number, [RunCurve, number]>();
  for (const curve of [before, sent]) curve.places.step.forEach((step, i) => void found.set(step, [curve, i]));
  const order = [...found].sort(([a], [b]) => a - b).map(([, place]) => place);
  const of = (read: (curve: RunCurve) => readonly number[]) => order.map(([curve, i]) => read(curve)[i] ?? 0);
  const hasTokens = before.places.tokens.length > 0 && sent.places.tokens.length > 0;
  return {
    places: {
      step: of(({ places }) => places.step),
      time: of(({ places }) => places.time),
      tokens: hasTokens ? of(({ places }) => places.tokens) : [],
    },
    values: of(({ values }) => values),
    count: sent.count,
    smoothed: sent.smoothed && {
      weight: sent.smoothed.weight,
      values: of(({ smoothed, values }) => smoothed?.values ?? values),
    },
  };
}

function lengthened(curve: RunCurve, name: string, lines: readonly MetricsLine[]): RunCurve {
  const last = curve.places.step.at(-1) ?? 0;
  const fresh = lines.filter((line) => line.step > last && line.values[name] !== undefined);
  if (fresh.length === 0) return curve;
  const { step, time, tokens } = curve.places;
  const values = [...curve.values];
  const smoothed = curve.smoothed && { weight: curve.smoothed.weight, values: [...curve.smoothed.values] };
  let { count } = curve;
  for (const line of fresh) {
    const value = line.values[name] ?? 0;
    values.push(value);
    smoothed?.values.push(smoothedNext(smoothed.values.at(-1) ?? value, count, value, smoothed.weight));
    count++;
  }
  const ends = fresh.map((line) => line.values.num_tokens ?? tokens.at(-1) ?? 0);
  return {
    places: {
      step: [...step, ...fresh.map((line) => line.step)],
      time: [...time, ...fresh.map((line) => line.time)],
      tokens: tokens.length > 0 ? [...tokens, ...ends] : [],
    },
    values,
    count,
    smoothed,
  };
}
