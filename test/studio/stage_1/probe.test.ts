// The probe in the editor: its findings are diagnostics at the rules until the text changes, hover shows the response,
// and a quick fix makes an example of it.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { itInWindow, picture, shot, textLike, until } from '../window.ts';
import { inWorkspace, merf, show } from '../workspace.ts';

const loose = () => inWorkspace('loose.merf');

describe('the probe in the editor', () => {
  before(async () => {
    await merf();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const flagship = readFileSync(inWorkspace('knights_and_knaves.merf'), 'utf8');
    const condition = 'exactly(think, answer)';
    assert.ok(flagship.includes(condition));
    writeFileSync(loose(), flagship.replace(condition, 'once_in_order(think, answer)'));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(loose(), { force: true });
  });

  it('finds holes and shows them at the rules, with the response that shows each', async () => {
    const { document } = await show(loose());
    const findings = await vscode.commands.executeCommand<{ kind: string }[]>('merf.probe', document.uri);
    assert.ok(findings.length > 0, 'nothing was found');
    const found = probed(document);
    assert.ok(found.length > 0);
    const lines = new Set(found.map(({ range }) => document.lineAt(range.start.line).text));
    assert.ok(
      [...lines].some((line) => /rule|when|otherwise/.test(line)),
      [...lines].join('\n'),
    );
    const withExample = await fixesOf(document, found);
    assert.ok(withExample.length > 0, 'no finding can be made an example');
  });

  itInWindow('shows the response on hover', async () => {
    const editor = await show(loose());
    const [first] = probed(editor.document);
    assert.ok(first);
    const { start } = first.range;
    editor.selection = new vscode.Selection(start, start);
    editor.revealRange(first.range, vscode.TextEditorRevealType.InCenter);
    await vscode.commands.executeCommand('editor.action.showHover');
    await textLike({ selector: '.monaco-hover:not(.hidden)' }, /This\s+response\s+earns/);
    await picture(shot('probe'));
  });

  it('adds a finding as an example that passes, and forgets the findings then', async () => {
    const { document } = await show(loose());
    const before = document.getText();
    const [fix] = await fixesOf(document, probed(document));
    assert.ok(fix?.command);
    await vscode.commands.executeCommand(fix.command.command, ...(fix.command.arguments ?? []));
    const added = await until('an example', () => document.getText().length > before.length && document.getText());
    assert.match(added.slice(before.length), /example "/);
    await until('no finding', () => probed(document).length === 0);
    assert.deepEqual(
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
      [],
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});

function probed(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'merf probe');
}

async function fixesOf(document: vscode.TextDocument, found: vscode.Diagnostic[]): Promise<vscode.CodeAction[]> {
  const all = await Promise.all(
    found.map(({ range }) =>
      vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range),
    ),
  );
  return all.flat().filter(({ title }) => title.startsWith('Add as example'));
}
