// Commands on one run: its log, its folder, deleting it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { requestPause } from '../../run/control.ts';
import { isActive } from '../../run/format.ts';
import { reveal } from '../reveal.ts';
import type { Studio } from '../studio.ts';
import { showFailure } from '../words.ts';
import { chooseRun } from './choose.ts';
import type { KnownRun } from './run_store.ts';

const noRun = () => vscode.l10n.t('There is no run yet. Open a .merf file and choose “MeRF: Train”.');

/** The log of a run; without any run, the extension's own. */
export async function showLog(studio: Studio, given?: unknown): Promise<void> {
  const { store, log } = studio;
  if (given === undefined && store.runs().length === 0) return log.show();
  const run = await chooseRun(studio, given, () => true, noRun());
  if (!run) return;
  const file = join(run.folder, 'log.txt');
  if (!existsSync(file)) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The run has written no log yet.'));
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
}

export async function revealRun(studio: Studio, given?: unknown): Promise<void> {
  const run = await chooseRun(studio, given, () => true, noRun());
  if (run) await reveal(vscode.Uri.file(run.folder));
}

export async function deleteRun(studio: Studio, given?: unknown): Promise<void> {
  const run = await chooseRun(studio, given, ({ record }) => !isActive(record.status), noRun());
  if (!run) return;
  if (isActive(run.record.status)) {
    void vscode.window.showErrorMessage(vscode.l10n.t('The run is still training. Stop it first.'));
    return;
  }
  const remove = vscode.l10n.t('Move to Trash');
  const words = vscode.l10n.t('Delete the run {0} with its rollouts and checkpoints?', run.record.id);
  const detail = run.folder;
  if ((await vscode.window.showWarningMessage(words, { modal: true, detail }, remove)) !== remove) return;
  const uri = vscode.Uri.file(run.folder);
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch {
    // No trash here (a remote machine): ask again before it is gone for good.
    const forever = vscode.l10n.t('Delete Permanently');
    const again = vscode.l10n.t('There is no trash on this machine. Delete the run for good?');
    if ((await vscode.window.showWarningMessage(again, { modal: true, detail }, forever)) !== forever) return;
    try {
      await vscode.workspace.fs.delete(uri, { recursive: true });
    } catch (error) {
      showFailure(studio.log, vscode.l10n.t('The run was not deleted'), error);
    }
  }
  await studio.store.refresh();
}

/** Lets a run wait after its step, or go on; what it has done is kept either way. */
export async function pauseRun(studio: Studio, wanted: 'pause' | 'continue', given?: unknown): Promise<void> {
  const isWaiting = ({ record }: KnownRun) => record.status === 'paused';
  const fits = (run: KnownRun) => isActive(run.record.status) && isWaiting(run) === (wanted === 'continue');
  const none = wanted === 'pause' ? vscode.l10n.t('Nothing is training.') : vscode.l10n.t('No run is paused.');
  const run = await chooseRun(studio, given, fits, none);
  if (!run) return;
  if (!fits(run)) {
    void vscode.window.showInformationMessage(none);
    return;
  }
  try {
    requestPause(run.folder, wanted);
    const words =
      wanted === 'pause' ? vscode.l10n.t('MeRF: pausing after this step') : vscode.l10n.t('MeRF: the run goes on');
    vscode.window.setStatusBarMessage(words, 5000);
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The run was not told'), error);
  }
}

/** The name that commands take: `merf runs stop ID`. */
export async function copyRunId(studio: Studio, given?: unknown): Promise<void> {
  const run = await chooseRun(studio, given, () => true, noRun());
  if (!run) return;
  await vscode.env.clipboard.writeText(run.record.id);
  vscode.window.setStatusBarMessage(vscode.l10n.t('MeRF: {0} copied', run.record.id), 3000);
}
