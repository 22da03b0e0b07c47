// The Runs view: experiments, their arms, and under each its runs with seed, state, progress, time left and reward.

import * as vscode from 'vscode';
import { numberText } from '../../run/number_text.ts';
import { DroppedRuns } from './open_run.ts';
import { type ArmNode, activeIn, type ExperimentNode, meanReward, type Node, RunGroups } from './run_groups.ts';
import { runItem } from './run_item.ts';
import type { KnownRun, RunStore } from './run_store.ts';

/** With more runs than this, arms in which nothing trains are closed at first. */
const FEW = 30;

export class RunsTree implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly groups = new RunGroups();
  private readonly store: RunStore;

  constructor(store: RunStore) {
    this.store = store;
    this.groups.update(store.runs());
    store.onDidChange(() => {
      const news = this.groups.update(store.runs());
      if (news === null) this.changed.fire(undefined);
      else if (news.length > 0) this.changed.fire(news);
    });
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.groups.experiments;
    if (node.kind === 'experiment') return node.arms;
    return node.kind === 'arm' ? node.runs : [];
  }

  getParent(node: Node): Node | undefined {
    return this.groups.parentOf(node);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'run') return runItem(node.run);
    return node.kind === 'arm' ? this.armItem(node) : experimentItem(node);
  }

  /** The node of a run, for revealing it. */
  nodeOf(folder: string): Node | undefined {
    return this.groups.find(folder);
  }

  private armItem({ experiment, arm, runs }: ArmNode): vscode.TreeItem {
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const isOpen = this.store.runs().length <= FEW || activeIn(runs) > 0;
    const item = new vscode.TreeItem(arm, isOpen ? Expanded : Collapsed);
    item.id = `arm:${experiment}:${arm}`;
    item.iconPath = new vscode.ThemeIcon('git-branch');
    item.contextValue = 'merf.arm';
    const reward = meanReward(runs);
    item.description = [
      runs.length === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs.length),
      ...(reward === null ? [] : [vscode.l10n.t('reward {0}', numberText(reward))]),
    ].join(' · ');
    item.accessibilityInformation = { label: vscode.l10n.t('arm {0}, {1}', arm, item.description) };
    return item;
  }
}

function experimentItem({ name, arms }: ExperimentNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `experiment:${name}`;
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.contextValue = 'merf.experiment';
  const active = activeIn(arms.flatMap(({ runs }) => runs));
  if (active > 0) item.description = vscode.l10n.t('{0} training', active);
  const label = vscode.l10n.t('experiment {0}', name);
  item.accessibilityInformation = { label: active > 0 ? `${label}, ${item.description}` : label };
  return item;
}

/** The view, with what is chosen in it. */
export interface RunsView extends vscode.Disposable {
  /** The run that is selected while the view has the focus. */
  selected(): KnownRun | undefined;
  reveal(folder: string): Promise<void>;
}

/** `opened`: what is dropped on the view. */
export function showRuns(store: RunStore, id: string, opened: (uri: vscode.Uri) => Promise<unknown>): RunsView {
  const provider = new RunsTree(store);
  const tree = vscode.window.createTreeView<Node>(id, {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: new DroppedRuns(opened),
  });
  return {
    selected: () => {
      const [node] = tree.selection;
      return node?.kind === 'run' ? node.run : undefined;
    },
    reveal: async (folder) => {
      const node = provider.nodeOf(folder);
      if (node) await tree.reveal(node, { select: true, focus: false });
    },
    dispose: () => tree.dispose(),
  };
}
