// A run as a file for other programs: its metrics as a table, or its training rollouts as JSON lines or as Parquet with
// TRL's columns.

import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { rootOfRun } from '../../run/location.ts';
import { csvRows } from '../../run/metrics_table.ts';
import { readRollouts, rolloutSets } from '../../run/read.ts';
import { exportRollouts } from '../../run/rollouts/export.ts';
import { withColumns } from '../../run/run_columns.ts';
import { writing } from '../../run/write.ts';
import { notice } from '../notice.ts';
import type { Studio } from '../studio.ts';
import { showFailure } from '../words.ts';
import { chooseRun } from './choose.ts';
import type { KnownRun } from './run_store.ts';

type Kind = 'metrics' | 'jsonl' | 'parquet';

/** Asks what and where. Resolves with the file; undefined: the person gave up, or was told why not. */
export async function exportRun(studio: Studio, given?: unknown): Promise<string | undefined> {
  const none = vscode.l10n.t('There is no run yet. Open a .merf file and choose “MeRF: Train”.');
  const run = await chooseRun(studio, given, () => true, none);
  if (!run) return undefined;
  const items: (vscode.QuickPickItem & { kindOf: Kind; ending: string })[] = [
    { label: vscode.l10n.t('Metrics as CSV'), kindOf: 'metrics', ending: 'csv' },
    { label: vscode.l10n.t('Rollouts as JSON lines'), kindOf: 'jsonl', ending: 'jsonl' },
    { label: vscode.l10n.t('Rollouts as Parquet, with TRL’s columns'), kindOf: 'parquet', ending: 'parquet' },
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What shall be exported?') });
  if (!picked) return undefined;
  const name = `${basename(run.folder)}.${picked.ending}`;
  const defaultUri = vscode.Uri.file(join(rootOfRun(run.folder), name));
  const target = await vscode.window.showSaveDialog({ defaultUri });
  if (!target) return undefined;
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `MeRF: ${name}` }, async () =>
      writeExport(run, picked.kindOf, target.fsPath),
    );
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('Saving {0}', name), error);
    return undefined;
  }
  offer(target);
  return target.fsPath;
}

export function writeExport({ folder }: Pick<KnownRun, 'folder'>, kind: Kind, file: string): void {
  if (kind === 'metrics') {
    writing(dirname(file), () => withColumns([folder], (runs) => writeRows(file, csvRows(runs))));
    return;
  }
  exportRollouts(file, kind, trainingRollouts(folder));
}

function writeRows(path: string, rows: Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    for (const row of rows) writeSync(file, row);
  } finally {
    closeSync(file);
  }
}

function* trainingRollouts(folder: string) {
  for (const set of rolloutSets(folder)) if (set.kind === 'train') yield* readRollouts(folder, set);
}

function offer(file: vscode.Uri): void {
  const words = vscode.l10n.t('Exported to {0}.', basename(file.fsPath));
  const title = vscode.l10n.t('Open');
  notice('information', words, { title, act: () => vscode.commands.executeCommand('vscode.open', file) });
}
