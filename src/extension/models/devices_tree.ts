// The Devices view: what `merf doctor` finds on this machine (engines, devices, Python, the bundled model), what each
// gives, and under what is missing how to get it.

import * as vscode from 'vscode';
import { z } from 'zod';
import { commands, views } from '../commands.ts';
import { run } from '../merf_command.ts';
import { notice } from '../notice.ts';
import { merfCommand, roots, type Studio } from '../studio.ts';
import { uiLanguage } from '../words.ts';

export const Findings = z.array(
  z.object({
    name: z.string(),
    found: z.boolean(),
    state: z.string(),
    gives: z.string(),
    remedy: z.string().nullable(),
  }),
);
export type Finding = z.infer<typeof Findings>[number];
type DeviceNode = { kind: 'finding'; finding: Finding } | { kind: 'remedy'; remedy: string };

/** What `merf doctor` says. */
export async function findingsHere(studio: Pick<Studio, 'context'>): Promise<Finding[]> {
  const output = await run(
    merfCommand(studio),
    ['doctor', '--format', 'json', '--lang', uiLanguage()],
    roots()[0] ?? process.cwd(),
  );
  return Findings.parse(JSON.parse(output));
}

export class DevicesTree implements vscode.TreeDataProvider<DeviceNode> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly ask: () => Promise<Finding[]>;
  private findings: Promise<Finding[]> | null = null;

  /** `ask` runs the command; it is run when the view is first seen, and after `refresh`. */
  constructor(ask: () => Promise<Finding[]>) {
    this.ask = ask;
  }

  refresh(): void {
    this.findings = null;
    this.changed.fire(undefined);
  }

  async getChildren(node?: DeviceNode): Promise<DeviceNode[]> {
    if (!node) {
      this.findings ??= this.ask();
      return (await this.findings).map((finding) => ({ kind: 'finding', finding }));
    }
    const remedy = node.kind === 'finding' ? node.finding.remedy : null;
    return remedy === null ? [] : [{ kind: 'remedy', remedy }];
  }

  getTreeItem(node: DeviceNode): vscode.TreeItem {
    if (node.kind === 'remedy') {
      const item = new vscode.TreeItem(vscode.l10n.t('How to get it'));
      item.description = node.remedy;
      item.tooltip = node.remedy;
      item.accessibilityInformation = { label: `${item.label}: ${node.remedy}` };
      item.iconPath = new vscode.ThemeIcon('lightbulb');
      const title = vscode.l10n.t('Copy');
      item.command = { command: commands.showRemedy, title, arguments: [node.remedy] };
      return item;
    }
    const { name, found, state, gives, remedy } = node.finding;
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(name, remedy === null ? None : Collapsed);
    item.id = name;
    item.description = state;
    item.tooltip = `${name}: ${state}\n${gives}`;
    item.iconPath = found
      ? new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
      : new vscode.ThemeIcon('circle-slash');
    const there = found ? vscode.l10n.t('here') : vscode.l10n.t('missing');
    item.accessibilityInformation = { label: `${name}, ${there}, ${state}` };
    return item;
  }
}

/** Says how to get something, whole, and copies it when asked. */
export async function showRemedy(given?: unknown): Promise<void> {
  const remedy = z.string().safeParse(given);
  if (!remedy.success) {
    await vscode.commands.executeCommand(`${views.devices}.focus`);
    return;
  }
  const title = vscode.l10n.t('Copy');
  notice('information', remedy.data, { title, act: () => vscode.env.clipboard.writeText(remedy.data) });
}
