// Asking the person: which file, which arm, which model, which run. Asked only where there is a choice.

import { basename } from 'node:path';
import * as vscode from 'vscode';
import { armLabel } from '../../run/view.ts';
import { commands, languageId } from '../commands.ts';
import { armNames, run } from '../merf_command.ts';
import { notice } from '../notice.ts';
import { merfCommand, rootOf, type Studio } from '../studio.ts';
import { type Estimates, pick } from './estimate.ts';
import type { RunNode } from './run_groups.ts';
import { stateWord } from './run_item.ts';
import type { KnownRun } from './run_store.ts';

/** A saved .merf file: the one in the editor, or one of the workspace. Undefined: the person gave up, or was told why. */
export async function chooseFile(): Promise<string | undefined> {
  const document = await chooseDocument();
  return document && savedPath(document);
}

/** The path of a text by its URI, saved. Undefined: it could not be, and the person was told. */
export async function savedFile(uri: string): Promise<string | undefined> {
  return savedPath(await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true)));
}

/** A .merf file, saved or not. Undefined: the person gave up, or was told why. */
export async function chooseDocument(): Promise<vscode.TextDocument | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === languageId) return document;
  const found = await vscode.workspace.findFiles('**/*.merf', '**/node_modules/**', 200);
  if (found.length === 0) {
    const words = vscode.l10n.t('There is no .merf file here. Open one, or a folder that has one.');
    const choice = (title: string, command: string) => ({ title, act: () => vscode.commands.executeCommand(command) });
    notice(
      'error',
      words,
      choice(vscode.l10n.t('New Specification'), commands.newFile),
      choice(vscode.l10n.t('Open File…'), 'workbench.action.files.openFile'),
    );
    return undefined;
  }
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const picked =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which experiment?') });
  return picked && vscode.workspace.openTextDocument(picked.uri);
}

/** Training reads the file from disk, so it must be there and current. Undefined: it is not, and the person was told. */
async function savedPath(document: vscode.TextDocument): Promise<string | undefined> {
  if (document.uri.scheme !== 'file' && !document.isUntitled) {
    const words = vscode.l10n.t('{0} is not on this machine. Save a copy in a folder here.', document.uri.toString());
    void vscode.window.showErrorMessage(words);
    return undefined;
  }
  if (document.isUntitled) {
    const title = vscode.l10n.t('Save…');
    const words = vscode.l10n.t('The file has no name yet. Save it first: a run keeps its place beside it.');
    notice('warning', words, { title, act: () => vscode.commands.executeCommand('workbench.action.files.save') });
    return undefined;
  }
  if (document.isDirty && !(await document.save())) {
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} could not be saved.', basename(document.fileName)));
    return undefined;
  }
  return document.uri.fsPath;
}

/** The arms of a file, as the command names them. A file with errors fails with the first of them. */
export async function armsOf(studio: Studio, file: string): Promise<string[]> {
  return armNames(await run(merfCommand(studio), ['motivation', file], rootOf(file)));
}

export async function chooseArm(studio: Studio, file: string, estimates: Estimates): Promise<string | undefined> {
  const arms = await armsOf(studio, file);
  if (arms.length <= 1) return arms[0];
  const options = arms.map((arm) => ({ id: arm, label: arm }));
  const later = estimates.then(
    (known) =>
      ({ id }: { id: string }) =>
        known.get(id),
  );
  return pick(options, vscode.l10n.t('Which arm?'), later);
}

/** null: as the file says. */
export async function chooseModel(arm: string, estimates: Estimates): Promise<string | null | undefined> {
  const fromFile = { label: vscode.l10n.t('The model that the file names'), id: 'file' };
  const bundled = { label: vscode.l10n.t('The bundled small model'), description: 'bundled:tiny', id: 'bundled' };
  const folder = { label: vscode.l10n.t('A model folder…'), id: 'folder' };
  const placeHolder = vscode.l10n.t('Which model?');
  const ofFile = (known: ReadonlyMap<string, string>) => (option: { id: string }) =>
    option.id === 'file' ? known.get(arm) : undefined;
  const picked = await pick([fromFile, bundled, folder], placeHolder, estimates.then(ofFile));
  if (picked === undefined) return undefined;
  if (picked === 'file') return null;
  if (picked === 'bundled') return 'bundled:tiny';
  const title = vscode.l10n.t('Folder of a model (config.json, *.safetensors, tokenizer.json)');
  const chosen = await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title });
  return chosen?.[0]?.fsPath;
}

/** The run that a menu, a panel or a key in the Runs view means; else the only one, or the one that is picked. */
export async function chooseRun(
  { store, runs: view }: Pick<Studio, 'store' | 'runs'>,
  given: unknown,
  fits: (run: KnownRun) => boolean,
  none: string,
): Promise<KnownRun | undefined> {
  const selected = given === 'selected' ? view.selected()?.folder : undefined;
  const named = typeof given === 'string' && given !== 'selected' ? given : folderIn(given);
  const folder = selected ?? named;
  if (folder !== undefined) {
    if (!store.find(folder)) await store.refresh();
    const found = store.find(folder);
    if (!found) void vscode.window.showErrorMessage(vscode.l10n.t('The run {0} is not there any more.', folder));
    return found;
  }
  const runs = store.runs().filter(fits);
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  if (runs.length === 1) return runs[0];
  const items = runs.map((one) => ({
    label: `${one.record.experiment} · ${armLabel(one.record)} · ${vscode.l10n.t('seed {0}', one.record.seed)}`,
    description: `${stateWord(one)} ${one.record.step}/${one.record.steps}`,
    detail: new Date(one.record.created).toLocaleString(vscode.env.language),
    one,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') }))?.one;
}

/** The runs that a menu (one or several items of a view) or a keybinding (folders) means. */
export function runFolders(given: unknown): string[] {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.flatMap((one) => (typeof one === 'string' ? one : isRunNode(one) ? one.run.folder : []));
}

/** Of an item of the Runs view, or of a run's folder in the Explorer. */
function folderIn(given: unknown): string | undefined {
  if (isRunNode(given)) return given.run.folder;
  return given instanceof vscode.Uri ? given.fsPath : undefined;
}

function isRunNode(value: unknown): value is RunNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'run' && 'run' in value;
}
