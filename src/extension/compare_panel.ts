// Runs side by side: chosen in the Runs view or from a list. The panel has everything but the responses, which are read
// row by row when they are asked for.

import * as vscode from 'vscode';
import { readRollouts, readRun, rolloutSets } from '../run/read.ts';
import { armLabel, type RolloutSet, sampleOf } from '../run/view.ts';
import { explain } from '../spec/error.ts';
import { CompareState, FromCompare, type TaskRow, type ToCompare } from '../webview/messages_compare.ts';
import { panels } from './commands.ts';
import { copyLink } from './links.ts';
import { openPanel, type Panel } from './panel.ts';
import { stateWord } from './run_item.ts';
import type { Studio } from './studio.ts';
import { uiLanguage } from './words.ts';

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
    const panel = openPanel<ToCompare, FromCompare>(this.studio.context, shell, kind, (message) => {
      try {
        this.receive(panel, folders, wanted, message);
      } catch (error) {
        panel.send({ kind: 'error', text: explain(error) });
      }
    });
    const following = this.studio.step.onDidChange(({ at }) => panel.send({ kind: 'step', step: at.step }));
    this.open.add(panel);
    shell.onDidDispose(() => {
      following.dispose();
      this.open.delete(panel);
    });
  }

  private receive(panel: Panel<ToCompare>, folders: string[], wanted: CompareState | null, message: FromCompare): void {
    const { studio } = this;
    switch (message.kind) {
      case 'ready': {
        if (folders.length < 2) {
          panel.send({ kind: 'error', text: vscode.l10n.t('The runs of this comparison are not there any more.') });
          return;
        }
        const runs = folders.map((folder) => readRun(folder));
        const state = wanted ? { state: wanted } : {};
        panel.send({ kind: 'runs', language: uiLanguage(), runs, sets: folders.map(rolloutSets), ...state });
        return;
      }
      case 'load': {
        const asked = message.folders.filter((folder) => folders.includes(folder));
        panel.send({ kind: 'rollouts', set: message.set, ...answersTo(asked, message.set, message.row) });
        return;
      }
      case 'openRollouts':
        if (folders.includes(message.folder)) void studio.rollouts.show(message.folder, message.set);
        return;
      case 'openCurves':
        if (folders.includes(message.folder)) void studio.curves.show(message.folder);
        return;
      case 'copyLink': {
        const [folder] = folders;
        if (folder) void copyLink(studio.context, studio.store, 'compare', folder, { ...message.state, folders });
      }
    }
  }
}

/** The rows that every run answered in its set nearest to this one, and the responses to the row that is wanted. */
function answersTo(folders: readonly string[], set: RolloutSet, wanted: TaskRow | null) {
  const columns = folders.map((folder) => {
    const same = rolloutSets(folder).filter(({ kind }) => kind === set.kind);
    const [own] = same.sort((a, b) => Math.abs(a.step - set.step) - Math.abs(b.step - set.step));
    const lines = own ? readRollouts(folder, own) : [];
    return { folder, set: own ?? null, lines };
  });
  const keyOf = (line: { split: string; row_index: number }) => `${line.split} ${line.row_index}`;
  const [first, ...others] = columns.map(({ lines }) => new Map(lines.map((line) => [keyOf(line), line])));
  const common = [...(first ?? new Map())].filter(([key]) => others.every((other) => other.has(key)));
  const rows = common.map(([, line]): TaskRow => ({ split: line.split, index: line.row_index }));
  const row = rows.find((one) => one.split === wanted?.split && one.index === wanted.index) ?? rows[0] ?? null;
  const answers = columns.map(({ folder, set: own, lines }) => ({
    folder,
    set: own,
    samples: lines.flatMap((line, index) =>
      row && line.split === row.split && line.row_index === row.index ? [sampleOf(line, index, false)] : [],
    ),
  }));
  return { rows, row, columns: answers };
}
