// One item in the status bar while something trains: the experiment's progress; a click opens the curves.

import * as vscode from 'vscode';
import { isActive } from '../../run/format.ts';
import { numberText } from '../../run/number_text.ts';
import { armLabel } from '../../run/view.ts';
import { commands } from '../commands.ts';
import { stateWord } from './run_item.ts';
import { leftWords, silenceWords, workWords } from './run_progress.ts';
import type { KnownRun, RunStore } from './run_store.ts';

export function showProgress(store: RunStore): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('merf.progress', vscode.StatusBarAlignment.Left, 10);
  item.name = 'MeRF';
  const draw = () => {
    const busy = store.runs().filter(({ record }) => isActive(record.status));
    // one that waits for another comes after it
    const active = [...busy].sort((a, b) => Number(isQueued(a)) - Number(isQueued(b)));
    const [first] = active;
    if (!first) {
      item.hide();
      return;
    }
    const { record } = first;
    const silence = silenceWords(first);
    const more = active.length > 1 ? ` +${active.length - 1}` : '';
    const icon = silence !== null ? 'warning' : isQueued(first) ? 'watch' : 'sync~spin';
    item.text = `$(${icon}) ${armLabel(record)} ${record.step}/${record.steps}${more}`;
    item.tooltip = active
      .map((run) => {
        const reward = run.lines.at(-1)?.values.reward;
        const parts = [
          `${run.record.experiment} · ${armLabel(run.record)} · ${vscode.l10n.t('seed {0}', run.record.seed)}`,
        ];
        parts.push(`${stateWord(run)} ${run.record.step}/${run.record.steps}`);
        if (reward !== undefined) parts.push(vscode.l10n.t('reward {0}', numberText(reward)));
        parts.push(...[silenceWords(run) ?? workWords(run), leftWords(run)].filter((words) => words !== null));
        return parts.join(', ');
      })
      .join('\n');
    const label = `MeRF: ${armLabel(record)} ${record.step}/${record.steps}`;
    item.accessibilityInformation = { label: silence === null ? label : `${label}, ${silence}` };
    item.command = { command: commands.openCurves, title: '', arguments: [first.folder] };
    item.show();
  };
  const listening = store.onDidChange(draw);
  draw();
  return vscode.Disposable.from(item, listening);
}

function isQueued({ record }: KnownRun): boolean {
  return record.status === 'queued';
}
