// “Open Run…”: a run from elsewhere in the panels. A TensorBoard folder, a TRL output folder or verl's rollouts are taken
// in as runs of this workspace (`merf runs import`); a run folder of ours is found where it lies. From the palette, the
// explorer's menu, or dropped on the Runs view.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { rootOfRun } from '../../run/location.ts';
import { run } from '../merf_command.ts';
import { merfCommand, rootOf, roots, type Studio } from '../studio.ts';
import { trusted } from '../trust.ts';
import { showFailure } from '../words.ts';

/** The folders of the opened runs. */
export async function openRun(studio: Studio, given?: unknown): Promise<string[]> {
  if (!trusted(vscode.l10n.t('Opening a run starts a process that reads it. Trust the workspace first.'))) return [];
  const uri = given instanceof vscode.Uri ? given : await chosenFolder();
  if (!uri) return [];
  try {
    const folders = existsSync(join(uri.fsPath, 'run.json')) ? [uri.fsPath] : await imported(studio, uri.fsPath);
    const [first] = folders;
    if (first === undefined) return [];
    await studio.store.include(rootOfRun(first));
    await studio.curves.show(first);
    return folders;
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The run was not opened'), error);
    return [];
  }
}

async function chosenFolder(): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Folder of a run: TensorBoard, TRL’s output, verl’s rollouts, or one of MeRF');
  const openLabel = vscode.l10n.t('Open Run');
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    title,
    openLabel,
  });
  return chosen?.[0];
}

async function imported(studio: Studio, path: string): Promise<string[]> {
  const inside = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
  const root = inside ? rootOf(path) : (roots()[0] ?? dirname(path));
  const title = vscode.l10n.t('MeRF: reading {0}', path);
  const location = vscode.ProgressLocation.Window;
  const said = await vscode.window.withProgress({ location, title }, () =>
    run(merfCommand(studio), ['runs', 'import', path, '--json'], root),
  );
  return z.array(z.string()).parse(JSON.parse(said));
}

/** Folders and files dropped on the Runs view are opened. */
export class DroppedRuns implements vscode.TreeDragAndDropController<unknown> {
  readonly dropMimeTypes = ['text/uri-list'];
  readonly dragMimeTypes: string[] = [];
  private readonly open: (uri: vscode.Uri) => Promise<unknown>;

  constructor(open: (uri: vscode.Uri) => Promise<unknown>) {
    this.open = open;
  }

  async handleDrop(_target: unknown, data: vscode.DataTransfer): Promise<void> {
    const list = await data.get('text/uri-list')?.asString();
    for (const line of (list ?? '').split(/\r?\n/)) {
      if (line.startsWith('file:')) await this.open(vscode.Uri.parse(line, true));
    }
  }
}
