// The language server: plain LSP over stdio (`node dist/server.mjs --stdio`), for any editor. It holds each open text
// with its analysis and answers from that; diagnostics carry the version they are of and are never of an older one.

import { existsSync } from 'node:fs';
import {
  createConnection,
  type Diagnostic,
  DiagnosticSeverity,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic as MerfDiagnostic } from './check.ts';
import { type EditorDocument, openDocument } from './editor/document.ts';
import { answerRequests, CAPABILITIES } from './editor/requests.ts';
import { WorkspaceSymbols } from './editor/workspace.ts';

/** Changes that arrive within this many milliseconds are checked together; those that arrive meanwhile, after it. */
const PAUSE = 5;

const connection = createConnection(ProposedFeatures.all);
const texts = new TextDocuments(TextDocument);
const analysed = new Map<string, EditorDocument>();
const waiting = new Map<string, NodeJS.Timeout>();
let workspace = new WorkspaceSymbols([]);

connection.onInitialize(({ workspaceFolders }) => {
  workspace = new WorkspaceSymbols((workspaceFolders ?? []).map(({ uri }) => uri));
  return {
    serverInfo: { name: 'merf' },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      workspaceSymbolProvider: true,
      ...CAPABILITIES,
    },
  };
});

// ------------------------------------------------------------------ texts and diagnostics

/** The analysis of the newest version of a text. */
function documentOf(uri: string): EditorDocument | null {
  const text = texts.get(uri);
  if (!text) return null;
  const known = analysed.get(uri);
  if (known && known.version === text.version) return known;
  const fresh = openDocument(text, known);
  analysed.set(uri, fresh);
  return fresh;
}

texts.onDidChangeContent(({ document: { uri } }) => {
  clearTimeout(waiting.get(uri));
  waiting.set(
    uri,
    setTimeout(() => publish(uri), PAUSE),
  );
});

texts.onDidClose(({ document: { uri } }) => {
  clearTimeout(waiting.get(uri));
  waiting.delete(uri);
  analysed.delete(uri);
  void connection.sendDiagnostics({ uri, diagnostics: [] });
});

function publish(uri: string): void {
  waiting.delete(uri);
  const document = documentOf(uri);
  if (!document) return;
  const diagnostics = document.analysed.diagnostics.map(toLsp);
  void connection.sendDiagnostics({ uri, version: document.version, diagnostics });
}

function toLsp({ code, severity, message, range, href }: MerfDiagnostic): Diagnostic {
  const page = documentation(href);
  return {
    range,
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    ...(page === null ? {} : { codeDescription: { href: page } }),
    source: 'merf',
    message,
  };
}

/** The page in the folder this server was installed in: beside dist/, or two folders above its source. */
function documentation(href: string): string | null {
  const pages = ['../', '../../'].map((up) => new URL(`${up}${href}`, import.meta.url));
  return pages.find((page) => existsSync(page))?.href ?? null;
}

answerRequests(connection, documentOf);
connection.onWorkspaceSymbol(({ query }) => {
  const open = texts.keys().flatMap((uri) => documentOf(uri) ?? []);
  return workspace.find(query, open);
});

texts.listen(connection);
connection.listen();
