// The language server as a child of the extension host, over stdio. It knows nothing of VS Code; this file knows
// nothing of the language.

import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { languageId } from './commands.ts';

export async function startLanguageClient(context: vscode.ExtensionContext): Promise<LanguageClient> {
  const module = join(context.extensionPath, 'dist', 'server.mjs');
  const server = { module, transport: TransportKind.stdio };
  const serverOptions: ServerOptions = { run: server, debug: { ...server, options: { execArgv: ['--inspect=6009'] } } };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [
      { language: languageId, scheme: 'file' },
      { language: languageId, scheme: 'untitled' },
    ],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.merf') },
  };
  const client = new LanguageClient('merf', 'MeRF Language Server', serverOptions, clientOptions);
  context.subscriptions.push({ dispose: () => void client.stop() });
  await client.start();
  return client;
}
