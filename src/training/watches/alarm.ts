// A built-in watch over a run's steps: what is measured, from which value on it is a sign (with a second threshold where
// it is a serious one), and which responses show it. Its words are in run/alarm_words.ts.

import type { AlarmName } from '../../run/alarm_words.ts';
import type { MetricsLine } from '../../run/format.ts';
import type { Shown } from './alarm_evidence.ts';

export type Values = MetricsLine['values'];
export type Level = 'warn' | 'alarm';

export interface Sign {
  name: AlarmName;
  /** The rule that it is about; left out: none. */
  rule?: string;
  /** The condition with a threshold, as a watch would be written. */
  condition: (threshold: number) => string;
  side: 'above' | 'below';
  /** Where it begins; `alarm` is beyond `warn`. */
  levels: { warn: number; alarm?: number };
}

export interface Alarm extends Sign {
  forSteps: number;
  /** Looked at only after this step. */
  afterStep: number;
  /** What is measured at a step; null: it says nothing. `start`: the run's first steps, `before`: its last ones. */
  measure: (values: Values, start: readonly Values[], before: readonly Values[]) => number | null;
  /** How much a response shows it; those above 0 are the evidence, the highest first. */
  shows: (shown: Shown) => number;
}

/** The levels that are reached, the serious one last. */
export function levelsOf({ side, levels }: Pick<Sign, 'side' | 'levels'>, value: number | null): Level[] {
  if (value === null) return [];
  const isBeyond = (threshold: number) => (side === 'above' ? value > threshold : value < threshold);
  return (['warn', 'alarm'] as const).filter((level) => {
    const threshold = levels[level];
    return threshold !== undefined && isBeyond(threshold);
  });
}

/** The event that is written down. */
export function alertOf({ name, rule, condition, levels }: Sign, level: Level, value: number) {
  return {
    kind: 'alert',
    alarm: name,
    level,
    ...(rule !== undefined && { rule }),
    watch: condition(levels[level] ?? levels.warn),
    value,
    stops: false,
  } as const;
}

/** A share as it stands in a condition: `15%`. */
export const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;
