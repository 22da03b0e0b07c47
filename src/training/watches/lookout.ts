// The watches of the file and the built-in ones over a run's steps: what fires is written down once, also when the
// run was broken off and goes on.

import { fullMarks } from '../../reward/accuracy.ts';
import { alertText } from '../../run/alarm_words.ts';
import type { EventLine, MetricsLine, RolloutLine } from '../../run/format.ts';
import { evaluationsOf } from '../../run/view.ts';
import type { Arm, Specification } from '../../spec/specification.ts';
import { evaluationPrompts } from '../evaluate.ts';
import type { Journal, NewEvent } from '../journal.ts';
import type { Rollout } from '../policy.ts';
import type { Progress } from '../train.ts';
import { alertOf } from './alarm.ts';
import { EVIDENCE, evidence } from './alarm_evidence.ts';
import { AlarmBell, alarmsOf } from './alarms.ts';
import { heldOutAlarmsAt } from './held_out_alarms.ts';
import { Watcher } from './watch.ts';

export class Lookout {
  private readonly journal: Journal;
  private readonly progress: (progress: Progress) => void;
  private readonly watcher: Watcher;
  private readonly bell: AlarmBell;
  private readonly arm: Arm;
  private readonly spec: Specification;

  /** Stands where the run's lines so far have brought it; these are not reported again. */
  constructor(spec: Specification, arm: Arm, journal: Journal, progress: (progress: Progress) => void) {
    this.journal = journal;
    this.progress = progress;
    this.arm = arm;
    this.spec = spec;
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
      const words = await this.report({ kind: 'alert', watch: watch.text, value, stops });
      if (stops) reason ??= `A watch stopped it: ${words}.`;
    }
    for (const { alarm, level, value } of this.bell.step(line)) {
      const shown = evidence(alarm, rollouts).map(({ prompt, sample }) => ({ prompt_index: prompt, sample }));
      await this.report({ ...alertOf(alarm, level, value), rollouts: shown });
    }
    return reason;
  }

  /** Reports what a step's held-out evaluation shows, under the prompt that is trained where that is asked; once. */
  async lookAtHeldOut(steps: number): Promise<void> {
    const { journal, arm } = this;
    const { step } = journal;
    const set = evaluationPrompts(arm).at(-1);
    if (arm.train.alarms === 'off' || set === undefined) return;
    const events = journal.events();
    const evaluations = evaluationsOf(events, set).filter((one) => one.step <= step);
    if (evaluations.at(-1)?.step !== step) return;
    for (const { alarm, level, value } of heldOutAlarmsAt(evaluations, journal.metrics(), steps)) {
      const alert = alertOf(alarm, level, value);
      const isThere = (event: EventLine) =>
        event.kind === 'alert' && event.step === step && event.set === set && event.watch === alert.watch;
      if (events.some(isThere)) continue;
      await this.report({ ...alert, rollouts: this.wrong(journal.rollouts({ kind: set, step })), set });
    }
  }

  /** Writes an alert down and says it; returns its words. */
  private async report(alert: Extract<NewEvent, { kind: 'alert' }>): Promise<string> {
    const words = alertText(await this.journal.event(alert), 'en');
    this.progress({ kind: 'alert', words, stops: alert.stops });
    return words;
  }

  /** The held-out responses that earn least, without those that earn all. */
  private wrong(lines: readonly RolloutLine[]): { prompt_index: number; sample: number }[] {
    const full = fullMarks(this.spec);
    const missed = lines.flatMap((line) =>
      line.reward !== null && line.reward < full ? [{ ...line, reward: line.reward }] : [],
    );
    missed.sort((a, b) => a.reward - b.reward);
    return missed.slice(0, EVIDENCE).map(({ prompt_index, sample }) => ({ prompt_index, sample }));
  }
}
