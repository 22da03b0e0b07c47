// Built-in watches: signs of trouble that people look for in any run of this kind, with the thresholds they use
// (microsoft/post-training-toolkit, rldoctor's detectors, prime-rl's notes). An alarm says where to look and shows the
// responses it is about; it never stops a run. Once per onset: again only after its condition has failed since, or when
// it becomes serious. `alarms off` in `train` turns them off. Those over held-out evaluations are in held_out_alarms.ts.

import type { MetricsLine } from '../../run/format.ts';
import { rewardRanges } from '../../spec/ranges.ts';
import type { Rule, Specification } from '../../spec/specification.ts';
import { weightAt } from '../../spec/weight.ts';
import { type Alarm, type Level, levelsOf, percent, type Values } from './alarm.ts';
import { BEFORE, GENERAL_ALARMS, metric } from './general_alarms.ts';

/** Steps that count as the run's start. */
const START = 5;

export interface Rung {
  alarm: Alarm;
  level: Level;
  value: number;
}

/**
 * The general ones, and for rules beside each other: that a lesser one is nearly all that is learnt, and that one is
 * hardly any of it. A rule whose score has a wider range than all others' is the task itself, and may be all of it.
 */
export function alarmsOf(spec: Pick<Specification, 'rules'>): Alarm[] {
  const scored = spec.rules.filter(({ isMetric }) => !isMetric);
  if (scored.length < 2) return [...GENERAL_ALARMS];
  const { rules } = rewardRanges(spec);
  const width = ({ name, weight }: Rule) =>
    Math.abs(weightAt(weight, null)) * ((rules[name]?.max ?? 0) - (rules[name]?.min ?? 0));
  const widest = Math.max(...scored.map(width));
  const main = scored.filter((rule) => width(rule) === widest);
  const lesser = scored.filter((rule) => main.length > 1 || !main.includes(rule));
  const dominating = lesser.map(
    ({ name: rule }): Alarm => ({
      ...{ name: 'share', rule },
      condition: (threshold) => `share(${rule}) > ${percent(threshold)} for 10 steps after 20 steps`,
      ...{ side: 'above', levels: { warn: 0.7, alarm: 0.9 }, forSteps: 10, afterStep: 20 },
      measure: metric(`share/${rule}`),
      shows: ({ rollout: { score } }) => Math.abs(score.rules[rule]?.score ?? 0),
    }),
  );
  const dead = scored.map(
    ({ name: rule }): Alarm => ({
      ...{ name: 'dead', rule },
      condition: (threshold) => `share(${rule}) < ${percent(threshold)} for 50 steps after 100 steps`,
      ...{ side: 'below', levels: { warn: 0.02 }, forSteps: 50, afterStep: 100 },
      measure: (values) => ((values.reward_std ?? 0) > 0 ? (values[`share/${rule}`] ?? null) : null),
      shows: ({ rollout: { score } }) => Math.abs(score.rules[rule]?.score ?? 0),
    }),
  );
  return [...GENERAL_ALARMS, ...dominating, ...dead];
}

export class AlarmBell {
  private readonly alarms: readonly Alarm[];
  private readonly start: Values[] = [];
  private readonly before: Values[] = [];
  /** For how many steps in a row each level of each alarm has been reached. */
  private readonly held: Record<Level, number>[];

  constructor(alarms: readonly Alarm[]) {
    this.alarms = alarms;
    this.held = alarms.map(() => ({ warn: 0, alarm: 0 }));
  }

  /** Takes the next step's metrics and returns the alarms that begin on it, each at its highest level that does. */
  step({ step, values }: MetricsLine): Rung[] {
    const rung = this.alarms.flatMap((alarm, i): Rung[] => {
      const held = this.held[i];
      if (held === undefined) return [];
      const value = step > alarm.afterStep ? alarm.measure(values, this.start, this.before) : null;
      const reached = levelsOf(alarm, value);
      for (const level of ['warn', 'alarm'] as const) held[level] = reached.includes(level) ? held[level] + 1 : 0;
      const level = reached.filter((one) => held[one] === alarm.forSteps).at(-1);
      return level === undefined || value === null ? [] : [{ alarm, level, value }];
    });
    if (this.start.length < START) this.start.push(values);
    this.before.push(values);
    if (this.before.length > BEFORE) this.before.shift();
    return rung;
  }
}
