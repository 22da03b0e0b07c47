// The language server as a child of the extension host, over stdio. It knows nothing of VS Code; this file knows
// nothing of the language. The server is told which commands there are to offer, and where runs lie.

import { join } from 'node:path';
import type * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { z } from 'zod';
import { commands, languageId } from '../commands.ts';
import { caseNumbersShown } from '../studio.ts';

const Place = z.object({ line: z.number(), character: z.number() });
const Range = z.object({ start: Place, end: Place });
const ExampleItems = z
  .array(
    z.object({ name: z.string(), range: Range, expectations: z.array(z.object({ name: z.string(), range: Range })) }),
  )
  .nullable();
const CaseItem = z.object({
  rule: z.string(),
  case: z.number(),
  range: Range,
  score: z.string(),
  share: z.string(),
  curve: z.array(z.number()),
});
export type CaseItem = z.infer<typeof CaseItem>;
/** What the latest run says of each case of a text. */
const CaseNumbers = z.object({
  run: z.object({ folder: z.string(), arm: z.string(), seed: z.number(), step: z.number() }),
  cases: z.array(CaseItem),
});
export type CaseNumbers = z.infer<typeof CaseNumbers>;
export type ExampleItem = NonNullable<z.infer<typeof ExampleItems>>[number];

export class LanguageServer implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly roots: () => string[];

  /** `roots` names the folders that hold `.merf/runs`, as they are configured now. */
  constructor(context: vscode.ExtensionContext, roots: () => string[]) {
    this.roots = roots;
    const module = join(context.extensionPath, 'dist', 'server.mjs');
    const server = { module, transport: TransportKind.stdio };
    const serverOptions: ServerOptions = {
      run: server,
      debug: { ...server, options: { execArgv: ['--inspect=6009'] } },
    };
    const clientOptions: LanguageClientOptions = {
      documentSelector: [
        { language: languageId, scheme: 'file' },
        { language: languageId, scheme: 'untitled' },
      ],
      initializationOptions: () => ({ commands: Object.values(commands), ...this.runOptions() }),
    };
    this.client = new LanguageClient('merf', 'MeRF Language Server', serverOptions, clientOptions);
  }

  /** Starts it, or starts it anew. */
  async start(): Promise<void> {
    if (this.client.isRunning()) await this.client.restart();
    else await this.client.start();
  }

  dispose(): void {
    void this.client.stop();
  }

  /** What lenses and hovers say of runs may be old. */
  async runsChanged(): Promise<void> {
    if (this.client.isRunning()) await this.client.sendNotification('merf/runsChanged', this.runOptions());
  }

  private runOptions(): { roots: string[]; numbers: boolean } {
    return { roots: this.roots(), numbers: caseNumbersShown() };
  }

  /** Of an open text; null: its experiment has no run, or the server is not there. */
  async caseNumbersOf(uri: vscode.Uri): Promise<CaseNumbers | null> {
    if (!this.client.isRunning()) return null;
    const answer: unknown = await this.client.sendRequest('merf/caseNumbers', { uri: uri.toString() });
    return CaseNumbers.nullable().parse(answer);
  }

  /** The examples of a text as it stands, open or on disk; null: it cannot be read. */
  async examplesOf(uri: vscode.Uri): Promise<ExampleItem[] | null> {
    if (!this.client.isRunning()) return null;
    const answer: unknown = await this.client.sendRequest('merf/examples', { uri: uri.toString() });
    return ExampleItems.parse(answer);
  }
}
