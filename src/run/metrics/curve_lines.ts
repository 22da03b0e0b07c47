// Some metrics of a run as the lines that the curves are drawn from: of each metric as many points as a chart shows, at
// all steps or at some. A line holds the values that were kept at its step. Pure.

import type { MetricsLine } from '../format.ts';
import type { Series } from './metrics_index.ts';
import { reduced } from './reduced.ts';

/** What lists and axes need of every run. */
export const ALWAYS = ['reward', 'num_tokens'];

interface Metrics {
  series(name: string): Series;
  latest(): readonly MetricsLine[];
}

/** `range`: the first and the last step. */
export function curveLines(
  metrics: Metrics,
  names: readonly string[],
  range: readonly [number, number] | null,
): MetricsLine[] {
  const lines = new Map<number, MetricsLine>();
  const lineAt = (step: number, time: number): MetricsLine => {
    const line = lines.get(step) ?? { step, time, values: {} };
    lines.set(step, line);
    return line;
  };
  const last = metrics.latest().at(-1);
  if (last) lineAt(last.step, last.time);
  for (const name of names) {
    const { step, time, values } = within(metrics.series(name), range);
    for (const place of reduced(values)) {
      const { values: own } = lineAt(step[place] ?? 0, time[place] ?? 0);
      Object.defineProperty(own, name, { value: values[place], enumerable: true, configurable: true, writable: true });
    }
  }
  const tokens = metrics.series('num_tokens');
  for (const [i, step] of tokens.step.entries()) {
    const line = lines.get(step);
    if (line) line.values.num_tokens = tokens.values[i] ?? 0;
  }
  return [...lines.values()].sort((a, b) => a.step - b.step);
}

function within(series: Series, range: readonly [number, number] | null): Series {
  if (range === null) return series;
  const [first, last] = range;
  const from = series.step.findIndex((step) => step >= first);
  const to = series.step.findLastIndex((step) => step <= last) + 1;
  if (from < 0) return { step: [], time: [], values: [] };
  return {
    step: series.step.slice(from, to),
    time: series.time.slice(from, to),
    values: series.values.slice(from, to),
  };
}
