// What every command needs, in one object: the runs, the panels, the log, and where things are.

import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { settings } from './commands.ts';
import type { MerfCommand } from './merf_command.ts';
import type { JudgeKeys } from './models/judge_keys.ts';
import { HUB_TOKEN } from './models/key_names.ts';
import type { CurrentStep } from './panels/current_step.ts';
import type { CurvesPanels } from './panels/curves_panel.ts';
import type { RolloutsPanels } from './panels/rollouts_panel.ts';
import type { RunStore } from './runs/run_store.ts';
import type { RunsView } from './runs/runs_tree.ts';

export interface Studio {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  store: RunStore;
  curves: CurvesPanels;
  rollouts: RolloutsPanels;
  keys: JudgeKeys;
  step: CurrentStep;
  runs: RunsView;
}

function setting<T>(name: string, standard: T): T {
  return vscode.workspace.getConfiguration().get<T>(name, standard);
}

/** The `merf` command of this extension, run by VS Code's own program or the one that the settings name. */
export function merfCommand({ context }: Pick<Studio, 'context'>): MerfCommand {
  const node = setting(settings.nodePath, '').trim();
  return { node: node === '' ? process.execPath : node, script: join(context.extensionPath, 'dist', 'merf.mjs') };
}

/** The same for what may ask judges: with their keys, where the workspace is trusted. */
export function judgingCommand(studio: Pick<Studio, 'context' | 'keys'>): MerfCommand {
  return { ...merfCommand(studio), variables: studio.keys.environment() };
}

/** The same for what only asks the hub: with its token alone. */
export function hubCommand(studio: Pick<Studio, 'context' | 'keys'>): MerfCommand {
  const { [HUB_TOKEN]: token } = studio.keys.environment();
  return { ...merfCommand(studio), ...(token !== undefined && { variables: { [HUB_TOKEN]: token } }) };
}

/** The folder under which a file's runs are kept: its workspace folder, or the file's own; or as the settings say. */
export function rootOf(file: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath ?? dirname(file);
  return configuredRoot(folder);
}

/** Every folder in which this window looks for runs. */
export function roots(): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return folders.map(({ uri }) => configuredRoot(uri.fsPath));
}

function configuredRoot(folder: string): string {
  const configured = setting(settings.runsFolder, '').trim();
  if (configured === '') return folder;
  return isAbsolute(configured) ? configured : join(folder, configured);
}

/** Threads for training; 0: as many as the machine has. */
export function threads(): number {
  return setting(settings.threads, 0);
}

/** Whether the editor shows what rules and cases did in the latest run. */
export function caseNumbersShown(): boolean {
  return setting(settings.showNumbers, true);
}
