// `merf probe` in the editor: run with progress and cancel, its findings underlined at the rules until the text changes,
// the response that shows a finding on hover, and a quick fix that makes an example of it.

import * as vscode from 'vscode';
import { z } from 'zod';
import { plain } from '../../spec/number_text.ts';
import { commands, languageId } from '../commands.ts';
import { run } from '../merf_command.ts';
import { notice } from '../notice.ts';
import { chooseFile, savedFile } from '../runs/choose.ts';
import { judgingCommand, rootOf, type Studio } from '../studio.ts';
import { trusted } from '../trust.ts';
import { showFailure } from '../words.ts';
import { toRange } from './ranges.ts';
import { type ProbeFinding, ProbeReport, readReport } from './reports.ts';

const SOURCE = 'merf probe';
/** Characters of a response that a hover shows. */
const SHOWN = 1500;

const Wanted = z.object({ uri: z.string() });

interface Found {
  range: vscode.Range;
  finding: ProbeFinding;
}

export class Probe implements vscode.HoverProvider, vscode.CodeActionProvider {
  private readonly studio: Studio;
  private readonly collection = vscode.languages.createDiagnosticCollection(SOURCE);
  private readonly found = new Map<string, Found[]>();

  constructor(studio: Studio) {
    this.studio = studio;
    studio.context.subscriptions.push(
      this.collection,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.forget(document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      vscode.languages.registerHoverProvider(languageId, this),
      vscode.languages.registerCodeActionsProvider(languageId, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  /** Probes the file of `{ uri }`, or the one in the editor. Resolves with what was found; undefined: it gave up. */
  async run(given?: unknown): Promise<readonly ProbeFinding[] | undefined> {
    const why = vscode.l10n.t('The probe may run verifiers of the workspace. Trust it first.');
    if (!trusted(why)) return undefined;
    try {
      const wanted = Wanted.safeParse(given);
      const uri = wanted.success ? wanted.data.uri : given instanceof vscode.Uri ? given.toString() : undefined;
      const file = await (uri === undefined ? chooseFile() : savedFile(uri));
      if (file === undefined) return undefined;
      const document = await vscode.workspace.openTextDocument(file);
      const { version } = document;
      const report = await this.probe(file);
      if (report === null) return undefined;
      if (document.version === version) this.show(report.findings);
      await this.announce(document, report);
      return report.findings;
    } catch (error) {
      showFailure(this.studio.log, vscode.l10n.t('The probe did not finish'), error);
      return undefined;
    }
  }

  /** Where it is cancelled: what it had found by then; null: nothing yet. */
  private async probe(file: string): Promise<ProbeReport | null> {
    const title = vscode.l10n.t('MeRF: probing the reward of {0}', vscode.workspace.asRelativePath(file));
    const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
    return vscode.window.withProgress(options, async (_, token) => {
      const stopped = new AbortController();
      token.onCancellationRequested(() => stopped.abort());
      try {
        const args = ['probe', file, '--format', 'json'];
        const output = await run(judgingCommand(this.studio), args, rootOf(file), {
          interrupt: stopped.signal,
          accepts: [0, 1],
        });
        return readReport(ProbeReport, output);
      } catch (error) {
        if (token.isCancellationRequested) return null;
        throw error;
      }
    });
  }

  private async announce(
    document: vscode.TextDocument,
    { findings, responses, isPartial }: ProbeReport,
  ): Promise<void> {
    const isClean = findings.length === 0;
    const words = isClean
      ? vscode.l10n.t('The probe found nothing in {0} responses.', responses)
      : vscode.l10n.t('The probe found {0} in {1} responses.', findings.length, responses);
    const partly = isPartial ? ` ${vscode.l10n.t('It did not look at everything.')}` : '';
    const title = vscode.l10n.t('Show Problems');
    const show = { title, act: () => vscode.commands.executeCommand('workbench.actions.view.problems') };
    notice('information', `${words}${partly}`, ...(isClean ? [] : [show]));
    await vscode.window.showTextDocument(document, { preserveFocus: true });
  }

  private show(findings: readonly ProbeFinding[]): void {
    for (const file of new Set(findings.map((finding) => finding.file))) {
      const uri = vscode.Uri.file(file);
      const found = findings
        .filter((finding) => finding.file === file)
        .map((finding) => ({ finding, range: toRange(finding.range) }));
      this.found.set(uri.toString(), found);
      this.collection.set(uri, found.map(diagnosticOf));
    }
  }

  private forget(uri: vscode.Uri): void {
    this.found.delete(uri.toString());
    this.collection.delete(uri);
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const here = this.at(document, new vscode.Range(position, position)).filter(
      ({ finding }) => finding.response !== '',
    );
    if (here.length === 0) return undefined;
    const [first] = here;
    return new vscode.Hover(
      here.map(({ finding }) => responseText(finding)),
      first?.range,
    );
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const diagnostics = this.collection.get(document.uri) ?? [];
    return this.at(document, range).flatMap(({ finding }) => {
      if (finding.example === '') return [];
      const action = new vscode.CodeAction(
        vscode.l10n.t('Add as example: {0}', finding.kind.replaceAll('_', ' ')),
        vscode.CodeActionKind.QuickFix,
      );
      action.diagnostics = diagnostics.filter(
        ({ code, range: own }) => code === finding.kind && own.intersection(range),
      );
      const argument = { uri: document.uri.toString(), example: finding.example };
      action.command = { command: commands.addExample, title: action.title, arguments: [argument] };
      return [action];
    });
  }

  private at(document: vscode.TextDocument, range: vscode.Range): Found[] {
    return (this.found.get(document.uri.toString()) ?? []).filter((one) => one.range.intersection(range) !== undefined);
  }
}

function diagnosticOf({ range, finding }: Found): vscode.Diagnostic {
  const severity =
    finding.severity === 'warning' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const diagnostic = new vscode.Diagnostic(range, `${finding.message} ${finding.remedy}`.trim(), severity);
  diagnostic.source = SOURCE;
  diagnostic.code = finding.kind;
  return diagnostic;
}

/** The response that shows it, as it is: nothing of what a model might write is markup here. */
function responseText({ kind, response, reward, comparedTo }: ProbeFinding): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(`${kind.replaceAll('_', ' ')}: ${vscode.l10n.t('This response earns {0}:', plain(reward))}`);
  text.appendCodeblock(shortened(response), 'text');
  if (comparedTo) {
    text.appendText(`${comparedTo.title}: ${plain(comparedTo.reward)}`);
    if (comparedTo.response !== '') text.appendCodeblock(shortened(comparedTo.response), 'text');
  }
  return text;
}

function shortened(response: string): string {
  return response.length > SHOWN ? `${response.slice(0, SHOWN)}…` : response;
}
