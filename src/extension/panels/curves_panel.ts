// The curves of one experiment, all its runs in the folder laid over each other, live.

import * as vscode from 'vscode';
import { csvRows } from '../../run/metrics_table.ts';
import { withColumns } from '../../run/run_columns.ts';
import type { RolloutSet } from '../../run/view.ts';
import { CurvesState, FromCurves, type ToCurves } from '../../webview/messages.ts';
import { panels } from '../commands.ts';
import { type RunStore, siblingsOf } from '../runs/run_store.ts';
import { showFailure, uiLanguage } from '../words.ts';
import type { CurrentStep } from './current_step.ts';
import { CurvesFeed } from './curves_feed.ts';
import { copyLink } from './links.ts';
import { openPanel, type Panel } from './panel.ts';

export interface CurvesActions {
  openRollouts(folder: string, set: RolloutSet | null, filter: string): void;
  stop(folder: string): void;
  resume(folder: string): void;
  showLog(folder: string): void;
}

/** Where a panel opens, and whether the focus stays where it is. */
type PanelPlace = { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus?: boolean };
const HERE: PanelPlace = { viewColumn: vscode.ViewColumn.Active };

export class CurvesPanels implements vscode.WebviewPanelSerializer {
  private readonly open = new Map<string, { panel: Panel<ToCurves>; feed: CurvesFeed }>();
  private readonly context: vscode.ExtensionContext;
  private readonly store: RunStore;
  private readonly step: CurrentStep;
  private readonly actions: CurvesActions;
  private readonly log: vscode.LogOutputChannel;

  constructor(
    context: vscode.ExtensionContext,
    store: RunStore,
    step: CurrentStep,
    log: vscode.LogOutputChannel,
    actions: CurvesActions,
  ) {
    this.context = context;
    this.store = store;
    this.step = step;
    this.actions = actions;
    this.log = log;
    context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(panels.curves, this));
  }

  /** Shows the experiment that `folder` is a run of, perhaps in a given state; one panel for each experiment. */
  async show(folder: string, state: CurvesState | null = null, place: PanelPlace = HERE): Promise<void> {
    const run = this.store.find(folder);
    const experiment = run?.record.experiment ?? folder;
    const there = this.open.get(experiment);
    if (there) {
      there.panel.shell.reveal(undefined, place.preserveFocus);
      if (state) there.feed.restore(state);
      return;
    }
    const shell = vscode.window.createWebviewPanel(panels.curves, vscode.l10n.t('Curves: {0}', experiment), place, {
      enableScripts: true,
    });
    this.fill(shell, folder, experiment, state);
  }

  /** Copies the link of the panel that is in front; false: none of these is. */
  askForLink(): boolean {
    const active = [...this.open.values()].find(({ panel }) => panel.shell.active);
    active?.panel.send({ kind: 'giveLink' });
    return active !== undefined;
  }

  async deserializeWebviewPanel(shell: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = CurvesState.safeParse(state);
    await this.store.refresh();
    const folder = kept.success ? kept.data.folder : (this.store.runs()[0]?.folder ?? '');
    this.fill(shell, folder, this.store.find(folder)?.record.experiment ?? folder, null);
  }

  private fill(shell: vscode.WebviewPanel, folder: string, experiment: string, state: CurvesState | null): void {
    const kind = { name: 'curves', title: shell.title, messages: FromCurves };
    const source = {
      language: uiLanguage(),
      folders: () => siblingsOf(this.store.runs(), folder).map((run) => run.folder),
      onDidGrow: this.store.onDidGrow,
      onDidChange: this.store.onDidChange,
    };
    const feed = new CurvesFeed(source, (message) => panel.send(message));
    if (state) feed.restore(state);
    const panel = openPanel<ToCurves, FromCurves>(this.context, shell, kind, (message) => {
      if (message.kind === 'ready') void feed.sendAll();
      else if (message.kind === 'series') void feed.series(message);
      else if (message.kind === 'step') this.step.set(message.at, panel);
      else if (message.kind === 'openRollouts') {
        this.step.set({ folder: message.folder, step: message.set.step }, panel);
        this.actions.openRollouts(message.folder, message.set, message.filter);
      } else this.receive(folder, message);
    });
    const following = this.step.onDidChange(({ at, by }) => {
      if (by !== panel) panel.send({ kind: 'step', at });
    });
    this.open.set(experiment, { panel, feed });
    shell.onDidDispose(() => {
      if (this.open.get(experiment)?.panel === panel) this.open.delete(experiment);
      feed.dispose();
      following.dispose();
    });
  }

  private receive(
    own: string,
    message: Exclude<FromCurves, { kind: 'ready' | 'series' | 'step' | 'openRollouts' }>,
  ): void {
    if (message.kind === 'copyLink') {
      const folder = this.store.find(message.state.folder) ? message.state.folder : own;
      void copyLink(this.context, this.store, 'curves', folder, message.state);
    } else if (message.kind === 'save') void this.save(message.name, message.encoding, () => message.data);
    else if (message.kind === 'table') {
      const folders = message.folders.filter((folder) => this.store.find(folder));
      void this.save(message.name, 'text', () => withColumns(folders, (runs) => [...csvRows(runs)].join('')));
    } else if (message.action === 'rollouts') this.actions.openRollouts(message.folder, null, '');
    else if (message.action === 'log') this.actions.showLog(message.folder);
    else this.actions[message.action](message.folder);
  }

  private async save(name: string, encoding: 'text' | 'base64', data: () => string): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const defaultUri = folder ? vscode.Uri.joinPath(folder, name) : undefined;
    const target = await vscode.window.showSaveDialog(defaultUri ? { defaultUri } : {});
    if (!target) return;
    try {
      await vscode.workspace.fs.writeFile(target, Buffer.from(data(), encoding === 'text' ? 'utf8' : 'base64'));
    } catch (error) {
      showFailure(this.log, vscode.l10n.t('Saving {0}', name), error);
    }
  }
}
