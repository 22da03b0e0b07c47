// The watches of the file and the built-in ones over a run's steps: what fires is written down once, also when the
// run was broken off and goes on.

import type { MetricsLine } from '../run/format.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import { AlarmBell, alarmsOf, evidence } from './alarms.ts';
import type { Journal } from './journal.ts';
import type { Rollout } from './policy.ts';
import type { Progress } from './train.ts';
import { condition, Watcher } from './watch.ts';

export class Lookout {
  private readonly journal: Journal;
  private readonly progress: (progress: Progress) => void;
  private readonly watcher: Watcher;
  private readonly bell: AlarmBell;

  /** Stands where the run's lines so far have brought it; these are not reported again. */
  constructor(spec: Specification, arm: Arm, journal: Journal, progress: (progress: Progress) => void) {
    this.journal = journal;
    this.progress = progress;
    this.watcher = new Watcher(spec.watches);
    this.bell = new AlarmBell(arm.train.alarms === 'off' ? [] : alarmsOf(spec));
    for (const line of journal.metrics()) {
      this.watcher.step(line);
      this.bell.step(line);
    }
  }

  /** Reports what fires on a step's line; returns the reason when a watch stops the run. */
  async look(line: MetricsLine, rollouts: readonly Rollout[]): Promise<string | null> {
    let reason: string | null = null;
    for (const { watch, value } of this.watcher.step(line)) {
      const stops = watch.action === 'stop';
      await this.journal.event({ kind: 'alert', watch: watch.text, value, stops });
      this.progress({ kind: 'alert', condition: condition(watch), stops });
      if (stops) reason ??= `A watch stopped it: ${condition(watch)}.`;
    }
    for (const { alarm, value } of this.bell.step(line)) {
      const look = alarm.says(value);
      const shown = evidence(alarm, rollouts).map(({ prompt, sample }) => ({ prompt_index: prompt, sample }));
      await this.journal.event({ kind: 'alert', watch: alarm.condition, value, stops: false, look, rollouts: shown });
      this.progress({ kind: 'alert', condition: look, stops: false });
    }
    return reason;
  }
}
