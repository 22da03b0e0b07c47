// The rollouts of one run. A step's file is read when it is asked for, and its tokens are kept here, not in the panel,
// until they are to be coloured.

import * as vscode from 'vscode';
import type { RolloutLine } from '../run/format.ts';
import { readRollouts, rolloutSets } from '../run/read.ts';
import { armLabel, type RolloutSet, sameSet, sampleOf } from '../run/view.ts';
import { explain } from '../spec/error.ts';
import { type FiredCase, FromRollouts, RolloutsState, type ToRollouts } from '../webview/messages.ts';
import { commands, panels } from './commands.ts';
import type { CurrentStep } from './current_step.ts';
import { openPanel, type Panel } from './panel.ts';
import { type RunStore, siblingsOf } from './run_store.ts';
import { uiLanguage } from './words.ts';

interface Showing {
  panel: Panel<ToRollouts>;
  folder: string;
  selected: RolloutSet | null;
  /** What it shall be filtered by when it is sent the run. */
  fired: FiredCase | null;
  /** The set that was read last. */
  loaded: { set: RolloutSet; lines: RolloutLine[] } | null;
}

export class RolloutsPanels implements vscode.WebviewPanelSerializer {
  private current: Showing | null = null;
  private readonly context: vscode.ExtensionContext;
  private readonly store: RunStore;
  private readonly step: CurrentStep;

  constructor(context: vscode.ExtensionContext, store: RunStore, step: CurrentStep) {
    this.context = context;
    this.store = store;
    this.step = step;
    context.subscriptions.push(step.onDidChange(({ at, by }) => by !== this && void this.goTo(at.step)));
    context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(panels.rollouts, this));
  }

  /** Perhaps only the responses in which a case fired. */
  async show(folder: string, set: RolloutSet | null, fired: FiredCase | null = null): Promise<void> {
    if (this.current) {
      this.current.folder = folder;
      this.current.selected = set;
      this.current.fired = fired;
      const { shell } = this.current.panel;
      const isThere = shell.visible;
      shell.reveal();
      if (isThere) await this.sendRun(this.current); // a hidden one is loaded again, and then says `ready`
      return;
    }
    const column = vscode.ViewColumn.Active;
    this.fill(
      vscode.window.createWebviewPanel(
        panels.rollouts,
        vscode.l10n.t('Rollouts'),
        { viewColumn: column },
        { enableScripts: true },
      ),
      folder,
      set,
      fired,
    );
  }

  /** Another panel moved to a step: the run that is shown here goes to its nearest. */
  private async goTo(step: number): Promise<void> {
    if (!this.current?.panel.shell.visible) return;
    this.current.selected = { kind: 'train', step };
    await this.sendRun(this.current);
  }

  async deserializeWebviewPanel(shell: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = RolloutsState.safeParse(state);
    await this.store.refresh();
    const folder = kept.success ? kept.data.folder : (this.store.runs()[0]?.folder ?? '');
    this.fill(shell, folder, null, null);
  }

  private fill(shell: vscode.WebviewPanel, folder: string, selected: RolloutSet | null, fired: FiredCase | null): void {
    const kind = { name: 'rollouts', title: 'Rollouts', messages: FromRollouts };
    const panel = openPanel<ToRollouts, FromRollouts>(this.context, shell, kind, (message) => {
      void this.receive(showing, message).catch((error: unknown) => {
        panel.send({ kind: 'error', text: explain(error) });
      });
    });
    const showing: Showing = { panel, folder, selected, fired, loaded: null };
    this.current = showing;
    let seen = '';
    const listening = this.store.onDidGrow(async (news) => {
      if (news.folder !== showing.folder) return;
      const sets = JSON.stringify(rolloutSets(showing.folder));
      if (sets !== seen && shell.visible) await this.sendRun(showing);
      seen = sets;
    });
    shell.onDidDispose(() => {
      listening.dispose();
      if (this.current === showing) this.current = null;
    });
  }

  private async sendRun(showing: Showing): Promise<void> {
    const { panel, folder, selected, fired } = showing;
    const run = this.store.find(folder);
    if (!run) {
      panel.send({ kind: 'error', text: vscode.l10n.t('The run {0} is not there any more.', folder) });
      return;
    }
    const { record } = run;
    const label = (other: typeof run) => `${armLabel(other.record)} · ${vscode.l10n.t('seed {0}', other.record.seed)}`;
    const siblings = siblingsOf(this.store.runs(), folder).map((other) => ({
      folder: other.folder,
      label: label(other),
    }));
    panel.shell.title = vscode.l10n.t('Rollouts: {0}', `${record.experiment} · ${armLabel(record)}`);
    const sets = rolloutSets(folder);
    panel.send({
      kind: 'run',
      language: uiLanguage(),
      folder,
      record,
      siblings,
      sets,
      selected,
      ...(fired ? { fired } : {}),
    });
    showing.selected = null;
    showing.fired = null;
  }

  private async receive(showing: Showing, message: FromRollouts): Promise<void> {
    const { panel } = showing;
    switch (message.kind) {
      case 'ready':
        await this.store.refresh();
        return this.sendRun(showing);
      case 'selectRun':
        showing.folder = message.folder;
        showing.selected = message.set;
        return this.sendRun(showing);
      case 'addExample': {
        const { folder, set, index } = message;
        await vscode.commands.executeCommand(commands.addExample, { folder, set, index });
        return;
      }
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'load': {
        const { folder, set } = message;
        if (!this.store.find(folder)) return;
        this.step.set({ folder, step: set.step }, this);
        const there = rolloutSets(folder).some((other) => sameSet(other, set));
        const lines = there ? readRollouts(folder, set) : null;
        showing.loaded = lines && { set, lines };
        const samples = lines?.map((line, index) => sampleOf(line, index, false)) ?? null;
        panel.send({ kind: 'samples', folder, set, samples });
        return;
      }
      case 'loadTokens': {
        const { folder, set, indexes } = message;
        const { loaded } = showing;
        if (!loaded || folder !== showing.folder || !sameSet(loaded.set, set)) return;
        const tokens = indexes.map((index) => {
          const line = loaded.lines[index];
          return { index, tokens: line ? sampleOf(line, index, true).tokens : null };
        });
        panel.send({ kind: 'tokens', folder, set, tokens });
      }
    }
  }
}
