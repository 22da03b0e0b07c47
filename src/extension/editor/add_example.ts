// A response as an example of its file: of a run (`merf example` writes it) or of a probe's finding (the probe has). It
// is put at the end of the text, unsaved, for the person to look at and keep.

import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { rootOfRun } from '../../run/location.ts';
import { RolloutSet } from '../../run/view.ts';
import { run } from '../merf_command.ts';
import { merfCommand, type Studio } from '../studio.ts';
import { showFailure } from '../words.ts';

const OfRun = z.object({ folder: z.string(), set: RolloutSet, index: z.number().int().min(0) });
const OfText = z.object({ uri: z.string(), example: z.string() });

/** Given `{ folder, set, index }` or `{ uri, example }`. */
export async function addExample(studio: Studio, given?: unknown): Promise<void> {
  try {
    const ofText = OfText.safeParse(given);
    if (ofText.success) {
      await append(vscode.Uri.parse(ofText.data.uri, true), ofText.data.example);
      return;
    }
    const ofRun = OfRun.safeParse(given);
    const record = ofRun.success ? studio.store.find(ofRun.data.folder)?.record : undefined;
    if (!ofRun.success || !record) {
      const words = vscode.l10n.t('Choose a response in the rollouts first: “Add as example” stands beside it.');
      void vscode.window.showInformationMessage(words);
      return;
    }
    const { folder, set, index } = ofRun.data;
    const root = rootOfRun(folder);
    const args = ['example', folder, '--step', String(set.step), '--sample', String(index)];
    if (set.kind !== 'train') args.push('--held-out', set.kind);
    const example = await run(merfCommand(studio), args, root);
    await append(vscode.Uri.file(isAbsolute(record.file) ? record.file : join(root, record.file)), example);
  } catch (error) {
    showFailure(studio.log, vscode.l10n.t('The example was not added'), error);
  }
}

async function append(uri: vscode.Uri, example: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const name = /^example "((?:\\.|[^"\\])*)"/.exec(example)?.[1] ?? '';
  const named = text.includes(`example "${name}"`) ? example.replace(`"${name}"`, `"${unused(text, name)}"`) : example;
  const end = document.positionAt(text.length);
  const separator = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, end, `${separator}${named}`);
  await vscode.workspace.applyEdit(edit);
  const first = document.positionAt(text.length + separator.length);
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: columnOf(uri),
    selection: new vscode.Range(first, first),
  });
  editor.revealRange(new vscode.Range(first, document.positionAt(document.getText().length)));
}

/** Where it is shown already, or beside the panel. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return shown?.viewColumn ?? vscode.ViewColumn.Beside;
}

function unused(text: string, name: string): string {
  for (let number = 2; ; number++) if (!text.includes(`example "${name} ${number}"`)) return `${name} ${number}`;
}
