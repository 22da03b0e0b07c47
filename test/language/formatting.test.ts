// Formatting as an editor asks for it, over stdio: a text, some of its lines, and what was just typed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { cursorIn } from './cursor.ts';
import { type Session, startSession } from './session.ts';

const root = new URL('../../', import.meta.url).pathname;
const golden = (name: string, file: string) => readFileSync(`${root}test/language/golden/${name}/${file}`, 'utf8');
const options = { tabSize: 2, insertSpaces: true };

let session: Session;
let texts = 0;

interface Request {
  method: string;
  params: object;
}

/** The text after the edits that a request about it gives. */
async function edited(text: string, { method, params }: Request): Promise<string> {
  const uri = `file:///format-${texts++}.merf`;
  await session.open(uri, text);
  const edits: TextEdit[] = await session.connection.sendRequest(method, { ...params, textDocument: { uri }, options });
  return TextDocument.applyEdits(TextDocument.create(uri, 'merf', 1, text), edits);
}

/** The text after `typed`, which is in it already, right before the cursor. */
function typed(marked: string, ch: string): Promise<string> {
  const { text, position } = cursorIn(marked);
  return edited(text, { method: 'textDocument/onTypeFormatting', params: { position, ch } });
}

const UNTIDY = `reward {
 rule a {
     +1 when   finished:"yes"
   -1.5   otherwise : "no"
<|>
 }

 rule b { 0   otherwise }
}
`;

describe('formatting in an editor', function () {
  this.timeout(60_000);
  before(async () => {
    session = await startSession();
  });
  after(() => session.close());

  it('lays out a whole text', async () => {
    for (const name of ['flagship', 'expressions', 'triple_quoted', 'unknown_names']) {
      const params = { method: 'textDocument/formatting', params: {} };
      assert.equal(await edited(golden(name, 'input.merf'), params), golden(name, 'formatted.merf'));
    }
  });

  it('leaves a text with a syntax error alone', async () => {
    const text = golden('syntax_if_for_when', 'input.merf').replaceAll('  ', '   ');
    assert.equal(await edited(text, { method: 'textDocument/formatting', params: {} }), text);
  });

  it('lays out some lines and leaves the others', async () => {
    const { text } = cursorIn(UNTIDY);
    const range = { start: { line: 2, character: 4 }, end: { line: 3, character: 0 } };
    const lines = (await edited(text, { method: 'textDocument/rangeFormatting', params: { range } })).split('\n');
    assert.deepEqual(lines.slice(1, 4), [' rule a {', '    +1    when finished : "yes"', '   -1.5   otherwise : "no"']);
  });

  it('lays out a rule when its brace is typed', async () => {
    const text = UNTIDY.replace('<|>\n }', ' }<|>');
    assert.equal(
      await typed(text, '}'),
      `reward {
  rule a {
    +1    when finished : "yes"
    -1.5  otherwise     : "no"
  }

 rule b { 0   otherwise }
}
`,
    );
  });

  it('lays out the rule above a new line, and not the new line', async () => {
    assert.equal(
      await typed(UNTIDY, '\n'),
      `reward {
  rule a {
    +1    when finished : "yes"
    -1.5  otherwise     : "no"

 }

 rule b { 0   otherwise }
}
`,
    );
  });

  it('keeps the empty line that was just made between braces', async () => {
    const text = 'reward {\n  rule a {\n    <|>\n  }\n}\n';
    assert.equal(await typed(text, '\n'), text.replace('<|>', ''));
  });

  it('does nothing for a brace inside a text', async () => {
    const text = 'prompt   { user "{quiz}<|>" }\n';
    assert.equal(await typed(text, '}'), text.replace('<|>', ''));
  });
});
