// A run's metrics as lines: all of a small run, of a large one what lists and axes need of every run, reduced to what a
// chart can show. A line holds the values that were kept at its step. Pure.

import type { MetricsLine } from '../format.ts';
import { reduced } from './reduced.ts';
import type { Series } from './series.ts';

/** What lists and axes need of every run. */
export const ALWAYS = ['reward', 'num_tokens'];

interface Metrics {
  series(name: string): Series;
  latest(): readonly MetricsLine[];
}

export function curveLines(metrics: Metrics, names: readonly string[]): MetricsLine[] {
  const lines = new Map<number, MetricsLine>();
  const lineAt = (step: number, time: number): MetricsLine => {
    const line = lines.get(step) ?? { step, time, values: {} };
    lines.set(step, line);
    return line;
  };
  const last = metrics.latest().at(-1);
  if (last) lineAt(last.step, last.time);
  for (const name of names) {
    const { step, time, values } = metrics.series(name);
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
