// Watches of the specification over a run's metrics: `alert when truncated > 15% for 5 steps after 50 steps`.
// A watch fires once when its condition has held for enough steps in a row, and again only after it has failed since.

import type { MetricsLine } from '../../run/format.ts';
import type { Gate, Watch } from '../../spec/specification.ts';

export interface Fired {
  watch: Watch;
  value: number;
}

export class Watcher {
  private readonly watches: readonly Watch[];
  private readonly held: number[];

  constructor(watches: readonly Watch[]) {
    this.watches = watches;
    this.held = watches.map(() => 0);
  }

  /** Takes the next step's metrics and returns the watches that fire on it. */
  step({ step, values }: MetricsLine): Fired[] {
    return this.watches.flatMap((watch, i) => {
      const value = values[metricName(watch)];
      const holds = value !== undefined && step > watch.afterStep && conditionHolds(value, watch);
      this.held[i] = holds ? (this.held[i] ?? 0) + 1 : 0;
      return value !== undefined && this.held[i] === Math.max(1, watch.forSteps) ? [{ watch, value }] : [];
    });
  }
}

/** What the condition's metric is called in metrics.jsonl. */
export function metricName({ metric }: Pick<Gate, 'metric'>): string {
  return metric.kind === 'share' ? `share/${metric.rule}` : metric.name;
}

export function conditionHolds(value: number, { comparison, threshold }: Gate): boolean {
  switch (comparison) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
  }
}
