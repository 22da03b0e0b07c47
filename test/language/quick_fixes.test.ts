// Quick fixes over stdio: after each, its diagnostic is gone and no other has come.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Session, startSession } from './session.ts';

const root = new URL('../../', import.meta.url).pathname;
const small = readFileSync(`${root}test/language/golden/small/input.merf`, 'utf8');
const flagship = readFileSync(`${root}examples/knights_and_knaves_paper.merf`, 'utf8');

let session: Session;
let texts = 0;

/** Replaces something that must be there. */
function where(text: string, old: string | RegExp, by: string): string {
  const changed = text.replace(old, by);
  assert.notEqual(changed, text, `${old} is not in the text`);
  return changed;
}

async function diagnosticsOf(text: string): Promise<{ uri: string; diagnostics: Diagnostic[] }> {
  const uri = `file:///fix-${texts++}.merf`;
  await session.open(uri, text);
  return { uri, diagnostics: (await session.diagnosticsOf(uri, 1)).diagnostics };
}

async function actionsFor(
  text: string,
  code: string,
): Promise<{ actions: CodeAction[]; diagnostics: Diagnostic[]; uri: string }> {
  const { uri, diagnostics } = await diagnosticsOf(text);
  const found = diagnostics.find((each) => each.code === code);
  assert.ok(found, `${code} is not reported but ${diagnostics.map((each) => each.message).join(' ')}`);
  const actions: CodeAction[] = await session.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range: found.range,
    context: { diagnostics: [found] },
  });
  return { actions, diagnostics, uri };
}

/** The text after the fix for the first diagnostic with this code. */
async function fixed(text: string, code: string, title: string): Promise<string> {
  const { actions, diagnostics, uri } = await actionsFor(text, code);
  const action = actions.find((each) => each.title === title);
  assert.ok(action, `${title} is not offered but ${actions.map((each) => each.title).join(', ')}`);
  assert.deepEqual(
    action.diagnostics?.map((each) => each.code),
    [code],
  );
  const document = TextDocument.create(uri, 'merf', 1, text);
  const after = TextDocument.applyEdits(document, action.edit?.changes?.[uri] ?? []);
  const left = (await diagnosticsOf(after)).diagnostics.map((each) => `${each.code} ${each.message}`);
  const before = diagnostics.map((each) => `${each.code} ${each.message}`);
  assert.ok(left.length < before.length, left.join('\n'));
  assert.deepEqual(
    left.filter((each) => !before.includes(each)),
    [],
  );
  return after;
}

describe('quick fixes', function () {
  this.timeout(60_000);
  before(async () => {
    session = await startSession();
  });
  after(() => session.close());

  for (const [right, wrong] of [
    ['roles == solution', 'rolse == solution'],
    ['exactly(think', 'exactley(think'],
    ['roles  = assignments', 'roles  = assignment'],
    ['assignments(answer', 'assignments(anser'],
    ['motivation full }', 'motivation ful }'],
    ['steps 10', 'stepps 10'],
    ['(people: 3', '(peple: 3'],
    ['task knights_and_knaves', 'task knights_and_knave'],
    ['{quiz}', '{quizz}'],
    ['{rules}', '{rule}'],
    ['{rules}', '{ rule }'],
  ] as const) {
    it(`correct ${wrong}`, async () => {
      const code = wrong.includes('peple') ? 'MERF121' : 'MERF111';
      const text = where(small, right, wrong);
      const { actions } = await actionsFor(text, code);
      assert.equal(actions.length, 1);
      assert.equal(await fixed(text, code, actions[0]?.title ?? ''), small);
    });
  }

  it('offer nothing for a name that is like no other', async () => {
    const { actions } = await actionsFor(where(small, 'roles == solution', 'xyzzy == solution'), 'MERF111');
    assert.deepEqual(actions, []);
  });

  it('write a brace twice', async () => {
    const text = where(small, 'Think first. {motivation}', 'Think { first. {motivation}');
    const after = await fixed(text, 'MERF104', 'Change to `{{`');
    assert.match(after, /Think \{\{ first\. \{motivation\}/);
  });

  it('correct the number in a wording', async () => {
    const text = where(small, 'stated correctly"', 'stated correctly: \\"+3\\""');
    assert.match(await fixed(text, 'MERF304', 'Change to `+2`'), /stated correctly: \\"\+2\\""/);
  });

  it('add the last case, with a text where the others have one', async () => {
    const text = where(small, /\n.*otherwise {14}: "an id.*/, '');
    const after = await fixed(text, 'MERF301', 'Add `0 otherwise`');
    assert.match(after, /correctly"\n {4}0 otherwise : "anything else"\n {2}\}/);
    const silent = where(text.replaceAll(/ {2,}: "[^"]*"| : "[^"]*"/g, ''), '{rules}', '{reward.max}');
    assert.match(await fixed(silent, 'MERF301', 'Add `0 otherwise`'), /solution\n {4}0 otherwise\n/);
  });

  it('remove a capture that nothing reads, with its description', async () => {
    const text = where(small, '  roles  =', '  /// what they said\n  said = tag("said")\n  roles  =');
    assert.equal(await fixed(text, 'MERF113', 'Remove `said`'), small);
  });

  it('remove captures that only the removed one reads', async () => {
    const extra = '  said   = tag("said")\n  others = assignments(said, "{name} is a {role}")\n';
    const text = where(small, '  roles  =', `${extra}  roles  =`);
    assert.equal(await fixed(text, 'MERF113', 'Remove `others` and `said`'), small);
  });

  it('remove a case that can never fire', async () => {
    const doubled = '    +2    when roles == solution : "every identity is stated correctly"\n';
    const text = where(small, doubled, `${doubled}    +1    when roles == solution : "again"\n`);
    assert.equal(await fixed(text, 'MERF302', 'Remove the case'), small);
    const late = where(small, /(an identity is wrong or missing"\n)/, '$1    +1    when finished : "late"\n');
    assert.equal(await fixed(late, 'MERF302', 'Remove the case'), small);
  });

  it('put the motivation into the prompt', async () => {
    const title = 'Put `{motivation}` into the prompt';
    assert.equal(await fixed(where(small, ' {motivation}', ''), 'MERF403', title), small);
    assert.equal(await fixed(where(flagship, '    {motivation}\n', ''), 'MERF403', title), flagship);
    const none = where(small, /\n {2}system.*/, '');
    assert.match(await fixed(none, 'MERF403', title), /prompt \{\n {2}system "\{motivation\}"\n {2}user/);
    const oneLine = where(small, /prompt \{[\s\S]*?\n\}/, 'prompt { user "{quiz}" }');
    assert.match(await fixed(oneLine, 'MERF403', title), /prompt \{ system "\{motivation\}" {2}user/);
  });

  it('add an arm', async () => {
    const text = where(where(small, /arm [\s\S]*?\n\n/, ''), 'motivation full { "Scoring rules:\\n{rules}" }\n', '');
    assert.match(
      await fixed(text, 'MERF408', 'Add `arm rlvr { motivation none }`'),
      /\n\narm rlvr \{ motivation none \}\n$/,
    );
  });

  it('write a share as a percentage', async () => {
    const text = `${small}watch {\n  alert when truncated > 15\n}\n`;
    assert.match(await fixed(text, 'MERF503', 'Write `15%`'), /truncated > 15%\n/);
  });

  it('are not offered while the text cannot be read', async () => {
    const { actions } = await actionsFor(where(small, 'rule format', 'rule rule format'), 'MERF101');
    assert.deepEqual(actions, []);
  });

  it('are not offered when something else is asked for', async () => {
    const { uri, diagnostics } = await diagnosticsOf(where(small, 'roles == solution', 'rolse == solution'));
    const found = await session.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0]?.range,
      context: { diagnostics, only: ['refactor'] },
    });
    assert.deepEqual(found, []);
  });
});
