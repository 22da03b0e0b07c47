// “New File… > MeRF Specification”: a text that checks as it stands, not yet saved, with the experiment's name selected.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { languageId } from '../commands.ts';

export async function newFile(context: vscode.ExtensionContext): Promise<void> {
  const content = await readFile(join(context.extensionPath, 'media', 'new.merf'), 'utf8');
  const document = await vscode.workspace.openTextDocument({ language: languageId, content });
  const name = content.indexOf('my_experiment');
  const selection = new vscode.Range(document.positionAt(name), document.positionAt(name + 'my_experiment'.length));
  await vscode.window.showTextDocument(document, { selection });
}

export async function openWalkthrough(context: vscode.ExtensionContext): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#merf.start`);
}
