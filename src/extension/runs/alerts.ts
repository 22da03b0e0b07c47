// Alerts of running trainings: of each kind the first of a run is one quiet notification, with the way to what raised it,
// and a way not to hear of that kind again; one that comes back stands in the curves and the log. Of several windows on
// one run one speaks.

import * as vscode from 'vscode';
import { alertKind, alertText, evidenceFilter } from '../../run/alarm_words.ts';
import type { EventLine } from '../../run/format.ts';
import { armLabel } from '../../run/view.ts';
import { commands } from '../commands.ts';
import { notice } from '../notice.ts';
import type { Once } from '../once.ts';
import { uiLanguage } from '../words.ts';
import type { RunNews, RunStore } from './run_store.ts';

/** Kinds that the person does not want to hear of, in the extension's memory. */
const SILENCED = 'merf.silencedAlerts';
/** At most so many of one look: the others stand in the curves, and in the log. */
const AT_ONCE = 3;

type Alert = Extract<EventLine, { kind: 'alert' }>;

export class Alerts implements vscode.Disposable {
  private readonly memory: vscode.Memento;
  private readonly once: Once;
  private readonly log: vscode.LogOutputChannel;
  private readonly listening: vscode.Disposable;
  private readonly announced = new vscode.EventEmitter<string>();
  /** The words of each alert that this window has announced. */
  readonly onDidAnnounce = this.announced.event;

  constructor(store: RunStore, memory: vscode.Memento, once: Once, log: vscode.LogOutputChannel) {
    this.memory = memory;
    this.once = once;
    this.log = log;
    this.listening = store.onDidGrow((news) => this.hear(news));
  }

  silenced(): string[] {
    return this.memory.get<string[]>(SILENCED, []);
  }

  /** Hears of every kind again. */
  async forgetSilenced(): Promise<void> {
    await this.memory.update(SILENCED, undefined);
    vscode.window.setStatusBarMessage(vscode.l10n.t('MeRF: all alerts are shown again'), 5000);
  }

  private hear(news: RunNews): void {
    const silenced = this.silenced();
    const alerts = news.events
      .filter((event) => event.kind === 'alert')
      .filter((alert) => !silenced.includes(alertKind(alert)))
      .filter(({ watch, step }) => this.once.first(`alert ${news.folder} ${watch} ${step}`));
    for (const alert of alerts) this.log.info(`${news.record.id}: step ${alert.step}: ${alertText(alert, 'en')}`);
    // one that becomes serious is heard of again
    const first = alerts.filter((alert) =>
      this.once.first(`alert ${news.folder} ${alertKind(alert)} ${alert.level ?? ''}`),
    );
    for (const alert of first.slice(-AT_ONCE)) this.announce(news, alert);
  }

  private announce({ folder, record }: RunNews, alert: Alert): void {
    const { step, set = 'train', level, stops } = alert;
    const where = vscode.l10n.t('{0} · {1}, step {2}', record.experiment, armLabel(record), step);
    const words = `${where}: ${alertText(alert, uiLanguage())}`;
    const place = { folder, step, set, filter: evidenceFilter(alert) };
    const silenced = () => [...new Set([...this.silenced(), alertKind(alert)])];
    this.announced.fire(words);
    notice(
      stops || level === 'alarm' ? 'warning' : 'information',
      words,
      {
        title: vscode.l10n.t('Show'),
        act: () => vscode.commands.executeCommand(commands.openRollouts, place),
      },
      { title: vscode.l10n.t('Don’t show again'), act: () => this.memory.update(SILENCED, silenced()) },
    );
  }

  dispose(): void {
    this.listening.dispose();
    this.announced.dispose();
  }
}
