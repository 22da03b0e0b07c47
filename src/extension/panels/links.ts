// Copies the link of a panel's state, and opens panels from links (VS Code's URI handler).

import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { KnownRun, RunStore } from '../runs/run_store.ts';
import { showFailure } from '../words.ts';
import { fileLinkQuery, type LinkedFile, type LinkedRun, linkQuery, readLink } from './link.ts';

/** Opens a panel on a run's folder, or on a file's URI, in a state that the panel checks. */
export type OpenPanel = (place: string, state: unknown) => Promise<unknown>;

/** What links can open, by the names that they give it. */
export interface LinkedPanels {
  ofRuns: Readonly<Record<string, OpenPanel>>;
  ofFiles: Readonly<Record<string, OpenPanel>>;
}

/** A run's id is its folder's name, which run.json cannot change. */
export function linkedRuns(runs: readonly KnownRun[]): LinkedRun[] {
  return runs.map(({ folder }) => ({ folder, id: basename(folder) }));
}

async function linkedFiles(): Promise<LinkedFile[]> {
  const found = await vscode.workspace.findFiles('**/*.merf', '**/node_modules/**');
  return found.map((uri) => ({ uri: uri.toString(), name: vscode.workspace.asRelativePath(uri) }));
}

export async function copyLink(
  context: vscode.ExtensionContext,
  store: RunStore,
  panel: string,
  folder: string,
  state: unknown,
): Promise<void> {
  const known = linkedRuns(store.runs());
  const run = known.find((one) => one.folder === folder);
  if (run) await copy(context, panel, linkQuery(run, state, known));
}

/** Of a panel that shows a file; one that lies in no folder of the window has no link, and the person is told. */
export async function copyFileLink(
  context: vscode.ExtensionContext,
  panel: string,
  uri: string,
  state: unknown,
): Promise<void> {
  const file = (await linkedFiles()).find((one) => one.uri === uri);
  if (file) return copy(context, panel, fileLinkQuery(file, state));
  const words = vscode.l10n.t('Only a file that is saved in a folder of this window has a link.');
  void vscode.window.showInformationMessage(words);
}

async function copy(context: vscode.ExtensionContext, panel: string, query: string): Promise<void> {
  const authority = context.extension.id;
  const uri = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority, path: `/${panel}`, query });
  await vscode.env.clipboard.writeText(uri.toString(true));
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(link) Link copied'), 3000);
}

/** Opens links as VS Code's URI handler. */
export function linkHandler(
  store: RunStore,
  log: vscode.LogOutputChannel,
  panels: LinkedPanels,
): { handleUri(uri: vscode.Uri): Promise<void> } {
  return {
    async handleUri(uri) {
      try {
        await store.refresh();
        const link = readLink(uri.path, uri.query, { runs: linkedRuns(store.runs()), files: await linkedFiles() });
        const known = link.of === 'run' ? panels.ofRuns : panels.ofFiles;
        const open = Object.hasOwn(known, link.panel) ? known[link.panel] : undefined;
        if (open) await open(link.of === 'run' ? link.folder : link.uri, link.state);
        else log.warn(`A link to an unknown panel was not opened: ${link.panel}`);
      } catch (error) {
        showFailure(log, vscode.l10n.t('The link was not opened'), error);
      }
    },
  };
}
