// The flagship file and a broken one in an editor.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { hasBridge, itInWindow, picture, shot, textOf, until } from '../window.ts';
import { inWorkspace, merf, show } from '../workspace.ts';

describe('the language in the editor', () => {
  before(merf);

  it('knows the flagship file and finds nothing wrong in it', async () => {
    const { document } = await show(inWorkspace('knights_and_knaves.merf'));
    assert.equal(document.languageId, 'merf');
    const hover = await hoverOn(document, 'motivation none'); // the server has read the file when it answers
    assert.ok(hover.length > 0);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('explains a builtin on hover', async () => {
    const document = await vscode.workspace.openTextDocument(inWorkspace('knights_and_knaves.merf'));
    assert.match(await hoverOn(document, 'exactly('), /exactly/);
  });

  it('underlines what is wrong in a broken file, with its number and remedy', async () => {
    const file = inWorkspace('broken.merf');
    const flagship = readFileSync(inWorkspace('knights_and_knaves.merf'), 'utf8');
    writeFileSync(file, flagship.replace('exactly(think, answer)', 'exactly(think, anser)'));
    const { document } = await show(file);
    const [problem] = await until('a diagnostic', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 && found;
    });
    assert.ok(problem);
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
    assert.match(problem.message, /anser.*answer/s);
    assert.match(JSON.stringify(problem.code), /MERF\d{3}/);
    assert.equal(document.getText(problem.range), 'anser');
    if (hasBridge) await textOf({ selector: '.editor-instance .squiggly-error' });
  });

  it('forgets the problem when it is mended', async () => {
    const { document, edit } = await show(inWorkspace('broken.merf'));
    const at = document.getText().indexOf('anser)');
    await edit((builder) =>
      builder.replace(new vscode.Range(document.positionAt(at), document.positionAt(at + 5)), 'answer'),
    );
    await until('no diagnostics', () => vscode.languages.getDiagnostics(document.uri).length === 0);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    rmSync(inWorkspace('broken.merf'));
  });

  itInWindow('colours the words of a file', async () => {
    await show(inWorkspace('knights_and_knaves.merf'));
    const { hues } = await until('coloured words', async () => {
      const pixels = await picture(shot('editor'), { selector: '.editor-instance .view-lines' });
      return pixels.hues >= 3 && pixels;
    });
    assert.ok(hues >= 3);
  });
});

async function hoverOn(document: vscode.TextDocument, words: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(words) + 1);
  return until(`a hover on ${words}`, async () => {
    const command = 'vscode.executeHoverProvider';
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(command, document.uri, position);
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    return texts.join('\n') || undefined;
  });
}
