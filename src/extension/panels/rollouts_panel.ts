// The rollouts of one run, in a panel. What it is answered comes from rollouts_feed.ts; here is what only VS Code can do:
// the panel itself, the clipboard, where to save, and asking the model for a lift.

import * as vscode from 'vscode';
import { rolloutSets } from '../../run/read.ts';
import { armLabel, type RolloutSet } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';
import { type FiredCase, FromRollouts, RolloutsState, type ToRollouts } from '../../webview/messages.ts';
import { commands, panels } from '../commands.ts';
import { notice } from '../notice.ts';
import { reveal } from '../reveal.ts';
import { type RunStore, siblingsOf } from '../runs/run_store.ts';
import { merfCommand } from '../studio.ts';
import { uiLanguage } from '../words.ts';
import type { CurrentStep } from './current_step.ts';
import { liftOf } from './lift.ts';
import { copyLink } from './links.ts';
import { openPanel, type Panel } from './panel.ts';
import { RolloutsFeed } from './rollouts_feed.ts';

/** What the panel shall show when it is sent the run. */
interface Asked {
  selected: RolloutSet | null;
  fired?: FiredCase;
  state?: RolloutsState;
}

/** Asks for the responses that a filter lets through; '' asks for nothing. */
export function filteredBy(folder: string, filter: string): Pick<Asked, 'state'> {
  return filter === '' ? {} : { state: RolloutsState.parse({ folder, filter }) };
}

interface Showing {
  panel: Panel<ToRollouts>;
  folder: string;
  asked: Asked;
  feed: RolloutsFeed | null;
  /** Whether the page has said `ready`; a hidden page is gone, and says it again. */
  isReady: boolean;
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
    context.subscriptions.push(
      step.onDidChange(({ at, by }) => by !== this && void this.goTo(at.step)),
      vscode.window.registerWebviewPanelSerializer(panels.rollouts, this),
    );
  }

  /** Perhaps only the responses in which a case fired, or as a link says. */
  async show(folder: string, selected: RolloutSet | null, more: Omit<Asked, 'selected'> = {}): Promise<void> {
    const asked = { ...more, selected };
    if (this.current) {
      this.current.folder = folder;
      this.current.asked = asked;
      this.current.panel.shell.reveal();
      this.sendRun(this.current);
      return;
    }
    const shell = vscode.window.createWebviewPanel(
      panels.rollouts,
      vscode.l10n.t('Rollouts'),
      { viewColumn: vscode.ViewColumn.Active },
      { enableScripts: true },
    );
    this.fill(shell, folder, asked);
  }

  async deserializeWebviewPanel(shell: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = RolloutsState.safeParse(state);
    await this.store.refresh();
    const folder = kept.success ? kept.data.folder : (this.store.runs()[0]?.folder ?? '');
    this.fill(shell, folder, { selected: null });
  }

  /** Another panel moved to a step: the run that is shown here goes to its nearest. */
  private async goTo(step: number): Promise<void> {
    if (!this.current?.panel.shell.visible) return;
    this.current.asked = { ...this.current.asked, selected: { kind: 'train', step } };
    this.sendRun(this.current);
  }

  /** Whether a panel is in front and was asked to copy the link of what it shows. */
  askForLink(): boolean {
    if (!this.current?.panel.shell.active) return false;
    this.current.panel.send({ kind: 'giveLink' });
    return true;
  }

  private fill(shell: vscode.WebviewPanel, folder: string, asked: Asked): void {
    const kind = { name: 'rollouts', title: 'Rollouts', messages: FromRollouts };
    const panel = openPanel<ToRollouts, FromRollouts>(this.context, shell, kind, (message) => {
      void this.receive(showing, message).catch((error: unknown) => {
        panel.send({ kind: 'error', text: explain(error) });
      });
    });
    const showing: Showing = { panel, folder, asked, feed: null, isReady: false };
    this.current = showing;
    let seen = '';
    const listening = this.store.onDidGrow((news) => {
      if (news.folder !== showing.folder || !shell.visible) return;
      const sets = JSON.stringify(rolloutSets(showing.folder));
      if (sets !== seen) this.sendRun(showing);
      seen = sets;
      showing.feed?.refresh();
    });
    const looking = shell.onDidChangeViewState(() => {
      if (shell.visible) showing.feed?.refresh();
      else showing.isReady = false;
    });
    shell.onDidDispose(() => {
      listening.dispose();
      looking.dispose();
      showing.feed?.dispose();
      if (this.current === showing) this.current = null;
    });
  }

  /** With what was asked, once; a page that is not ready would lose it, and is sent the run when it is. */
  private sendRun(showing: Showing): void {
    if (!showing.isReady) return;
    const { panel, folder, asked } = showing;
    const run = this.store.find(folder);
    if (!run) {
      panel.send({ kind: 'error', text: vscode.l10n.t('The run {0} is not there any more.', folder) });
      return;
    }
    const { record } = run;
    const feed = this.feedOf(showing);
    const siblings = siblingsOf(this.store.runs(), folder).map((other) => ({
      folder: other.folder,
      label: `${armLabel(other.record)} · ${vscode.l10n.t('seed {0}', other.record.seed)}`,
    }));
    panel.shell.title = vscode.l10n.t('Rollouts: {0}', `${record.experiment} · ${armLabel(record)}`);
    panel.send({
      kind: 'run',
      language: uiLanguage(),
      folder,
      record,
      siblings,
      sets: rolloutSets(folder),
      metrics: feed.metricNames(),
      ...asked,
    });
    showing.asked = { selected: null };
  }

  private feedOf(showing: Showing): RolloutsFeed {
    const { feed, folder, panel } = showing;
    if (feed?.folder === folder) return feed;
    feed?.dispose();
    showing.feed = new RolloutsFeed(folder, (message) => panel.send(message));
    return showing.feed;
  }

  private async receive(showing: Showing, message: FromRollouts): Promise<void> {
    switch (message.kind) {
      case 'ready':
        showing.isReady = true;
        await this.store.refresh();
        return this.sendRun(showing);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'copyLink':
        return copyLink(this.context, this.store, 'rollouts', message.state.folder, message.state);
      case 'selectRun':
        showing.folder = message.folder;
        showing.asked = { selected: message.set };
        return this.sendRun(showing);
    }
    // what follows is about the run that is shown; a message that comes late is about another
    if (message.folder !== showing.folder || !this.store.find(message.folder)) return;
    const feed = this.feedOf(showing);
    switch (message.kind) {
      case 'list':
        return feed.list(message);
      case 'items':
        return feed.items(message);
      case 'sample':
        return feed.sample(message);
      case 'note':
        return feed.note(message);
      case 'star':
        return feed.star(message);
      case 'step':
        return this.step.set({ folder: message.folder, step: message.step }, this);
      case 'export':
        return save(feed, message);
      case 'addExample': {
        const { folder, set, index } = message;
        await vscode.commands.executeCommand(commands.addExample, { folder, set, index });
        return;
      }
      case 'lift': {
        const { folder, set, index } = message;
        const answer = await liftOf(merfCommand({ context: this.context }), folder, set, index);
        showing.panel.send({ kind: 'lift', folder, set, index, ...answer });
      }
    }
  }
}

async function save(feed: RolloutsFeed, message: Extract<FromRollouts, { kind: 'export' }>): Promise<void> {
  const { format } = message;
  const root = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(feed.folder);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(root, `rollouts.${format}`),
    filters: format === 'jsonl' ? { 'JSON Lines': ['jsonl'] } : { Parquet: ['parquet'] },
  });
  if (!target) return;
  const count = feed.export(message, target.fsPath);
  const words = vscode.l10n.t('{0} responses were saved as {1}.', count, vscode.workspace.asRelativePath(target));
  const title = vscode.l10n.t('Show');
  notice('information', words, { title, act: () => reveal(target) });
}
