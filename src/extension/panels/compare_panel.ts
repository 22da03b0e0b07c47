// Runs side by side: chosen in the Runs view or from a list. What the panel is sent comes from compare_feed.ts; here is
// what only VS Code can do: choosing the runs, the panel itself, its links.

import * as vscode from 'vscode';
import { armLabel } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';
import { CompareState, FromCompare, type ToCompare } from '../../webview/messages_compare.ts';
import { panels } from '../commands.ts';
import { stateWord } from '../runs/run_item.ts';
import type { Studio } from '../studio.ts';
import { uiLanguage } from '../words.ts';
import { CompareFeed } from './compare_feed.ts';
import { copyLink } from './links.ts';
import { openPanel, type Panel } from './panel.ts';

export class ComparePanels implements vscode.WebviewPanelSerializer {
  private readonly studio: Studio;
  private readonly open = new Set<Panel<ToCompare>>();

  constructor(studio: Studio) {
    this.studio = studio;
    studio.context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(panels.compare, this));
  }

  /** Compares the runs that are given (folders, or items of the Runs view), or those that are picked. */
  async choose(given: readonly string[]): Promise<void> {
    const folders = given.length > 1 ? given : await this.pick(given);
    if (folders && folders.length > 1) await this.show([...folders], null);
  }

  async show(folders: string[], state: CompareState | null): Promise<void> {
    const title = vscode.l10n.t('Compare runs');
    const column = vscode.ViewColumn.Active;
    const shell = vscode.window.createWebviewPanel(panels.compare, title, column, { enableScripts: true });
    this.fill(shell, folders, state);
  }

  /** From a link: only runs of this window are compared. */
  async showState(folder: string, state: unknown): Promise<void> {
    const kept = CompareState.safeParse(state).data;
    const folders = [...new Set([folder, ...(kept?.folders ?? [])])];
    await this.show(
      folders.filter((one) => this.studio.store.find(one)),
      kept ?? null,
    );
  }

  askForLink(): boolean {
    const active = [...this.open].find(({ shell }) => shell.active);
    active?.send({ kind: 'giveLink' });
    return active !== undefined;
  }

  async deserializeWebviewPanel(shell: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.studio.store.refresh();
    const kept = CompareState.safeParse(state).data ?? null;
    this.fill(shell, kept?.folders.filter((folder) => this.studio.store.find(folder)) ?? [], kept);
  }

  private async pick(given: readonly string[]): Promise<string[] | undefined> {
    const runs = this.studio.store.runs();
    if (runs.length < 2) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There are no two runs to compare yet.'));
      return undefined;
    }
    const items = runs.map(({ record, folder, ...run }) => ({
      label: `${record.experiment} · ${armLabel(record)} · ${vscode.l10n.t('seed {0}', record.seed)}`,
      description: `${stateWord({ record, folder, ...run })} ${record.step}/${record.steps}`,
      picked: given.includes(folder),
      folder,
    }));
    const placeHolder = vscode.l10n.t('Which runs? Seeds of an arm are taken together.');
    const picked = await vscode.window.showQuickPick(items, { canPickMany: true, placeHolder });
    return picked?.map(({ folder }) => folder);
  }

  private fill(shell: vscode.WebviewPanel, folders: string[], wanted: CompareState | null): void {
    const kind = { name: 'compare', title: shell.title, messages: FromCompare };
    const feed = new CompareFeed(folders, uiLanguage(), (message) => panel.send(message));
    const panel = openPanel<ToCompare, FromCompare>(this.studio.context, shell, kind, (message) => {
      try {
        this.receive(panel, feed, wanted, message);
      } catch (error) {
        panel.send({ kind: 'error', text: explain(error) });
      }
    });
    const following = [
      this.studio.step.onDidChange(({ at, by }) => by !== panel && panel.send({ kind: 'step', step: at.step })),
      this.studio.store.onDidGrow((news) => void feed.hear(news)),
      feed,
    ];
    this.open.add(panel);
    shell.onDidDispose(() => {
      for (const one of following) one.dispose();
      this.open.delete(panel);
    });
  }

  private receive(panel: Panel<ToCompare>, feed: CompareFeed, wanted: CompareState | null, message: FromCompare): void {
    const { studio } = this;
    const { folders } = feed;
    switch (message.kind) {
      case 'ready': {
        if (folders.length < 2) {
          panel.send({ kind: 'error', text: vscode.l10n.t('The runs of this comparison are not there any more.') });
          return;
        }
        void feed.sendAll(wanted);
        return;
      }
      case 'load':
        feed.load(message);
        return;
      case 'step':
        if (folders.includes(message.at.folder)) studio.step.set(message.at, panel);
        return;
      case 'openRollouts':
        if (folders.includes(message.folder)) void studio.rollouts.show(message.folder, message.set);
        return;
      case 'openCurves':
        if (folders.includes(message.folder)) void studio.curves.show(message.folder);
        return;
      case 'copyLink': {
        const [folder] = folders;
        if (folder)
          void copyLink(studio.context, studio.store, 'compare', folder, { ...message.state, folders: [...folders] });
      }
    }
  }
}
