// What every panel shares: its page, messages checked both ways, and the order of things: nothing is sent before the
// panel says `ready` (VS Code loads it again whenever it was hidden, and then everything is sent again).

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { z } from 'zod';
import { uiLanguage } from '../words.ts';
import { pageOf } from './page.ts';

export interface PanelKind<From> {
  /** Name of the script and the style sheet in dist/webview. */
  name: string;
  title: string;
  messages: z.ZodType<From>;
}

export interface Panel<To> {
  readonly shell: vscode.WebviewPanel;
  send(message: To): void;
}

/** Dresses a webview panel, new or given back after a reload, and hears what it says. */
export function openPanel<To, From>(
  context: vscode.ExtensionContext,
  shell: vscode.WebviewPanel,
  kind: PanelKind<From>,
  receive: (message: From, panel: Panel<To>) => void,
): Panel<To> {
  const folder = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
  const { webview } = shell;
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  shell.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'panel.svg');
  const panel: Panel<To> = {
    shell,
    send: (message) => void webview.postMessage(message),
  };
  webview.onDidReceiveMessage((data: unknown) => {
    const message = kind.messages.safeParse(data);
    if (message.success) receive(message.data, panel);
  });
  webview.html = pageOf({
    title: kind.title,
    language: uiLanguage(),
    source: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${kind.name}.js`)).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${kind.name}.css`)).toString(),
    nonce: randomBytes(18).toString('base64url'),
  });
  return panel;
}
