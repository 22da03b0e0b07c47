// The Models view: what `merf models` finds on this machine, by where it is from, with its size.

import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { modelContexts } from '../commands.ts';
import { runOfCheckpoint } from './use_model.ts';

export const ListedModels = z.array(
  z.object({
    name: z.string(),
    kind: z.enum(['bundled', 'cached', 'trained']),
    folder: z.string(),
    bytes: z.number(),
  }),
);
export type ListedModel = z.infer<typeof ListedModels>[number];

export type ModelNode = { kind: 'group'; of: ListedModel['kind'] } | { kind: 'model'; model: ListedModel };

export class ModelsTree implements vscode.TreeDataProvider<ModelNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly ask: () => Promise<ListedModel[]>;
  private models: Promise<ListedModel[]> | null = null;

  /** `ask` runs the command; it is run when the view is first seen, and after `refresh`. */
  constructor(ask: () => Promise<ListedModel[]>) {
    this.ask = ask;
  }

  refresh(): void {
    this.models = null;
    this.changed.fire(undefined);
  }

  list(): Promise<ListedModel[]> {
    this.models ??= this.ask();
    return this.models;
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    const models = await this.list();
    if (!node) {
      const kinds = (['bundled', 'cached', 'trained'] as const).filter((of) => models.some(({ kind }) => kind === of));
      return kinds.map((of) => ({ kind: 'group', of }));
    }
    if (node.kind === 'model') return [];
    return models.filter(({ kind }) => kind === node.of).map((model) => ({ kind: 'model', model }));
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    if (node.kind === 'group') {
      const words = {
        bundled: vscode.l10n.t('Bundled'),
        cached: vscode.l10n.t('Downloaded (Hugging Face’s cache)'),
        trained: vscode.l10n.t('Trained here'),
      };
      const item = new vscode.TreeItem(words[node.of], vscode.TreeItemCollapsibleState.Expanded);
      item.id = `models:${node.of}`;
      return item;
    }
    const { name, kind, folder, bytes } = node.model;
    const run = kind === 'trained' ? runOfCheckpoint(folder) : null;
    const item = new vscode.TreeItem(run ?? name);
    item.id = folder;
    item.description = [...(run === null ? [] : [basename(folder)]), sizeText(bytes)].join(' · ');
    item.tooltip = `${name}\n${folder}`;
    item.iconPath = new vscode.ThemeIcon(kind === 'trained' ? 'mortar-board' : 'package');
    item.contextValue = modelContexts[kind];
    item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
    return item;
  }
}

/** `1.8 MB` */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** What is deleted when a model is: the model's whole place in the cache, or one checkpoint. */
export function placeOf({ kind, folder }: ListedModel): string | null {
  if (kind === 'bundled') return null;
  return kind === 'trained' ? folder : dirname(dirname(folder)); // models--OWNER--NAME/snapshots/COMMIT
}
