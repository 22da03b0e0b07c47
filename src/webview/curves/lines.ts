// From the curves of runs to the lines that are drawn: each run's own, or one for the seeds of an arm, with the mean of
// the runs that have got as far as a step and a band over them (lowest to highest, or Student's 95 % interval of the
// mean). A run that ended early leaves the mean where it ended; the read-out says how many are left. Points of one step
// belong together, whatever the x axis; their x is the mean. Pure.

import { mean, meanInterval } from '../../run/interval.ts';
import { smooth } from '../../run/metrics/smooth.ts';
import type { Curve } from './charts.ts';
import type { XAxis } from './x_axis.ts';

/** How the runs of an arm are shown: each by itself, or as their mean with a band. */
export type Seeds = 'each' | 'range' | 'interval';

export interface Line {
  kind: Curve['kind'];
  own: boolean;
  /** The runs it stands for. */
  members: Curve[];
  steps: number[];
  x: number[];
  y: number[];
  /** The band of means, or the intervals of evaluations; null where there is none. Empty: none anywhere. */
  low: (number | null)[];
  high: (number | null)[];
  /** How many runs a point is the mean of. */
  count: number[];
}

/** One line for the curves of each group (`groupOf` a folder) and kind; with `each`, one for every curve. */
export function linesOf(
  curves: readonly Curve[],
  groupOf: (folder: string) => string,
  { seeds, smoothing, x }: { seeds: Seeds; smoothing: number; x: XAxis },
): Line[] {
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) {
    const key = JSON.stringify([seeds === 'each' ? curve.folder : groupOf(curve.folder), curve.kind]);
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  return [...groups.values()].map((members) => {
    const [only] = members;
    return members.length === 1 && only ? single(only, smoothing, x) : meanLine(members, seeds, smoothing, x);
  });
}

function single(curve: Curve, smoothing: number, x: XAxis): Line {
  const there = curve.values.flatMap((_value, index) => (Number.isFinite(curve.x[x][index]) ? [index] : []));
  const values = smoothed(curve, smoothing);
  const bounds = curve.intervals.length > 0 ? there : [];
  return {
    kind: curve.kind,
    own: curve.own,
    members: [curve],
    steps: there.map((index) => curve.x.step[index] ?? 0),
    x: there.map((index) => curve.x[x][index] ?? 0),
    y: there.map((index) => values[index] ?? 0),
    low: bounds.map((index) => curve.intervals[index]?.[0] ?? null),
    high: bounds.map((index) => curve.intervals[index]?.[1] ?? null),
    count: there.map(() => 1),
  };
}

function meanLine(members: readonly Curve[], seeds: Seeds, smoothing: number, axis: XAxis): Line {
  const points = new Map<number, { x: number[]; y: number[] }>();
  for (const curve of members) {
    const values = smoothed(curve, smoothing);
    curve.x.step.forEach((step, index) => {
      const [x, y] = [curve.x[axis][index], values[index]];
      if (x === undefined || y === undefined || !Number.isFinite(x)) return;
      const point = points.get(step) ?? { x: [], y: [] };
      point.x.push(x);
      point.y.push(y);
      points.set(step, point);
    });
  }
  const sorted = [...points].sort(([a], [b]) => a - b);
  const bounds = sorted.map(([, { y }]) => (seeds === 'range' ? rangeOf(y) : meanInterval(y)));
  const [first] = members;
  return {
    kind: first?.kind ?? 'line',
    own: first?.own ?? true,
    members: [...members],
    steps: sorted.map(([step]) => step),
    x: sorted.map(([, { x }]) => mean(x)),
    y: sorted.map(([, { y }]) => mean(y)),
    low: bounds.map((bound) => bound?.low ?? null),
    high: bounds.map((bound) => bound?.high ?? null),
    count: sorted.map(([, { y }]) => y.length),
  };
}

/** Evaluations are few and far between: they are never smoothed. */
function smoothed({ kind, values, smoothed: whole }: Curve, weight: number): readonly number[] {
  if (kind !== 'line' || weight === 0) return values;
  return whole ?? smooth(values, weight);
}

function rangeOf(values: readonly number[]): { low: number; high: number } | null {
  return values.length < 2 ? null : { low: Math.min(...values), high: Math.max(...values) };
}
