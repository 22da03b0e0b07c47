// Built-in watches over held-out evaluations: what is learnt may not carry over to rows that were not trained on, or may
// have stopped being learnt. Thresholds as in rldoctor's detectors. Looked at when an evaluation is written down; once
// per onset, by the same rules as the others (alarms.ts). The evidence are held-out responses that are wrong.

import type { MetricsLine } from '../run/format.ts';
import { shareText } from '../run/number_text.ts';
import type { EvaluationLine } from '../run/view.ts';
import { spread } from './advantages.ts';
import { correlation } from './response_signs.ts';

export interface HeldOutAlarm {
  name: string;
  condition: string;
  /** What is measured at the last of these evaluations, all under one prompt; null: not enough is known. */
  look: (
    evaluations: readonly EvaluationLine[],
    trained: readonly MetricsLine[],
    steps: number,
  ) => { value: number; isSign: boolean } | null;
  says: (value: number) => string;
}

/** Evaluations that a trend is read from. */
const TREND = 6;
/** Least share of the run's steps that a plateau lasts. */
const PLATEAU = 0.3;
/** Steps of training that an evaluation is compared with. */
const RECENT = 10;

export const HELD_OUT_ALARMS: readonly HeldOutAlarm[] = [
  {
    name: 'held_out_gap',
    condition: 'accuracy in training > accuracy on held-out rows + 15%',
    look: (evaluations, trained) => {
      const last = evaluations.at(-1);
      const recent = trained.filter(({ step }) => last && step <= last.step).slice(-RECENT);
      const accuracies = recent.flatMap(({ values }) => values.accuracy ?? []);
      if (last === undefined || accuracies.length < RECENT) return null;
      const gap = spread(accuracies).mean - last.accuracy;
      // beyond what the interval of the evaluation explains
      return { value: gap, isSign: gap >= 0.15 && spread(accuracies).mean > last.interval[1] };
    },
    says: (value) =>
      `Training rows are right ${shareText(value)} more often than held-out ones: look whether they are known by heart, or easier.`,
  },
  {
    name: 'held_out_falls',
    condition: 'reward in training and on held-out rows go different ways over 6 evaluations',
    look: (evaluations, trained) => {
      const points = evaluations.slice(-TREND).flatMap(({ step, reward }) => {
        const near = trained.filter((line) => line.step <= step && line.step > step - RECENT);
        const rewards = near.flatMap(({ values }) => values.reward ?? []);
        return rewards.length === 0 ? [] : [{ heldOut: reward, training: spread(rewards).mean }];
      });
      if (points.length < TREND) return null;
      const heldOut = ranks(points.map((point) => point.heldOut));
      const value = correlation(ranks(points.map(({ training }) => training)), heldOut);
      const rises = (points.at(-1)?.training ?? 0) > (points[0]?.training ?? 0);
      return { value, isSign: value < 0 && rises };
    },
    says: () =>
      'The reward rises in training and not on held-out rows: look whether the responses satisfy the rules without solving the task.',
  },
  {
    name: 'plateau',
    condition: 'best accuracy on held-out rows more than 30% of the run ago',
    look: (evaluations, _trained, steps) => {
      const last = evaluations.at(-1);
      const [first] = evaluations;
      if (last === undefined || first === undefined) return null;
      const best = evaluations.reduce((one, other) => (other.accuracy > one.accuracy ? other : one), first);
      const behind = (last.step - best.step) / Math.max(1, steps);
      return { value: behind, isSign: behind >= PLATEAU && last.accuracy < 1 };
    },
    says: (value) =>
      `The best held-out accuracy is ${shareText(value)} of the run's steps ago: look whether to stop, or to go on from the best checkpoint.`,
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

/** The alarms that begin with the last of some evaluations under one prompt. */
export function heldOutAlarmsAt(
  evaluations: readonly EvaluationLine[],
  trained: readonly MetricsLine[],
  steps: number,
): { alarm: HeldOutAlarm; value: number }[] {
  return HELD_OUT_ALARMS.flatMap((alarm) => {
    const now = alarm.look(evaluations, trained, steps);
    const before = alarm.look(evaluations.slice(0, -1), trained, steps);
    return now?.isSign && !before?.isSign ? [{ alarm, value: now.value }] : [];
  });
}
