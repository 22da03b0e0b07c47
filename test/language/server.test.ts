// The language server as an editor meets it: a child process over stdio. `<|>` marks the cursor in a text.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AstUtils, GrammarAST } from 'langium';
import type {
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  Position,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { coreServices } from '../../src/language/parse.ts';
import { FUNCTIONS } from '../../src/spec/functions.ts';
import { type Session, startSession } from './session.ts';

const root = new URL('../../', import.meta.url).pathname;
const flagship = readFileSync(`${root}examples/knights_and_knaves_paper.merf`, 'utf8');

let session: Session;
let texts = 0;

/** Opens a text with a cursor in it. */
async function at(marked: string): Promise<{ textDocument: { uri: string }; position: Position; text: string }> {
  const offset = marked.indexOf('<|>');
  assert.notEqual(offset, -1, 'the text has no <|>');
  const text = marked.replace('<|>', '');
  const before = text.slice(0, offset).split('\n');
  const uri = `file:///text-${texts++}.merf`;
  await session.open(uri, text);
  const position = { line: before.length - 1, character: before[before.length - 1]?.length ?? 0 };
  return { textDocument: { uri }, position, text };
}

/** The flagship file with the cursor in front of the first place where `what` stands after `after`. */
function flagshipAt(what: string, after = ''): string {
  const offset = flagship.indexOf(what, flagship.indexOf(after));
  assert.notEqual(offset, -1, `${what} is not in the file`);
  return `${flagship.slice(0, offset)}<|>${flagship.slice(offset)}`;
}

async function labels(marked: string): Promise<string[]> {
  const items: CompletionItem[] = await session.connection.sendRequest('textDocument/completion', await at(marked));
  return items.map(({ label }) => label);
}

async function hover(marked: string): Promise<string> {
  const found: Hover | null = await session.connection.sendRequest('textDocument/hover', await at(marked));
  const contents = found?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

describe('the language server', function () {
  this.timeout(60_000);
  before(async () => {
    session = await startSession();
  });
  after(() => session.close());

  it('publishes the diagnostics of a text, with a page that explains each', async () => {
    const uri = 'file:///diagnostics.merf';
    await session.open(uri, flagship.replace('roles == solution', 'rolse == solution'));
    const { diagnostics } = await session.diagnosticsOf(uri, 1);
    assert.deepEqual(
      diagnostics.map(({ code, message }) => [code, message]),
      [['MERF111', 'There is no name `rolse`. Did you mean `roles`?']],
    );
    assert.equal(diagnostics[0]?.range.start.line, 29);
    const page = new URL(diagnostics[0]?.codeDescription?.href ?? '');
    assert.equal(page.hash, '#merf111');
    assert.match(readFileSync(page, 'utf8'), /^## MERF111/m);
  });

  it('never publishes diagnostics of an older text after those of a newer one', async () => {
    const uri = 'file:///typing.merf';
    await session.open(uri, flagship);
    for (let version = 2; version <= 40; version++) {
      await session.replace(uri, version % 2 === 0 ? flagship.slice(0, version * 20) : flagship, version);
    }
    await session.replace(uri, flagship, 41);
    const last = await session.diagnosticsOf(uri, 41);
    assert.deepEqual(last.diagnostics, []);
    const versions = session.published.filter((each) => each.uri === uri).map(({ version }) => version ?? 0);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
  });

  it('takes its diagnostics back when a text is closed', async () => {
    const uri = 'file:///closed.merf';
    await session.open(uri, 'nonsense');
    await session.diagnosticsOf(uri, 1);
    await session.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await session.connection.sendRequest('textDocument/hover', await at('<|>'));
    assert.deepEqual(session.published.filter((each) => each.uri === uri).at(-1)?.diagnostics, []);
  });

  it('explains names on hover', async () => {
    assert.match(await hover(flagshipAt('roles == solution')), /capture roles: record of text/);
    assert.match(await hover(flagshipAt('solution', 'roles ==')), /column solution: record of text \(secret\)/);
    assert.match(
      await hover(flagshipAt('correctness "Correctness"')),
      /rule correctness "Correctness": -2 to 2[\s\S]*The model reads:[\s\S]*\+2: every identity is stated correctly/,
    );
    assert.match(await hover(flagshipAt('format is -1')), /Exactly the two tagged parts/);
    assert.match(await hover(flagshipAt('quiz}')), /column quiz: text/);
    assert.match(await hover(flagshipAt('rules}')), /\{rules\}/);
    assert.match(
      await hover(flagshipAt('adverse }', 'arm adverse')),
      /shows format, correctness, every number negated/,
    );
    assert.match(await hover(flagshipAt('max_response')), /Most tokens of a response/);
    assert.match(await hover(flagshipAt('truncated')), /completions\/clipped_ratio/);
    assert.match(await hover(flagshipAt('people: 3..7')), /How many people a puzzle has/);
    assert.match(await hover(flagshipAt('assignments(')), /two holes/);
  });

  it('explains every word of the language on hover', async () => {
    const everything = `${readFileSync(`${root}test/language/every_word.merf`, 'utf8')}reward { total product }\n`;
    const tokens = coreServices().parser.Lexer.tokenize(everything).tokens;
    const keywords = AstUtils.streamAllContents(coreServices().Grammar).filter(GrammarAST.isKeyword);
    const words = new Set(keywords.map(({ value }) => value).filter((value) => /^[A-Za-z_]+$/.test(value)));
    assert.ok(words.size > 80, `only ${words.size} words`);
    for (const word of words) {
      const found = tokens.find(({ tokenType }) => tokenType.name === word);
      assert.ok(found, `${word} is not in the text`);
      const marked = `${everything.slice(0, found.startOffset)}<|>${everything.slice(found.startOffset)}`;
      assert.match(await hover(marked), /^```merf\n[\s\S]+\n```\n\n\S/, word);
    }
  });

  it('explains every builtin function on hover, with an example', async () => {
    for (const { name, doc } of FUNCTIONS) {
      const text = await hover(flagship.replace('exactly(think, answer)', `<|>${name}(think, answer)`));
      assert.ok(text.includes(doc) && text.includes(' is '), name);
    }
  });

  it('completes names and functions in a condition', async () => {
    const found = await labels(flagship.replace('roles == solution', 'rol<|>'));
    for (const name of ['roles', 'answer', 'format', 'solution', 'tokens', 'covers', 'exactly', 'not', 'all']) {
      assert.ok(found.includes(name), `${name} is not offered`);
    }
    assert.ok(!found.includes('arm'));
  });

  it('completes what follows a score', async () => {
    const found = await labels(flagship.replace('when roles == solution', 'w<|>'));
    assert.deepEqual(found.sort(), ['otherwise', 'when']);
  });

  it('completes sections, with whole ones to fill in', async () => {
    const found = await labels(`${flagship}\n<|>`);
    for (const word of ['arm', 'arm …', 'motivation', 'watch …', 'example']) assert.ok(found.includes(word), word);
    assert.ok((await labels('<|>')).includes('experiment'));
  });

  it('completes columns in a prompt without the secret ones', async () => {
    const found = await labels(flagship.replace('"{quiz}"', '"{<|>'));
    assert.ok(found.includes('quiz') && found.includes('motivation'));
    assert.ok(!found.includes('solution'));
    assert.deepEqual((await labels(flagship.replace('{reward.max}.', '{<|>'))).sort(), [
      'reward.max',
      'reward.min',
      'rules',
      'total',
    ]);
    assert.deepEqual(await labels(flagship.replace('"{quiz}"', '"Hello <|>')), []);
  });

  it('completes tasks, captures, motivations, settings, metrics and expectations', async () => {
    const offered = async (marked: string, name: string): Promise<void> => {
      const found = await labels(marked);
      assert.ok(found.includes(name), `${name} is not among ${found.join(', ')}`);
    };
    await offered('task <|>', 'knights_and_knaves');
    await offered('task knights_and_knaves(<|>', 'people');
    await offered(flagship.replace('tag("think")', '<|>'), 'assignments');
    await offered(flagship.replace('arm merf    { motivation full }', 'arm merf { motivation <|> }'), 'full');
    await offered(flagship.replace('full inverted', '<|>'), 'full');
    await offered(flagship.replace('full inverted', 'full <|>'), 'inverted');
    await offered(flagship.replace('full only correctness', 'full only <|>'), 'correctness');
    await offered(flagship.replace('seeds 1, 2, 3', '<|>'), 'temperature');
    await offered(flagship.replace('algorithm grpo', 'algorithm <|>'), 'grpo');
    await offered(flagship.replace('"Qwen/Qwen2.5-1.5B-Instruct"', '<|>'), 'bundled:tiny');
    await offered(flagship.replace('rank 32', '<|>'), 'rank');
    await offered(flagship.replace('truncated > 15%', '<|>'), 'truncated');
    await offered(flagship.replace('share(format)', 'share(<|>)'), 'correctness');
    await offered(flagship.replace('format +1, ', '<|>'), 'format');
    await offered(flagship.replace('names: ["Zoey", "Oliver"], ', '<|>'), 'names');
  });

  it('completes in a file that is broken elsewhere', async () => {
    const broken = flagship
      .replace('think  = tag("think")', 'think == tag(')
      .replace('rule format "Format" {', 'rule {');
    const found = await labels(broken.replace('covers(roles, names)', 'cov<|>'));
    assert.ok(found.includes('covers') && found.includes('names'), found.join(', '));
  });

  it('remembers names of the last readable text', async () => {
    const uri = 'file:///remembered.merf';
    await session.open(uri, flagship);
    await session.diagnosticsOf(uri, 1);
    const broken = flagship.replace(/response \{[\s\S]*?\n\}/, 'response { think = = }');
    await session.replace(uri, broken.replace('roles == solution', ''), 2);
    const line = broken.slice(0, broken.indexOf('roles == solution')).split('\n').length - 1;
    const character = '    +2    when '.length;
    const position = { line, character };
    const items: CompletionItem[] = await session.connection.sendRequest('textDocument/completion', {
      textDocument: { uri },
      position,
    });
    assert.ok(items.some(({ label }) => label === 'roles'));
  });

  it('goes to the definition of a name', async () => {
    const params = await at(flagshipAt('format is -1'));
    const found: Location | null = await session.connection.sendRequest('textDocument/definition', params);
    assert.deepEqual(found?.range.start, { line: 22, character: 7 });
  });

  it('finds every place that names a rule', async () => {
    const params = { ...(await at(flagshipAt('format is -1'))), context: { includeDeclaration: true } };
    const found: Location[] = await session.connection.sendRequest('textDocument/references', params);
    assert.deepEqual(
      found.map(({ range }) => range.start.line + 1).sort((a, b) => a - b),
      [23, 29, 64, 71],
    );
  });

  it('renames a capture everywhere, and keeps the file valid', async () => {
    const params = await at(flagshipAt('answer = tag'));
    const edit: WorkspaceEdit = await session.connection.sendRequest('textDocument/rename', {
      ...params,
      newName: 'verdict',
    });
    const edits = edit.changes?.[params.textDocument.uri] ?? [];
    const lines = params.text.split('\n');
    for (const { range, newText } of [...edits].sort((a, b) => b.range.start.character - a.range.start.character)) {
      const line = lines[range.start.line] ?? '';
      lines[range.start.line] = line.slice(0, range.start.character) + newText + line.slice(range.end.character);
    }
    const uri = 'file:///renamed.merf';
    await session.open(uri, lines.join('\n'));
    assert.deepEqual((await session.diagnosticsOf(uri, 1)).diagnostics, []);
    assert.equal(edits.length, 3);
  });

  it('refuses to rename to a word of the language', async () => {
    const params = { ...(await at(flagshipAt('answer = tag'))), newName: 'when' };
    await assert.rejects(session.connection.sendRequest('textDocument/rename', params), /word of the language/);
  });

  it('refuses to rename while the text is broken', async () => {
    const broken = flagshipAt('answer = tag').replace('rule format', 'rule rule format');
    const params = { ...(await at(broken)), newName: 'verdict' };
    await assert.rejects(session.connection.sendRequest('textDocument/rename', params), /Correct its errors first/);
  });

  it('gives an outline and folds', async () => {
    const { textDocument } = await at(`<|>${flagship}`);
    const symbols: DocumentSymbol[] = await session.connection.sendRequest('textDocument/documentSymbol', {
      textDocument,
    });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      'knights_and_knaves think answer roles format correctness full partial adverse rlvr merf partial adverse solved'.split(
        ' ',
      ),
    );
    const folds: FoldingRange[] = await session.connection.sendRequest('textDocument/foldingRange', { textDocument });
    const reward = folds.find(({ startLine }) => startLine === 20);
    assert.deepEqual([reward?.startLine, reward?.endLine], [20, 32]);
  });

  it('answers about a broken text without an error', async () => {
    for (let end = 0; end < flagship.length; end += 97) {
      const params = await at(`${flagship.slice(0, end)}<|>`);
      await session.connection.sendRequest('textDocument/completion', params);
      await session.connection.sendRequest('textDocument/hover', params);
      await session.connection.sendRequest('textDocument/documentSymbol', params);
      await session.connection.sendRequest('textDocument/foldingRange', params);
    }
  });
});
