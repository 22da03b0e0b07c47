// The language server: plain LSP over stdio (`merf lsp`), for any editor. It holds each open text with its analysis and
// answers from that; diagnostics carry the version they are of and are never of an older one. What it may ask about the
// world around a text (runs on disk) is handed to it by whoever starts it.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  CodeLensRefreshRequest,
  type Connection,
  createConnection,
  type Diagnostic,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileText } from '../spec/facts.ts';
import { type Diagnostic as MerfDiagnostic, readSource } from './check.ts';
import { type Client, clientOf, NO_CLIENT, Options } from './editor/client.ts';
import { Dependencies, WATCHED } from './editor/dependencies.ts';
import { type EditorDocument, openDocument } from './editor/document.ts';
import { type ExampleItem, examplesOf } from './editor/examples.ts';
import type { NumbersSource, RunNumbers } from './editor/numbers.ts';
import { answerRequests, CAPABILITIES } from './editor/requests.ts';
import { besideOf, isSameFile, pathOf } from './editor/uri.ts';
import { WorkspaceSymbols } from './editor/workspace.ts';
import { NOTHING_AROUND, type Surroundings, type World } from './surroundings.ts';

/** Changes that arrive within this many milliseconds are checked together; those that arrive meanwhile, after it. */
const PAUSE = 5;

/** After so many milliseconds without a change, what is not known yet about the world around a text is found out. */
const PAUSE_BEFORE_SLOW = 300;

export interface ServerParts {
  /** Files, data and models around a text; left out: nothing is known of them. */
  world?: World;
  /** Numbers of the latest run, for hover and lenses; left out: there are none. */
  numbers?: NumbersSource;
}

/** Serves the editor at the other end of standard input and output until it says `exit`. */
export function serve(parts: ServerParts = {}): void {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new Server(connection, parts).listen();
}

class Server {
  private readonly connection: Connection;
  private readonly parts: ServerParts;
  private readonly texts = new TextDocuments(TextDocument);
  private readonly analysed = new Map<string, EditorDocument>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly openTexts = new WeakMap<TextDocument, { version: number; file: FileText }>();
  private readonly finding = new Map<string, AbortController>();
  private readonly dependencies = new Map<string, Dependencies>();
  private folders: readonly string[] = [];
  private workspace = new WorkspaceSymbols([]);
  private client: Client = NO_CLIENT;

  constructor(connection: Connection, parts: ServerParts) {
    this.connection = connection;
    this.parts = parts;
  }

  listen(): void {
    const { connection, texts } = this;
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => this.watchFiles());
    connection.onDidChangeWatchedFiles(({ changes }) => this.recheck(changes.map(({ uri }) => uri)));
    texts.onDidChangeContent(({ document }) => this.changed(document.uri));
    texts.onDidClose(({ document }) => this.closed(document.uri));
    answerRequests(connection, {
      everywhere: () => this.everywhere(),
      documentOf: (uri) => this.documentOf(uri),
      runOf: (document) => this.runOf(document),
      samplesOf: (...asked) => this.parts.numbers?.samples(...asked) ?? [],
      client: () => this.client,
    });
    connection.onWorkspaceSymbol(({ query }) => {
      return this.workspace.find(query, this.open());
    });
    connection.onRequest('merf/examples', ({ uri }: { uri: string }) => this.examplesOf(uri));
    connection.onNotification('merf/runsChanged', (options: unknown) => this.runsChanged(options));
    texts.listen(connection);
    connection.listen();
  }

  private initialize(params: InitializeParams): InitializeResult {
    const { workspaceFolders } = params;
    this.folders = (workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
    this.workspace = new WorkspaceSymbols(this.folders);
    this.client = clientOf(params);
    return {
      serverInfo: { name: 'merf' },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        workspaceSymbolProvider: true,
        ...CAPABILITIES,
      },
    };
  }

  // ---------------------------------------------------------------- texts and diagnostics

  /** The analysis of the newest version of a text. */
  private documentOf(uri: string): EditorDocument | null {
    const text = this.texts.get(uri);
    if (!text) return null;
    const known = this.analysed.get(uri);
    return known && known.version === text.version ? known : this.check(text);
  }

  private open(): EditorDocument[] {
    return this.texts.keys().flatMap((uri) => this.documentOf(uri) ?? []);
  }

  /** The open texts, and the files of the editor's folders that import something. */
  private async everywhere(): Promise<EditorDocument[]> {
    const open = this.open();
    const closed = await this.workspace.importing(open);
    return [...open, ...closed.map((text) => openDocument(text, this.around(text.uri)))];
  }

  private check(text: TextDocument): EditorDocument {
    const path = pathOf(text.uri);
    const around = this.around(text.uri);
    const dependencies = path === null ? null : new Dependencies(path);
    const fresh = openDocument(text, dependencies?.of(around) ?? around, this.analysed.get(text.uri));
    this.analysed.set(text.uri, fresh);
    if (dependencies) this.dependencies.set(text.uri, dependencies);
    return fresh;
  }

  private around(uri: string): Surroundings {
    const path = pathOf(uri);
    if (path === null || !this.parts.world) return NOTHING_AROUND;
    const onDisk = this.parts.world(path);
    return { ...onDisk, text: (written) => this.openText(uri, written) ?? onDisk.text(written) };
  }

  /** Of an imported file that is open: as it stands in the editor. */
  private openText(from: string, path: string): FileText | null {
    const uri = besideOf(from, path);
    const text = uri && this.texts.all().find((each) => isSameFile(each.uri, uri));
    if (!text) return null;
    const known = this.openTexts.get(text);
    if (known?.version === text.version) return known.file;
    const file = { text: text.getText() };
    this.openTexts.set(text, { version: text.version, file });
    return file;
  }

  /** Asks the editor to tell when a file changes that a check may look at. */
  private watchFiles(): void {
    if (!this.client.watchesFiles) return;
    const watchers = [{ globPattern: WATCHED }];
    void this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }

  /** Checks the open texts again that look at one of these files. */
  private recheck(uris: readonly string[]): void {
    this.recheckThose((from, dependencies) => uris.some((uri) => uri !== from && dependencies.has(uri)));
  }

  private recheckThose(isMeant: (uri: string, dependencies: Dependencies) => boolean): void {
    for (const [from, dependencies] of [...this.dependencies]) {
      const text = this.texts.get(from);
      if (!text || !isMeant(from, dependencies)) continue;
      this.check(text);
      this.publish(from);
    }
  }

  private changed(uri: string): void {
    this.finding.get(uri)?.abort();
    clearTimeout(this.waiting.get(uri));
    this.waiting.set(
      uri,
      setTimeout(() => {
        this.publish(uri);
        this.recheck([uri]);
        if (!this.client.watchesFiles)
          this.recheckThose((from, dependencies) => from !== uri && dependencies.isStale());
      }, PAUSE),
    );
  }

  private closed(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    this.waiting.delete(uri);
    this.finding.get(uri)?.abort();
    this.finding.delete(uri);
    this.analysed.delete(uri);
    this.dependencies.delete(uri);
    void this.connection.sendDiagnostics({ uri, diagnostics: [] });
    this.recheck([uri]);
  }

  private publish(uri: string): void {
    this.waiting.delete(uri);
    const document = this.documentOf(uri);
    if (!document) return;
    const diagnostics = document.analysed.diagnostics.map(toLsp);
    void this.connection.sendDiagnostics({ uri, version: document.version, diagnostics });
    if (document.analysed.isWaiting) void this.findOut(uri);
  }

  /** What the check could not know yet, after a pause; then the same text is checked again, unless it has changed. */
  private async findOut(uri: string): Promise<void> {
    const controller = new AbortController();
    this.finding.set(uri, controller);
    const { signal } = controller;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_BEFORE_SLOW));
    if (signal.aborted || !(await this.around(uri).settle(signal)) || signal.aborted) return;
    const text = this.texts.get(uri);
    if (!text) return;
    this.check(text);
    this.publish(uri);
  }

  // ---------------------------------------------------------------- runs and examples

  private runOf({ text, analysed }: EditorDocument): RunNumbers | null {
    const { name } = analysed.understood;
    if (!this.parts.numbers || !this.client.numbers || name === '') return null;
    const path = pathOf(text.uri);
    const near = [...this.folders, ...(path === null ? [] : [dirname(path)])];
    return this.parts.numbers.latest(this.client.roots ?? [...new Set(near)], name);
  }

  /** The editor has seen runs change, or looks for them elsewhere now: what lenses say may be old. */
  private runsChanged(options: unknown): void {
    const given = Options.safeParse(options ?? {});
    if (given.success) {
      const { roots, numbers } = given.data;
      this.client = { ...this.client, numbers: numbers ?? this.client.numbers, roots: roots ?? this.client.roots };
    }
    if (this.client.refreshesLenses) void this.connection.sendRequest(CodeLensRefreshRequest.type);
  }

  /** Of an open text, or of a file as it is on disk; null: it cannot be read. */
  private async examplesOf(uri: string): Promise<ExampleItem[] | null> {
    const open = this.documentOf(uri);
    if (open) return examplesOf(open);
    const path = pathOf(uri);
    if (path === null) return null;
    try {
      const text = TextDocument.create(uri, 'merf', 0, await readSource(path));
      return examplesOf(openDocument(text, this.around(uri)));
    } catch {
      return null;
    }
  }
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
