// The folder the window shows, a copy of examples/, and what its extension knows.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { MerfApi } from '../../src/extension/extension.ts';
import type { KnownRun } from '../../src/extension/runs/run_store.ts';
import { until } from './window.ts';

/** As package.json names it: publisher and name. */
export const extensionId = 'merf-studio.merf-studio';

export async function merf(): Promise<MerfApi> {
  const extension = vscode.extensions.getExtension<MerfApi>(extensionId);
  assert.ok(extension, `${extensionId} is not there`);
  return extension.activate();
}

export function inWorkspace(name: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return path.join(folder.uri.fsPath, name);
}

/** A file of the checkout, which the packed extension does not hold. */
export function inCheckout(name: string): string {
  const root = process.env.STUDIO_ROOT;
  assert.ok(root, 'STUDIO_ROOT must name the checkout');
  return path.join(root, name);
}

/** The flagship file with a plan of seconds, under another name: few rows, short responses. */
export function writeSmallPlan(name: string): string {
  const flagship = readFileSync(inWorkspace('knights_and_knaves.merf'), 'utf8');
  const plan = 'steps 4  prompts 2  group 4  max_response 96';
  const small = flagship
    .replace(/\btrain: \d+, test: \d+/, 'train: 60, test: 12')
    .replace(/\bsteps \d+ +prompts \d+ +group \d+ +max_response \d+/, plan)
    .replace(/\bevaluate every \d+ steps/, 'evaluate every 2 steps');
  assert.ok(
    small.includes(plan) && small.includes('test: 12'),
    'the flagship file has another form than this test knows',
  );
  const file = inWorkspace(name);
  writeFileSync(file, small);
  return file;
}

export async function show(file: string, column = vscode.ViewColumn.One): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file), column);
}

/** Waits until some run of this window is as asked. */
export async function runThat(what: string, is: (run: KnownRun) => boolean, seconds = 90): Promise<KnownRun> {
  const { runs } = await merf();
  return until(`a run that ${what}`, () => runs().find(is), seconds);
}

export async function setTheme(name: string): Promise<void> {
  const workbench = vscode.workspace.getConfiguration('workbench');
  await workbench.update('colorTheme', name, vscode.ConfigurationTarget.Global);
}

/** What one of the tools for agents answers. */
export async function toolAnswer(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

/** Switches the tools for agents on, and waits until they answer. */
export async function switchOnTools(): Promise<void> {
  const settings = vscode.workspace.getConfiguration();
  await settings.update('merf.agents.tools', true, vscode.ConfigurationTarget.Global);
  await until('an answer', () =>
    toolAnswer('merf_list_runs', {}).then(
      (text) => text.startsWith('['),
      () => false,
    ),
  );
}
