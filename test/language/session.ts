// A language server as a child process, spoken to over its standard input and output as any editor would.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import {
  createProtocolConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const root = new URL('../../', import.meta.url).pathname;

export interface Session {
  connection: ProtocolConnection;
  /** Every diagnostics message so far, in the order of their arrival. */
  published: PublishDiagnosticsParams[];
  /** What the server asked the editor to watch. */
  watched: string[];
  /** Resolves with the diagnostics of exactly this version of a text. */
  diagnosticsOf(uri: string, version: number): Promise<PublishDiagnosticsParams>;
  open(uri: string, text: string, version?: number): Promise<void>;
  replace(uri: string, text: string, version: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param folders URIs of the folders that the editor has open
 * @param watchesFiles the editor can tell of files that change on disk
 */
export async function startSession(folders: readonly string[] = [], watchesFiles = false): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'merf-server-'));
  const outfile = join(folder, 'dist/server.mjs');
  cpSync(join(root, 'docs/diagnostics.md'), join(folder, 'docs/diagnostics.md'));
  const banner =
    "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
  await build({
    entryPoints: [join(root, 'src/cli/server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    logLevel: 'error',
  });
  const server = spawn(process.execPath, [outfile, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const published: PublishDiagnosticsParams[] = [];
  const listeners = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const listener of [...listeners]) listener();
  });
  const watched: string[] = [];
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    watched.push(...registrations.map(({ method, registerOptions }) => `${method} ${JSON.stringify(registerOptions)}`));
  });
  connection.listen();
  const workspaceFolders = folders.map((uri) => ({ uri, name: uri }));
  const capabilities = watchesFiles ? { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } } : {};
  const parameters = { processId: process.pid, rootUri: null, capabilities, workspaceFolders };
  await connection.sendRequest('initialize', parameters);
  await connection.sendNotification('initialized', {});

  return {
    connection,
    published,
    watched,
    diagnosticsOf: (uri, version) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = published.find((params) => params.uri === uri && params.version === version);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    open: (uri, text, version = 1) =>
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'merf', version, text },
      }),
    replace: (uri, text, version) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    close: () => shutDown(connection, server, folder),
  };
}

async function shutDown(connection: ProtocolConnection, server: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  await ended;
  connection.dispose();
  rmSync(folder, { recursive: true, force: true });
}
