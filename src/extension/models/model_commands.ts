// Commands on models: used in the file that is edited, shown in the file manager, deleted, downloaded.

import * as vscode from 'vscode';
import { z } from 'zod';
import { CommandFailure, run } from '../merf_command.ts';
import { reveal } from '../reveal.ts';
import { chooseDocument } from '../runs/choose.ts';
import { hubCommand, merfCommand, roots, type Studio } from '../studio.ts';
import { trusted } from '../trust.ts';
import { showFailure } from '../words.ts';
import { downloadState } from './download_progress.ts';
import { type ListedModel, ListedModels, type ModelsTree, placeOf, sizeText } from './models_tree.ts';
import { nameFrom, useModel } from './use_model.ts';

const OfModel = z.object({ kind: z.literal('model'), model: ListedModels.element });

/** What `merf models` lists in the folders of this window. */
export async function modelsHere(studio: Pick<Studio, 'context'>): Promise<ListedModel[]> {
  const lists = await Promise.all(
    (roots().length > 0 ? roots() : [process.cwd()]).map(async (root) => {
      const output = await run(merfCommand(studio), ['models', '--format', 'json'], root);
      return ListedModels.parse(JSON.parse(output));
    }),
  );
  return [...new Map(lists.flat().map((model) => [model.folder, model])).values()];
}

export async function useModelInFile(tree: ModelsTree, given?: unknown): Promise<void> {
  const model = await chosen(tree, given);
  const document = model && (await chooseDocument());
  if (!model || !document) return;
  const name = model.kind === 'trained' ? nameFrom(document.uri.fsPath, model.folder) : model.name;
  const { from, to, by } = useModel(document.getText(), name);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(from), document.positionAt(to)), by);
  await vscode.workspace.applyEdit(edit);
  const at = document.positionAt(from);
  const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

export async function revealModel(tree: ModelsTree, given?: unknown): Promise<void> {
  const model = await chosen(tree, given);
  if (model) await reveal(vscode.Uri.file(model.folder));
}

export async function deleteModel(studio: Studio, tree: ModelsTree, given?: unknown): Promise<void> {
  const model = await chosen(tree, given, ({ kind }) => kind !== 'bundled');
  const place = model && placeOf(model);
  if (!model || !place) return;
  const remove = vscode.l10n.t('Delete');
  const words = vscode.l10n.t('Delete the model {0} ({1})?', model.name, sizeText(model.bytes));
  const consequence =
    model.kind === 'trained'
      ? vscode.l10n.t('It is the last checkpoint of its run, which cannot be resumed from it afterwards.')
      : vscode.l10n.t('Other programs that use Hugging Face’s cache would have to download it again.');
  const detail = `${place}\n\n${consequence}`;
  if ((await vscode.window.showWarningMessage(words, { modal: true, detail }, remove)) !== remove) return;
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(place), { recursive: true });
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The model was not deleted'), error);
  }
  tree.refresh();
}

export async function downloadModel(studio: Studio, tree: ModelsTree): Promise<void> {
  if (!trusted(vscode.l10n.t('A download starts a process and writes files. Trust this workspace first.'))) return;
  const id = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('A model of the Hugging Face hub: OWNER/NAME'),
    value: 'Qwen/Qwen2.5-0.5B-Instruct',
    validateInput: (text) =>
      /^[\w.-]+\/[\w.-]+$/.test(text.trim()) ? null : vscode.l10n.t('OWNER/NAME, as on the hub.'),
  });
  if (id === undefined) return;
  const title = vscode.l10n.t('MeRF: downloading {0}', id);
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    let shown = 0;
    const onComplaint = (text: string) => {
      const { words = '', share = 0 } = downloadState(text) ?? {};
      progress.report({ message: words, increment: 100 * Math.max(0, share - shown) });
      shown = Math.max(shown, share);
    };
    const stopped = new AbortController();
    token.onCancellationRequested(() => stopped.abort());
    try {
      const args = ['models', 'download', id.trim()];
      await run(hubCommand(studio), args, process.cwd(), { signal: stopped.signal, onComplaint });
    } catch (error) {
      if (stopped.signal.aborted) return; // asked again it goes on where it was
      const what = vscode.l10n.t('{0} was not downloaded', id);
      showFailure(studio.log, what, error instanceof CommandFailure ? error : new Error(String(error)));
    }
  });
  tree.refresh();
}

async function chosen(
  tree: ModelsTree,
  given: unknown,
  fits: (model: ListedModel) => boolean = () => true,
): Promise<ListedModel | undefined> {
  const node = OfModel.safeParse(given);
  if (node.success) return node.data.model;
  const models = (await tree.list()).filter(fits);
  const items = models.map((model) => ({ label: model.name, description: sizeText(model.bytes), model }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which model?') }))?.model;
}
