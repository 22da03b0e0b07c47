// What the server can be asked about a text, and which function answers.

import {
  CodeActionKind,
  type Connection,
  ErrorCodes,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { caseNumbersOf } from './case_numbers.ts';
import type { Client } from './client.ts';
import { completionsAt } from './completion.ts';
import type { EditorDocument } from './document.ts';
import { FIX_ALL, fixAllIn } from './fix_all.ts';
import { FORMAT_ON, formatDocument, formatLines, formatTyped } from './formatting.ts';
import { hoverAt } from './hover.ts';
import { inlayHintsOf } from './inlay_hints.ts';
import { lensesOf } from './lenses.ts';
import { linksOf } from './links.ts';
import { definitionAt, highlightsAt, referencesAt, renamableAt, renameAt } from './navigation.ts';
import type { NumbersSource, RunNumbers } from './numbers.ts';
import { foldsOf, symbolsOf } from './outline.ts';
import { quickFixesIn } from './quick_fixes.ts';
import type { AskedRun } from './run_hover.ts';
import { selectionsAt } from './selection.ts';
import { LEGEND, semanticTokensOf } from './semantic_tokens.ts';
import { signatureAt } from './signature.ts';

export const CAPABILITIES: ServerCapabilities = {
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['{', '(', '.', '"', '/'] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: FORMAT_ON,
  semanticTokensProvider: { legend: LEGEND, full: true },
  inlayHintProvider: true,
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':', ')'] },
  selectionRangeProvider: true,
  documentLinkProvider: {},
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
  codeLensProvider: {},
};

/** What the answers need beside the text. */
export interface World {
  /** Every open text, and the files of the editor's folders that import something. */
  everywhere(): Promise<readonly EditorDocument[]>;
  /** An open text; null: it is not open. */
  documentOf(uri: string): EditorDocument | null;
  /** The latest run of the text's experiment. */
  runOf(document: EditorDocument): RunNumbers | null;
  samplesOf: NumbersSource['samples'];
  client(): Client;
}

export function answerRequests(
  connection: Connection,
  { everywhere, documentOf, runOf, samplesOf, client }: World,
): void {
  /** An answer about an open text; `otherwise` for one that is not open. */
  const about =
    <P extends { textDocument: { uri: string } }, A, O>(
      answer: (document: EditorDocument, params: P) => A,
      otherwise: O,
    ) =>
    (params: P): A | O => {
      const document = documentOf(params.textDocument.uri);
      return document ? answer(document, params) : otherwise;
    };

  const askedRun = (document: EditorDocument): AskedRun | null => {
    const run = runOf(document);
    return run && { run, samples: samplesOf, language: client().language };
  };
  connection.onHover(about((document, { position }) => hoverAt(document, position, () => askedRun(document)), null));
  connection.onRequest('merf/caseNumbers', ({ uri }: { uri: string }) => {
    const document = documentOf(uri);
    return document && caseNumbersOf(document, runOf(document));
  });
  connection.onCompletion(
    about((document, { position, context }) => completionsAt(document, position, context?.triggerCharacter), []),
  );
  connection.onDefinition(about((document, { position }) => definitionAt(document, position), null));
  connection.onReferences(
    about(
      async (document, { position, context }) =>
        referencesAt(document, position, context.includeDeclaration, await everywhere()),
      [],
    ),
  );
  connection.onDocumentHighlight(about((document, { position }) => highlightsAt(document, position), []));
  connection.onPrepareRename(about((document, { position }) => renamableAt(document, position), null));
  connection.onRenameRequest(
    about(async (document, { position, newName }) => {
      const edit = renameAt(document, position, newName, await everywhere());
      return typeof edit === 'string' ? new ResponseError<void>(ErrorCodes.InvalidParams, edit) : edit;
    }, null),
  );
  connection.onDocumentSymbol(about(symbolsOf, []));
  connection.onFoldingRanges(about(foldsOf, []));
  connection.onDocumentFormatting(about(formatDocument, []));
  connection.onDocumentRangeFormatting(about((document, { range }) => formatLines(document, range), []));
  connection.onDocumentOnTypeFormatting(about((document, { position, ch }) => formatTyped(document, position, ch), []));
  connection.languages.semanticTokens.on(about(semanticTokensOf, { data: [] }));
  connection.languages.inlayHint.on(about((document, { range }) => inlayHintsOf(document, range), []));
  connection.onSignatureHelp(about((document, { position }) => signatureAt(document, position), null));
  connection.onSelectionRanges(about((document, { positions }) => selectionsAt(document, positions), []));
  connection.onCodeAction(
    about(
      (document, { range, context }) => [...quickFixesIn(document, range, context), ...fixAllIn(document, context)],
      [],
    ),
  );
  connection.onCodeLens(about((document) => lensesOf(document, client(), runOf(document)), []));
  connection.onDocumentLinks(about(linksOf, []));
}
