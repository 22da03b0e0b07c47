// Built-in watches over held-out evaluations: what is learnt may not carry over to rows that were not trained on, or may
// have stopped being learnt. Thresholds as in rldoctor's detectors. Looked at when an evaluation is written down; once
// per onset, by the same rules as the others (alarms.ts). The evidence are held-out responses that are wrong.

import type { MetricsLine } from '../../run/format.ts';
import type { EvaluationLine } from '../../run/view.ts';
import { spread } from '../advantages.ts';
import { type Level, levelsOf, percent, type Sign } from './alarm.ts';
import { correlation } from './response_signs.ts';

export interface HeldOutAlarm extends Sign {
  /** What is measured at the last of these evaluations, all under one prompt; null: it says nothing. */
  measure: (evaluations: readonly EvaluationLine[], trained: readonly MetricsLine[], steps: number) => number | null;
}

/** Evaluations that a trend is read from. */
const TREND = 6;
/** Steps of training that an evaluation is compared with. */
const RECENT = 10;

export const HELD_OUT_ALARMS: readonly HeldOutAlarm[] = [
  {
    name: 'held_out_gap',
    condition: (threshold) => `accuracy in training > accuracy on held-out rows + ${percent(threshold)}`,
    ...{ side: 'above', levels: { warn: 0.15, alarm: 0.3 } },
    measure: (evaluations, trained) => {
      const last = evaluations.at(-1);
      const recent = trained.filter(({ step }) => last && step <= last.step).slice(-RECENT);
      const accuracies = recent.flatMap(({ values }) => values.accuracy ?? []);
      if (last === undefined || accuracies.length < RECENT) return null;
      const gap = spread(accuracies).mean - last.accuracy;
      // beyond what the interval of the evaluation explains
      return spread(accuracies).mean > last.interval[1] ? gap : null;
    },
  },
  {
    name: 'held_out_falls',
    condition: () => 'reward in training and on held-out rows go different ways over 6 evaluations',
    ...{ side: 'below', levels: { warn: 0 } },
    measure: (evaluations, trained) => {
      const points = evaluations.slice(-TREND).flatMap(({ step, reward }) => {
        const near = trained.filter((line) => line.step <= step && line.step > step - RECENT);
        const rewards = near.flatMap(({ values }) => values.reward ?? []);
        return rewards.length === 0 ? [] : [{ heldOut: reward, training: spread(rewards).mean }];
      });
      if (points.length < TREND) return null;
      const heldOut = ranks(points.map((point) => point.heldOut));
      const value = correlation(ranks(points.map(({ training }) => training)), heldOut);
      const rises = (points.at(-1)?.training ?? 0) > (points[0]?.training ?? 0);
      return rises ? value : null;
    },
  },
  {
    name: 'plateau',
    condition: (threshold) => `best accuracy on held-out rows more than ${percent(threshold)} of the run ago`,
    ...{ side: 'above', levels: { warn: 0.3 } },
    measure: (evaluations, _trained, steps) => {
      const last = evaluations.at(-1);
      const [first] = evaluations;
      if (last === undefined || first === undefined) return null;
      const best = evaluations.reduce((one, other) => (other.accuracy > one.accuracy ? other : one), first);
      return last.accuracy < 1 ? (last.step - best.step) / Math.max(1, steps) : null;
    },
  },
];

/** The place of each value among all, equal ones at the mean of their places: for Spearman's correlation. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}

/** The alarms that begin with the last of some evaluations under one prompt, or become serious with it. */
export function heldOutAlarmsAt(
  evaluations: readonly EvaluationLine[],
  trained: readonly MetricsLine[],
  steps: number,
): { alarm: HeldOutAlarm; level: Level; value: number }[] {
  return HELD_OUT_ALARMS.flatMap((alarm) => {
    const value = alarm.measure(evaluations, trained, steps);
    const before = levelsOf(alarm, alarm.measure(evaluations.slice(0, -1), trained, steps));
    const level = levelsOf(alarm, value)
      .filter((one) => !before.includes(one))
      .at(-1);
    return level === undefined || value === null ? [] : [{ alarm, level, value }];
  });
}
