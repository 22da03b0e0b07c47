// A run as a line of the Runs view: its icon, its words, and what menus may do with it.

import * as vscode from 'vscode';
import { isActive } from '../../run/format.ts';
import { durationText, numberText } from '../../run/number_text.ts';
import { armLabel } from '../../run/view.ts';
import { commands, runContexts } from '../commands.ts';
import { leftWords, silenceWords, workWords } from './run_progress.ts';
import type { KnownRun } from './run_store.ts';

export function runItem(run: KnownRun): vscode.TreeItem {
  const { record, folder, lines } = run;
  const seed = vscode.l10n.t('seed {0}', record.seed);
  const item = new vscode.TreeItem(record.stage === undefined ? seed : `${seed} (${record.stage})`);
  item.id = folder;
  const reward = lines.at(-1)?.values.reward;
  item.description = [
    record.status === 'running' ? null : stateWord(run),
    `${record.step}/${record.steps}`,
    reward === undefined ? null : vscode.l10n.t('reward {0}', numberText(reward)),
    silenceWords(run) ?? leftWords(run),
  ]
    .filter((part) => part !== null)
    .join(' · ');
  item.iconPath = stateIcon(run);
  item.contextValue = contextOf(run);
  item.tooltip = tooltip(run);
  item.command = {
    command: commands.openCurves,
    title: vscode.l10n.t('Open Curves'),
    arguments: [folder, { preserveFocus: true }],
  };
  const state = stateWord(run);
  item.accessibilityInformation = {
    label: [
      record.experiment,
      armLabel(record),
      seed,
      ...(record.status === 'running' ? [state] : []),
      item.description,
    ].join(', '),
  };
  return item;
}

export function contextOf({ record }: KnownRun): string {
  if (record.status === 'paused') return runContexts.paused;
  if (isActive(record.status)) return runContexts.active;
  return record.step < record.steps ? runContexts.resumable : runContexts.ended;
}

function stateIcon(run: KnownRun): vscode.ThemeIcon {
  const { record } = run;
  if (silenceWords(run) !== null) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow'));
  switch (record.status) {
    case 'queued':
      return new vscode.ThemeIcon('watch', new vscode.ThemeColor('charts.blue'));
    case 'starting':
    case 'running':
      return new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue'));
    case 'paused':
      return new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.blue'));
    case 'stopping':
      return new vscode.ThemeIcon('loading~spin');
    case 'stopped':
      return new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow'));
    case 'finished':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  }
}

export function stateWord({ record }: KnownRun): string {
  const words = {
    queued: vscode.l10n.t('queued'),
    starting: vscode.l10n.t('starting'),
    running: vscode.l10n.t('running'),
    paused: vscode.l10n.t('paused'),
    stopping: vscode.l10n.t('stopping'),
    stopped: vscode.l10n.t('stopped'),
    finished: vscode.l10n.t('finished'),
    failed: vscode.l10n.t('failed'),
  };
  return words[record.status];
}

function tooltip(run: KnownRun): vscode.MarkdownString {
  const { record, folder } = run;
  const text = new vscode.MarkdownString();
  text.appendText(`${record.experiment} · ${armLabel(record)} · ${vscode.l10n.t('seed {0}', record.seed)}\n`);
  text.appendText(`${stateWord(run)}, ${record.step}/${record.steps}\n`);
  const work = [silenceWords(run), workWords(run), leftWords(run)].filter((words) => words !== null);
  if (work.length > 0) text.appendText(`${work.join(', ')}\n`);
  if (record.reason) text.appendText(`${record.reason}\n`);
  text.appendText(`${record.model.name}, ${record.engine.name}\n`);
  text.appendText(vscode.l10n.t('Trained for {0}', durationText(record.trainedSeconds)));
  text.appendText(`\n${new Date(record.created).toLocaleString(vscode.env.language)}\n${folder}`);
  return text;
}
