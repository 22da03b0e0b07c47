// One item in the status bar while something trains: the experiment's progress; a click opens the curves.

import * as vscode from 'vscode';
import { isActive } from '../run/format.ts';
import { durationText, numberText } from '../run/number_text.ts';
import { armLabel, secondsLeft } from '../run/view.ts';
import { commands } from './commands.ts';
import { stateWord } from './run_item.ts';
import type { RunStore } from './run_store.ts';

export function showProgress(store: RunStore): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('merf.progress', vscode.StatusBarAlignment.Left, 10);
  item.name = 'MeRF';
  const draw = () => {
    const active = store.runs().filter(({ record }) => isActive(record.status));
    const [first] = active;
    if (!first) {
      item.hide();
      return;
    }
    const { record, lines } = first;
    const left = secondsLeft(record, lines);
    const more = active.length > 1 ? ` +${active.length - 1}` : '';
    item.text = `$(sync~spin) ${armLabel(record)} ${record.step}/${record.steps}${more}`;
    item.tooltip = active
      .map((run) => {
        const reward = run.lines.at(-1)?.values.reward;
        const parts = [
          `${run.record.experiment} · ${armLabel(run.record)} · ${vscode.l10n.t('seed {0}', run.record.seed)}`,
        ];
        parts.push(`${stateWord(run)} ${run.record.step}/${run.record.steps}`);
        if (reward !== undefined) parts.push(vscode.l10n.t('reward {0}', numberText(reward)));
        if (run === first && left !== null) parts.push(vscode.l10n.t('{0} left', durationText(left)));
        return parts.join(', ');
      })
      .join('\n');
    item.accessibilityInformation = { label: `MeRF: ${armLabel(record)} ${record.step}/${record.steps}` };
    item.command = { command: commands.openCurves, title: '', arguments: [first.folder] };
    item.show();
  };
  const listening = store.onDidChange(draw);
  draw();
  return vscode.Disposable.from(item, listening);
}
