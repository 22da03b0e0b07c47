// Train, stop, resume. Training is a detached `merf train`; the only ties to it are its run folder and the control
// file in it, so it goes on whatever happens to the window.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { requestStop } from '../../run/control.ts';
import { isActive } from '../../run/format.ts';
import { rootOfRun } from '../../run/location.ts';
import { armLabel } from '../../run/view.ts';
import type { TrainArguments } from '../commands.ts';
import { type Launch, launch, runFolderOf } from '../merf_command.ts';
import { DownloadNotice } from '../models/download_notice.ts';
import { judgingCommand, rootOf, type Studio, threads } from '../studio.ts';
import { trusted } from '../trust.ts';
import { showFailure } from '../words.ts';
import { chooseArm, chooseFile, chooseModel, chooseRun, savedFile } from './choose.ts';
import { type Estimates, estimatesOf, tellEstimate } from './estimate.ts';

const Arguments: z.ZodType<TrainArguments> = z.object({
  file: z.string().optional(),
  uri: z.string().optional(),
  arm: z.string().optional(),
  seed: z.number().int().optional(),
  steps: z.number().int().positive().optional(),
  model: z.string().optional(),
});

/** Starts a run and shows its curves. Resolves with the run's folder; undefined when the person gave up. */
export async function train(studio: Studio, given?: unknown): Promise<string | undefined> {
  if (!trusted(vscode.l10n.t('Training starts a process and writes files. Trust this workspace first.')))
    return undefined;
  const parsed = Arguments.safeParse(given);
  const asked: TrainArguments = parsed.success ? parsed.data : {};
  try {
    const file = asked.file ?? (asked.uri === undefined ? await chooseFile() : await savedFile(asked.uri));
    if (file === undefined) return undefined;
    const estimates: Estimates = asked.arm === undefined ? estimatesOf(studio, file) : Promise.resolve(new Map());
    const arm = asked.arm ?? (await chooseArm(studio, file, estimates));
    if (arm === undefined) return undefined;
    const model = asked.model ?? (asked.arm === undefined ? await chooseModel(arm, estimates) : null);
    if (model === undefined) return undefined;
    if (asked.arm !== undefined) void tellEstimate(studio, file, arm, model);
    const root = rootOf(file);
    const args = ['train', file, '--arm', arm]; // in .merf/runs of the root, where it is started
    if (asked.seed !== undefined) args.push('--seed', String(asked.seed));
    if (asked.steps !== undefined) args.push('--steps', String(asked.steps));
    if (model !== null) args.push('--model', model);
    return await start(studio, args, root, vscode.l10n.t('Starting to train {0}', arm));
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('Training did not start'), error);
    return undefined;
  }
}

/** Goes on with a run from its last checkpoint. */
export async function resume(studio: Studio, given?: unknown): Promise<string | undefined> {
  if (!trusted(vscode.l10n.t('Training starts a process and writes files. Trust this workspace first.')))
    return undefined;
  const none = vscode.l10n.t('There is no stopped run to resume.');
  const fits = ({ record }: { record: { status: Parameters<typeof isActive>[0] } }) =>
    !isActive(record.status) && record.status !== 'finished';
  const run = await chooseRun(studio, given, fits, none);
  if (!run) return undefined;
  try {
    const root = rootOfRun(run.folder);
    const args = ['train', '--resume', run.folder];
    return await start(studio, args, root, vscode.l10n.t('Resuming {0}', armLabel(run.record)));
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The run was not resumed'), error);
    return undefined;
  }
}

/** Asks a run to stop after its step; what it has done is kept. */
export async function stop(studio: Studio, given?: unknown): Promise<void> {
  const none = vscode.l10n.t('Nothing is training.');
  const run = await chooseRun(studio, given, ({ record }) => isActive(record.status), none);
  if (!run) return;
  if (!isActive(run.record.status)) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This run has already ended.'));
    return;
  }
  try {
    requestStop(run.folder);
    vscode.window.setStatusBarMessage(vscode.l10n.t('MeRF: stopping after this step'), 5000);
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The run was not stopped'), error);
  }
}

async function start(studio: Studio, args: string[], root: string, title: string): Promise<string | undefined> {
  const { context, log, store, curves } = studio;
  mkdirSync(root, { recursive: true });
  const all = [...args, '--json-progress'];
  if (threads() > 0) all.push('--threads', String(threads()));
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const output = join(storage, `train-${new Date().toISOString().replace(/[:.]/g, '-')}.log`);
  log.info(`merf ${all.join(' ')}`, output);
  const started = launch(judgingCommand(studio), all, root, output);
  const location = vscode.ProgressLocation.Window;
  const folder = await vscode.window.withProgress({ location, title: `MeRF: ${title}` }, () => begun(started));
  if (folder === undefined) return undefined;
  log.info(`${folder} (process ${started.pid})`);
  await store.include(rootOfRun(folder));
  await curves.show(folder, null, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  return folder;
}

/** The folder of a run that was launched; undefined: the person cancelled the download of its model. */
async function begun(started: Launch): Promise<string | undefined> {
  const cancelled = new AbortController();
  const download = new DownloadNotice(() => cancelled.abort());
  try {
    return await runFolderOf(started, { signal: cancelled.signal, onOutput: (text) => download.show(text) });
  } catch (error) {
    if (cancelled.signal.aborted) return undefined; // asked again it goes on where it was
    throw error;
  } finally {
    download.close();
  }
}
