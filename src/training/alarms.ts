// Built-in watches: signs of trouble that people look for in any run of this kind, with the thresholds they use
// (microsoft/post-training-toolkit, rldoctor's detectors, prime-rl's notes). An alarm says where to look and shows the
// responses it is about; it never stops a run. Once per onset: again only after its condition has failed since.
// `alarms off` in `train` turns them off. Those over held-out evaluations are in held_out_alarms.ts.

import type { MetricsLine } from '../run/format.ts';
import { shareText } from '../run/number_text.ts';
import type { Specification } from '../spec/specification.ts';
import type { Alarm, Values } from './alarm.ts';
import { above, BEFORE, GENERAL_ALARMS } from './general_alarms.ts';

/** Steps that count as the run's start. */
const START = 5;

/** The general ones, and for each of several rules that it is nearly all that is learnt, or hardly any of it. */
export function alarmsOf({ rules }: Pick<Specification, 'rules'>): Alarm[] {
  const scored = rules.filter(({ isMetric }) => !isMetric);
  const dominating = scored.map(
    ({ name }): Alarm => ({
      name: `share_${name}`,
      condition: `share(${name}) > 90% for 10 steps`,
      ...{ forSteps: 10, afterStep: 20 },
      look: above(`share/${name}`, 0.9),
      says: (value) =>
        `${shareText(value)} of the rewards' differences come from ${name}: look whether the other rules still count.`,
      shows: ({ rollout: { score } }) => Math.abs(score.rules[name]?.score ?? 0),
    }),
  );
  const dead = scored.map(
    ({ name }): Alarm => ({
      name: `dead_${name}`,
      condition: `share(${name}) < 2% for 50 steps after 100 steps`,
      ...{ forSteps: 50, afterStep: 100 },
      look: (values) => {
        const value = values[`share/${name}`];
        const varies = (values.reward_std ?? 0) > 0;
        return value === undefined || !varies ? null : { value, isSign: value < 0.02 };
      },
      says: (value) =>
        `${name} makes ${shareText(value)} of the rewards' differences: look whether every response scores the same there.`,
      shows: ({ rollout: { score } }) => Math.abs(score.rules[name]?.score ?? 0),
    }),
  );
  return [...GENERAL_ALARMS, ...(scored.length > 1 ? [...dominating, ...dead] : [])];
}

export class AlarmBell {
  private readonly alarms: readonly Alarm[];
  private readonly start: Values[] = [];
  private readonly before: Values[] = [];
  private readonly held: number[];

  constructor(alarms: readonly Alarm[]) {
    this.alarms = alarms;
    this.held = alarms.map(() => 0);
  }

  /** Takes the next step's metrics and returns the alarms that begin on it. */
  step({ step, values }: MetricsLine): { alarm: Alarm; value: number }[] {
    const rung = this.alarms.flatMap((alarm, i) => {
      const found = step > alarm.afterStep ? alarm.look(values, this.start, this.before) : null;
      this.held[i] = found?.isSign ? (this.held[i] ?? 0) + 1 : 0;
      return found !== null && this.held[i] === alarm.forSteps ? [{ alarm, value: found.value }] : [];
    });
    if (this.start.length < START) this.start.push(values);
    this.before.push(values);
    if (this.before.length > BEFORE) this.before.shift();
    return rung;
  }
}
