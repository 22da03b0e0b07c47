// What the editor knows of verifiers and judges: their calls, parameters, settings and holes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completionsAt } from '../../src/language/editor/completion.ts';
import { openDocument } from '../../src/language/editor/document.ts';
import { hoverAt } from '../../src/language/editor/hover.ts';
import { definitionAt, renameAt } from '../../src/language/editor/navigation.ts';
import { symbolsOf } from '../../src/language/editor/outline.ts';
import { signatureAt } from '../../src/language/editor/signature.ts';
import { JUDGE_SETTINGS } from '../../src/language/judge_settings.ts';
import { cursorIn } from './cursor.ts';

const file = readFileSync(new URL('./golden/verifiers_and_judges/input.merf', import.meta.url), 'utf8');

/** The file with the cursor before or inside `what`, where `<|>` stands; written over what stands there without it. */
function at(marked: string, instead = marked.replace('<|>', '')) {
  assert.ok(file.includes(instead), instead);
  const { text, position } = cursorIn(file.replace(instead, () => marked));
  return { document: openDocument(TextDocument.create('file:///a.merf', 'merf', 1, text)), position };
}

function hover(marked: string): string {
  const { document, position } = at(marked);
  const contents = hoverAt(document, position, () => null)?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

function completions(marked: string, instead: string): string[] {
  const { document, position } = at(marked, instead);
  return completionsAt(document, position).map(({ label }) => label);
}

describe('verifiers and judges in the editor', () => {
  it('say on hover over a call what is asked and how', () => {
    assert.match(hover('is_cl<|>ean(answer)'), /verifier is_clean\(code\): bool[\s\S]*clean\.mjs` \(JavaScript\)/);
    const judge = hover('(help<|>ful(quiz');
    assert.match(judge, /judge helpful\(question, reply\): -1\.\.1\n[\s\S]*How good it is\.[\s\S]*`OPENAI_API_KEY`/);
  });

  it('say on hover over a setting what it takes', () => {
    assert.match(hover('retr<|>ies 0'), /a whole number from 0 to 20[\s\S]*`3` when it is left out/);
  });

  it('are offered where a function is', () => {
    const offered = completions('+2 when <|>', '+2 when run_tests(answer, names) > 5');
    for (const name of ['run_tests', 'plain', 'helpful', 'tone', 'lower']) assert.ok(offered.includes(name), name);
  });

  it('offer the settings of a judge, and of a plan only in a plan', () => {
    const offered = completions('<|>temperature 0.5', 'temperature 0.5');
    for (const { name } of JUDGE_SETTINGS) assert.ok(offered.includes(name), name);
    assert.ok(!offered.includes('learning_rate'));
  });

  it('offer the parameters for the holes of a prompt', () => {
    const offered = completions('"You are {<|>', '"You are strict about {{braces}}."');
    assert.deepEqual(offered, ['question', 'reply']);
  });

  it('show the argument that is being written', () => {
    const { document, position } = at('run_tests(answer, <|>', 'run_tests(answer, names)');
    const help = signatureAt(document, position);
    assert.equal(help?.signatures[0]?.label, 'run_tests(code, names): 0..10');
    assert.equal(help?.activeParameter, 1);
  });

  it('lead from a call and from a hole to what is meant', () => {
    const call = at('to<|>ne(response)');
    assert.equal(
      definitionAt(call.document, call.position)?.range.start.line,
      file.split('\n').findIndex((line) => line.startsWith('judge tone')),
    );
    const hole = at('    {re<|>ply}\n');
    assert.deepEqual(definitionAt(hole.document, hole.position)?.range.start, {
      line: file.split('\n').findIndex((line) => line.startsWith('judge helpful')),
      character: 24,
    });
  });

  it('are renamed with their calls, but not to the name of a capture', () => {
    const verifier = at('run_te<|>sts(code, names)');
    const edit = renameAt(verifier.document, verifier.position, 'tests_of');
    assert.ok(typeof edit === 'object');
    assert.equal(Object.values(edit.changes ?? {})[0]?.length, 3);
    assert.match(String(renameAt(verifier.document, verifier.position, 'answer')), /There is already a/);
  });

  it('stand in the outline', () => {
    const { document } = at('experiment <|>code');
    const listed = symbolsOf(document).filter(({ detail }) => detail === 'verifier' || detail === 'judge');
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['run_tests', 'is_clean', 'plain', 'helpful', 'tone'],
    );
  });
});
