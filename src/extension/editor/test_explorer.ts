// The examples of .merf files in VS Code's test view: found as they are typed, in files that are not open too, run by
// `merf test`, and each failure shown where the example says what it expected.

import { basename } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { explain } from '../../spec/error.ts';
import { signed } from '../../spec/number_text.ts';
import { languageId } from '../commands.ts';
import { CommandFailure, run } from '../merf_command.ts';
import { judgingCommand, rootOf, type Studio } from '../studio.ts';
import { trusted } from '../trust.ts';
import type { ExampleItem } from './language.ts';
import { toRange } from './ranges.ts';
import { type ExampleOutcome, readReport, TestReport } from './reports.ts';

const PATTERN = '**/*.merf';
const PAUSE = 150;

const Wanted = z.object({ uri: z.string(), example: z.string() });

export class ExampleTests implements vscode.Disposable {
  private readonly studio: Studio;
  private readonly examplesOf: (uri: vscode.Uri) => Promise<ExampleItem[] | null>;
  private readonly controller = vscode.tests.createTestController('merf.examples', vscode.l10n.t('MeRF examples'));
  private readonly disposables: vscode.Disposable[] = [this.controller];
  /** Where each example of a file states what it expects. */
  private readonly found = new Map<string, readonly ExampleItem[]>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly finished = new vscode.EventEmitter<readonly ExampleOutcome[]>();
  /** A file's examples have been run. */
  readonly onDidRun = this.finished.event;

  constructor(studio: Studio, examplesOf: (uri: vscode.Uri) => Promise<ExampleItem[] | null>) {
    this.studio = studio;
    this.examplesOf = examplesOf;
    this.controller.resolveHandler = (item) => (item?.uri ? this.discover(item.uri) : this.discoverAll());
    this.controller.refreshHandler = () => this.discoverAll();
    const handler = (request: vscode.TestRunRequest, token: vscode.CancellationToken) => this.start(request, token);
    const kind = vscode.TestRunProfileKind.Run;
    this.controller.createRunProfile(vscode.l10n.t('Run Examples'), kind, handler, true, undefined, true);
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    this.disposables.push(
      watcher,
      this.finished,
      watcher.onDidCreate((uri) => this.discoverSoon(uri)),
      watcher.onDidChange((uri) => this.discoverSoon(uri)),
      watcher.onDidDelete((uri) => this.forget(uri)),
      vscode.workspace.onDidOpenTextDocument(({ languageId: id, uri }) => id === languageId && this.discoverSoon(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document: { languageId: id, uri } }) => {
        if (id === languageId) this.discoverSoon(uri);
      }),
    );
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    for (const one of this.disposables) one.dispose();
  }

  /** `example` of each file that was found, for other extensions and tests. */
  names(): { file: string; examples: string[] }[] {
    return items(this.controller.items).map((item) => ({
      file: item.uri?.fsPath ?? '',
      examples: items(item.children).map(({ label }) => label),
    }));
  }

  // ---------------------------------------------------------------- finding

  async discoverAll(): Promise<void> {
    const files = await vscode.workspace.findFiles(PATTERN, '**/node_modules/**', 500);
    const known = new Set(files.map((uri) => uri.toString()));
    for (const item of items(this.controller.items)) if (item.uri && !known.has(item.id)) this.forget(item.uri);
    for (const uri of files) await this.discover(uri);
  }

  private discoverSoon(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => void this.discover(uri), PAUSE),
    );
  }

  private async discover(uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== 'file') return;
    const examples = await this.examplesOf(uri).catch(() => null);
    if (!examples || examples.length === 0) {
      this.forget(uri);
      return;
    }
    this.found.set(uri.toString(), examples);
    const file = this.controller.items.get(uri.toString()) ?? this.addFile(uri);
    const names = new Set(examples.map(({ name }) => name));
    for (const item of items(file.children)) if (!names.has(item.label)) file.children.delete(item.id);
    examples.forEach(({ name, range }, index) => {
      const id = `${uri.toString()}#${name}`;
      const item = file.children.get(id) ?? this.controller.createTestItem(id, name, uri);
      item.range = toRange(range);
      item.sortText = String(index).padStart(5, '0');
      file.children.add(item);
    });
  }

  private addFile(uri: vscode.Uri): vscode.TestItem {
    const item = this.controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    this.controller.items.add(item);
    return item;
  }

  private forget(uri: vscode.Uri): void {
    this.found.delete(uri.toString());
    this.controller.items.delete(uri.toString());
  }

  // ---------------------------------------------------------------- running

  /** Runs one example of `{ uri, example }`, from a lens; anything else: all that the file in the editor has. */
  async runExample(given?: unknown): Promise<void> {
    const wanted = Wanted.safeParse(given);
    const uri = wanted.success ? vscode.Uri.parse(wanted.data.uri, true) : vscode.window.activeTextEditor?.document.uri;
    if (!uri) return;
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.isDirty) await document.save();
    await this.discover(uri);
    const file = this.controller.items.get(uri.toString());
    const item = wanted.success ? file?.children.get(`${uri.toString()}#${wanted.data.example}`) : file;
    if (item) await this.runOnce(new vscode.TestRunRequest([item]), new vscode.CancellationTokenSource().token);
  }

  private async start(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    if (!request.continuous) return this.runOnce(request, token);
    const saving = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const file = this.controller.items.get(uri.toString());
      if (!file) return;
      const inside = request.include?.filter(({ uri: own }) => own?.toString() === uri.toString());
      if (inside?.length === 0) return;
      void this.runOnce(new vscode.TestRunRequest(inside ?? [file], request.exclude), token);
    });
    token.onCancellationRequested(() => saving.dispose());
  }

  private async runOnce(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const why = vscode.l10n.t('Examples may run verifiers of the workspace. Trust it first.');
    if (!trusted(why)) return;
    const wanted = this.wantedOf(request);
    const test = this.controller.createTestRun(request);
    const stopped = new AbortController();
    const listening = token.onCancellationRequested(() => stopped.abort());
    for (const item of [...wanted.values()].flat()) test.enqueued(item);
    for (const [key, examples] of wanted) {
      if (token.isCancellationRequested) break;
      for (const item of examples) test.started(item);
      await this.runFile(test, vscode.Uri.parse(key, true), examples, stopped.signal);
    }
    listening.dispose();
    test.end();
  }

  /** Examples by their file's URI. */
  private wantedOf(request: vscode.TestRunRequest): Map<string, vscode.TestItem[]> {
    const excluded = new Set(request.exclude ?? []);
    const wanted = new Map<string, vscode.TestItem[]>();
    const add = (item: vscode.TestItem): void => {
      if (excluded.has(item)) return;
      if (item.parent === undefined) {
        for (const child of items(item.children)) add(child);
        return;
      }
      const key = item.uri?.toString() ?? '';
      const there = wanted.get(key) ?? [];
      if (!there.includes(item)) wanted.set(key, [...there, item]);
    };
    for (const item of request.include ?? items(this.controller.items)) add(item);
    return wanted;
  }

  private async runFile(
    test: vscode.TestRun,
    uri: vscode.Uri,
    examples: readonly vscode.TestItem[],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const args = ['test', uri.fsPath, '--format', 'json'];
      const command = judgingCommand(this.studio);
      const output = await run(command, args, rootOf(uri.fsPath), { signal, accepts: [0, 1] });
      const [file] = readReport(TestReport, output).files;
      if (!file || file.error !== null) throw new CommandFailure(file?.error ?? 'merf test reported no file.');
      for (const item of examples) {
        const outcome = file.examples.find(({ name }) => name === item.label);
        if (outcome) this.report(test, item, outcome);
        else test.skipped(item);
      }
      this.finished.fire(file.examples);
    } catch (error) {
      if (signal.aborted) for (const item of examples) test.skipped(item);
      else for (const item of examples) test.errored(item, new vscode.TestMessage(explainFailure(error)));
    }
  }

  private report(test: vscode.TestRun, item: vscode.TestItem, outcome: ExampleOutcome): void {
    const { status, milliseconds, judgements, reason } = outcome;
    const file = basename(item.uri?.fsPath ?? '');
    const say = (words: string): void => test.appendOutput(`${file}: ${item.label}: ${words}\r\n`, undefined, item);
    if (status === 'passed') {
      say(vscode.l10n.t('passed'));
      test.passed(item, milliseconds);
      return;
    }
    if (status === 'not_run') {
      say(reason ?? vscode.l10n.t('not run'));
      test.skipped(item);
      return;
    }
    const failed = judgements.filter(({ passed }) => !passed);
    const messages = failed.map((judgement) => this.messageOf(item, judgement));
    for (const { message } of messages) say(typeof message === 'string' ? message : message.value);
    test.failed(item, messages, milliseconds);
  }

  /** At the place where the example says what it expects. */
  private messageOf(item: vscode.TestItem, judgement: ExampleOutcome['judgements'][number]): vscode.TestMessage {
    const name = judgement.rule ?? 'reward';
    const expected = signed(judgement.expected);
    const actual = judgement.actual === null ? '?' : signed(judgement.actual);
    const words = vscode.l10n.t('{0}: expected {1}, got {2}', name, expected, actual);
    const why = judgement.text === null ? words : `${words} (${judgement.text})`;
    const message = vscode.TestMessage.diff(why, `${name} ${expected}`, `${name} ${actual}`);
    const example = this.found.get(item.uri?.toString() ?? '')?.find((one) => one.name === item.label);
    const stated = example?.expectations.find((one) => one.name === name);
    if (item.uri && stated) message.location = new vscode.Location(item.uri, toRange(stated.range));
    return message;
  }
}

function explainFailure(error: unknown): string {
  return error instanceof CommandFailure ? error.message : explain(error);
}

function items(collection: vscode.TestItemCollection): vscode.TestItem[] {
  return [...collection].map(([, item]) => item);
}
