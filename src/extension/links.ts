// Copies the link of a panel's state, and opens panels from links (VS Code's URI handler).

import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LinkedRun } from './link.ts';
import { linkQuery, readLink } from './link.ts';
import type { KnownRun, RunStore } from './run_store.ts';
import { showFailure } from './words.ts';

/** Opens a panel on a run in a state that the panel checks. */
export type OpenPanel = (folder: string, state: unknown) => Promise<void>;

/** A run's id is its folder's name, which run.json cannot change. */
export function linkedRuns(runs: readonly KnownRun[]): LinkedRun[] {
  return runs.map(({ folder }) => ({ folder, id: basename(folder) }));
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
  if (!run) return;
  const query = linkQuery(run, state, known);
  const authority = context.extension.id;
  const uri = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority, path: `/${panel}`, query });
  await vscode.env.clipboard.writeText(uri.toString(true));
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(link) Link copied'), 3000);
}

/** Opens links as VS Code's URI handler. `panels` by the names that links give them. */
export function linkHandler(
  store: RunStore,
  log: vscode.LogOutputChannel,
  panels: Readonly<Record<string, OpenPanel>>,
): { handleUri(uri: vscode.Uri): Promise<void> } {
  return {
    async handleUri(uri) {
      try {
        await store.refresh();
        const link = readLink(uri.path, uri.query, linkedRuns(store.runs()));
        const open = Object.hasOwn(panels, link.panel) ? panels[link.panel] : undefined;
        if (open) await open(link.folder, link.state);
        else log.warn(`A link to an unknown panel was not opened: ${link.panel}`);
      } catch (error) {
        showFailure(log, vscode.l10n.t('The link was not opened'), error);
      }
    },
  };
}
