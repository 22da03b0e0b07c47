// One notification when a run ends, of all windows that follow it.

import * as vscode from 'vscode';
import { intervalText } from '../../run/number_text.ts';
import { readEvents } from '../../run/read.ts';
import { armLabel, evaluationsOf } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';
import { commands } from '../commands.ts';
import type { Once } from '../once.ts';
import type { KnownRun, RunStore } from './run_store.ts';

export function announceEnds(store: RunStore, once: Once, log: vscode.LogOutputChannel): vscode.Disposable {
  return store.onDidEnd((run) => {
    if (!once.first(`end ${run.folder} ${run.record.status} ${run.record.updated}`)) return;
    announce(run).catch((error: unknown) => log.warn(explain(error)));
  });
}

async function announce(run: KnownRun): Promise<void> {
  const { record, folder } = run;
  const name = `${record.experiment} · ${armLabel(record)} · ${vscode.l10n.t('seed {0}', record.seed)}`;
  const curves = vscode.l10n.t('Open Curves');
  const resume = vscode.l10n.t('Resume');
  const showLog = vscode.l10n.t('Show Log');
  let answer: string | undefined;
  if (record.status === 'finished') {
    const words = [vscode.l10n.t('{0} has finished.', name), heldOut(folder)].filter(Boolean).join(' ');
    answer = await vscode.window.showInformationMessage(words, curves);
  } else if (record.status === 'stopped') {
    const words = vscode.l10n.t(
      '{0} stopped at step {1} of {2}. {3}',
      name,
      record.step,
      record.steps,
      record.reason ?? '',
    );
    answer = await vscode.window.showInformationMessage(words.trim(), curves, resume);
  } else {
    const words = vscode.l10n.t('{0} failed: {1}', name, record.reason ?? vscode.l10n.t('see its log'));
    answer = await vscode.window.showErrorMessage(words, curves, showLog);
  }
  if (answer === curves) await vscode.commands.executeCommand(commands.openCurves, folder);
  if (answer === resume) await vscode.commands.executeCommand(commands.resume, folder);
  if (answer === showLog) await vscode.commands.executeCommand(commands.showLog, folder);
}

function heldOut(folder: string): string {
  const events = readEvents(folder);
  const own = evaluationsOf(events, 'motivation');
  const last = (own.length > 0 ? own : evaluationsOf(events, 'none')).at(-1);
  return last ? vscode.l10n.t('Held-out accuracy {0}.', intervalText(last.accuracy, last.interval)) : '';
}
