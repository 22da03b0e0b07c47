// Keys of judges and the hub's token: kept in VS Code's secret storage under the name that a .merf file gives them (`key "OPENAI_API_KEY"`),
// and handed to `merf` processes of trusted workspaces as environment variables of that name. Never written elsewhere.

import * as vscode from 'vscode';
import { languageId } from '../commands.ts';
import { HUB_TOKEN, isKeyName, keyNames } from './key_names.ts';

/** Names of the keys that are kept; their values are in the secret storage. */
const NAMES = 'merf.judgeKeys';

export class JudgeKeys {
  private readonly context: vscode.ExtensionContext;
  private readonly values = new Map<string, string>();

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    context.subscriptions.push(
      context.secrets.onDidChange(({ key }) => {
        if (key.startsWith(`${NAMES}.`)) void this.load();
      }),
    );
  }

  /** Reads the kept keys; before it has, there are none. */
  async load(): Promise<void> {
    this.values.clear();
    for (const name of this.names()) {
      const value = await this.context.secrets.get(`${NAMES}.${name}`);
      if (value !== undefined) this.values.set(name, value);
    }
  }

  /** For a child process; nothing in a workspace that is not trusted. */
  environment(): Record<string, string> {
    return vscode.workspace.isTrusted ? Object.fromEntries(this.values) : {};
  }

  /** Asks for a name (those of the file in the editor first) and a key; an empty key forgets it. */
  async set(): Promise<void> {
    const name = await this.chooseName();
    if (name !== undefined) await this.ask(name, name);
  }

  /** Asks for the token of the Hugging Face hub, for models that need access. */
  async setHubToken(): Promise<void> {
    await this.ask(HUB_TOKEN, vscode.l10n.t('Hugging Face token ({0})', HUB_TOKEN));
  }

  private async ask(name: string, title: string): Promise<void> {
    const value = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('It is kept in VS Code’s secret storage. Leave it empty to forget the key.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (value === undefined) return;
    await this.keep(name, value.trim());
    const words =
      value.trim() === ''
        ? vscode.l10n.t('The key {0} is forgotten.', name)
        : vscode.l10n.t('The key {0} is kept.', name);
    vscode.window.setStatusBarMessage(`MeRF: ${words}`, 5000);
  }

  async keep(name: string, value: string): Promise<void> {
    const names = this.names().filter((one) => one !== name);
    if (value === '') await this.context.secrets.delete(`${NAMES}.${name}`);
    else await this.context.secrets.store(`${NAMES}.${name}`, value);
    await this.context.globalState.update(NAMES, value === '' ? names : [...names, name]);
    await this.load();
  }

  private names(): string[] {
    return this.context.globalState.get<string[]>(NAMES, []).filter(isKeyName);
  }

  private async chooseName(): Promise<string | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    const named = document?.languageId === languageId ? keyNames(document.getText()) : [];
    const known = [...new Set([...named, ...this.names()])].filter((one) => one !== HUB_TOKEN);
    const other = vscode.l10n.t('Another name…');
    const placeHolder = vscode.l10n.t('Which key? The name is the one that `key "…"` of a judge has.');
    const picked = known.length === 0 ? other : await vscode.window.showQuickPick([...known, other], { placeHolder });
    if (picked !== other) return picked;
    return vscode.window.showInputBox({
      prompt: placeHolder,
      value: 'OPENAI_API_KEY',
      validateInput: (name) =>
        isKeyName(name) ? null : vscode.l10n.t('A name of capital letters, digits and _, with KEY or TOKEN in it.'),
    });
  }
}
