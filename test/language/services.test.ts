// What else the server tells an editor, over stdio: colours by meaning, ranges beside rules, signatures, symbols of the
// workspace, selections and links.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  DocumentLink,
  InlayHint,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  SymbolInformation,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LEGEND } from '../../src/language/editor/semantic_tokens.ts';
import { cursorIn } from './cursor.ts';
import { type Session, startSession } from './session.ts';

const root = new URL('../../', import.meta.url).pathname;
const flagship = readFileSync(`${root}examples/knights_and_knaves_paper.merf`, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'merf-workspace-'));

let session: Session;
let texts = 0;

async function opened(text: string): Promise<{ uri: string }> {
  const uri = `file:///service-${texts++}.merf`;
  await session.open(uri, text);
  return { uri };
}

interface Coloured {
  text: string;
  type: string;
  modifiers: string[];
  line: number;
  start: number;
}

async function colours(text: string): Promise<Coloured[]> {
  const { data }: SemanticTokens = await session.connection.sendRequest('textDocument/semanticTokens/full', {
    textDocument: await opened(text),
  });
  const lines = text.split('\n');
  const found: Coloured[] = [];
  let [line, start] = [0, 0];
  for (let i = 0; i < data.length; i += 5) {
    const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5);
    start = down > 0 ? right : start + right;
    line += down;
    found.push({
      text: (lines[line] ?? '').slice(start, start + length),
      type: LEGEND.tokenTypes[type] ?? '',
      modifiers: LEGEND.tokenModifiers.filter((_, bit) => (bits >> bit) & 1),
      line,
      start,
    });
  }
  return found;
}

async function hints(text: string): Promise<string[]> {
  const range = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };
  const textDocument = await opened(text);
  const found: InlayHint[] = await session.connection.sendRequest('textDocument/inlayHint', { textDocument, range });
  const document = TextDocument.create('', 'merf', 1, text);
  return found.map(({ position, label }) => {
    const line = { start: { ...position, character: 0 }, end: position };
    return `${document.getText(line).trim()} ${String(label)}`;
  });
}

/** The signature with the active parameter in brackets. */
async function signature(marked: string): Promise<string | null> {
  const { text, position } = cursorIn(marked);
  const textDocument = await opened(text);
  const help: SignatureHelp | null = await session.connection.sendRequest('textDocument/signatureHelp', {
    textDocument,
    position,
  });
  const found = help?.signatures[0];
  if (!found) return null;
  const label = found.parameters?.[help.activeParameter ?? 0]?.label;
  if (!Array.isArray(label)) return found.label;
  const [start, end] = label;
  return `${found.label.slice(0, start)}[${found.label.slice(start, end)}]${found.label.slice(end)}`;
}

const inCondition = (text: string) => flagship.replace('roles == solution', text);

describe('the services of the language server', function () {
  this.timeout(60_000);
  before(async () => {
    session = await startSession([pathToFileURL(folder).href]);
  });
  after(async () => {
    await session.close();
    rmSync(folder, { recursive: true });
  });

  it('colours names by what they are', async () => {
    const found = await colours(flagship);
    const kinds = new Map(found.map(({ text, type }) => [text, type]));
    for (const [name, type] of [
      ['format', 'class'],
      ['think', 'variable'],
      ['names', 'property'],
      ['full', 'interface'],
      ['merf', 'struct'],
      ['covers', 'function'],
      ['steps', 'property'],
      ['truncated', 'enumMember'],
      ['{rules}', 'macro'],
    ] as const) {
      assert.equal(kinds.get(name), type, name);
    }
  });

  it('marks definitions and secret columns', async () => {
    const found = await colours(flagship);
    const marked = (modifier: string) =>
      new Set(found.flatMap((each) => (each.modifiers.includes(modifier) ? each.text : [])));
    assert.deepEqual([...marked('secret')], ['solution']);
    assert.ok(marked('declaration').has('correctness') && marked('declaration').has('roles'));
    assert.ok(!marked('declaration').has('solution'));
  });

  it('colours no place twice, in broken texts neither', async () => {
    for (const text of [flagship, flagship.slice(0, 1500), flagship.replace('rule format', 'rule')]) {
      const found = await colours(text);
      for (const [i, { line, start, text: name }] of found.entries()) {
        assert.match(name, /^\{?\s*[A-Za-z_][\w.]*\s*\}?$/);
        const before = found[i - 1];
        if (before?.line === line) assert.ok(start >= before.start + before.text.length, name);
      }
    }
  });

  it('shows the range of each rule and of the total', async () => {
    assert.deepEqual(await hints(flagship), [
      'reward { -3 to 3',
      'rule format "Format" { -1 to 1',
      'rule correctness "Correctness" { -2 to 2',
    ]);
    const weighted = flagship
      .replace('"Format" {', '"{Format}" weight 0.5 {')
      .replace('+1  when', '+(linear(tokens, 512 -> 0, 256 -> 4)) when')
      .replace('-2    otherwise', '-(tokens / 100) otherwise');
    assert.deepEqual(await hints(weighted), [
      'reward { at most 4',
      'rule format "{Format}" weight 0.5 { -1 to 4 × 0.5',
      'rule correctness "Correctness" { at most 2',
    ]);
  });

  it('shows no range while the text cannot be read', async () => {
    assert.deepEqual(await hints(flagship.replace('+1  when', '+1  if')), []);
  });

  it('helps with the arguments of a call', async () => {
    assert.equal(
      await signature(inCondition('covers(<|>')),
      'covers([record: record of text], names: list of text): bool',
    );
    assert.equal(
      await signature(inCondition('covers(roles, <|>')),
      'covers(record: record of text, [names: list of text]): bool',
    );
    assert.equal(
      await signature(inCondition('linear(tokens, 512 -> 0, <|>')),
      'linear(x: number, from: number -> number, [to: number -> number]): number',
    );
    assert.equal(await signature(inCondition('exactly(think, answer, <|>')), 'exactly([parts: tag capture, …]): bool');
    assert.equal(
      await signature(inCondition('covers({ Zoey: "a, b" }, [lower("x"), <|>')),
      'covers(record: record of text, [names: list of text]): bool',
    );
    assert.equal(await signature(inCondition('all(name in <|>')), 'all([x in list]: condition): bool');
    assert.equal(await signature(inCondition('count(name in names: <|>')), 'count(x in list: [condition]): number');
  });

  it('helps with captures and tasks', async () => {
    assert.equal(
      await signature(flagship.replace('"{name} is a {role}"', '<|>')),
      'assignments(from, ["{name} is a {role}"]): record of text',
    );
    assert.equal(
      await signature('task knights_and_knaves(people: 3, train: <|>'),
      'knights_and_knaves(people, [train], test, seed)',
    );
  });

  it('has no signature outside a call', async () => {
    assert.equal(await signature(inCondition('covers(roles, names) and <|>')), null);
    assert.equal(await signature(inCondition('(<|>')), null);
    assert.equal(await signature(`<|>${flagship}`), null);
  });

  it('finds symbols in open texts and in the files of the workspace', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    mkdirSync(join(folder, 'node_modules'));
    const path = join(inner, 'other.merf');
    writeFileSync(path, 'reward { rule from_disk { 0 otherwise } }');
    writeFileSync(join(folder, 'node_modules/hidden.merf'), 'reward { rule from_disk_hidden { 0 otherwise } }');
    const textDocument = await opened('reward { rule from_editor { 0 otherwise } }');
    const find = async (query: string): Promise<[string, string][]> => {
      const found: SymbolInformation[] = await session.connection.sendRequest('workspace/symbol', { query });
      return found.map(({ name, location }): [string, string] => [name, location.uri]).sort();
    };
    const uri = pathToFileURL(path).href;
    assert.deepEqual(await find('fromdisk'), [['from_disk', uri]]);
    assert.deepEqual(await find('From_'), [
      ['from_disk', uri],
      ['from_editor', textDocument.uri],
    ]);
    await session.open(uri, 'reward { rule from_disk_opened { 0 otherwise } }');
    assert.deepEqual(await find('from_disk'), [['from_disk_opened', uri]]);
    await session.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    writeFileSync(path, 'reward { rule from_disk_again { 0 otherwise } }');
    utimesSync(path, 1e9, 1e9);
    assert.deepEqual(await find('from_disk'), [['from_disk_again', uri]]);
  });

  it('expands the selection along the syntax', async () => {
    const { text, position } = cursorIn(
      flagship.replace('every identity is stated correctly', 'every iden<|>tity is stated correctly'),
    );
    const textDocument = await opened(text);
    const [first]: SelectionRange[] = await session.connection.sendRequest('textDocument/selectionRange', {
      textDocument,
      positions: [position],
    });
    const document = TextDocument.create('', 'merf', 1, text);
    const selected: string[] = [];
    for (let each = first; each; each = each.parent) selected.push(document.getText(each.range));
    assert.deepEqual(
      selected.map((each) => (each.length > 80 ? each.slice(0, 12) : each)),
      [
        'identity',
        'every identity is stated correctly',
        '"every identity is stated correctly"',
        '+2    when roles == solution    : "every identity is stated correctly"',
        'rule correct',
        'reward {\n  /',
        'experiment k',
        '/// Knights ',
      ],
    );
  });

  it('answers about a broken text without an error', async () => {
    const position = { line: 3, character: 4 };
    const range = { start: { line: 0, character: 0 }, end: { line: 30, character: 0 } };
    const options = { tabSize: 2, insertSpaces: true };
    const requests: [method: string, params: object][] = [
      ['textDocument/semanticTokens/full', {}],
      ['textDocument/inlayHint', { range }],
      ['textDocument/codeAction', { range, context: { diagnostics: [] } }],
      ['textDocument/signatureHelp', { position }],
      ['textDocument/selectionRange', { positions: [position] }],
      ['textDocument/documentLink', {}],
      ['textDocument/formatting', { options }],
      ['textDocument/rangeFormatting', { range, options }],
      ['textDocument/onTypeFormatting', { position, ch: '\n', options }],
    ];
    for (let end = 0; end < flagship.length; end += 197) {
      const textDocument = await opened(flagship.slice(0, end));
      for (const [method, params] of requests) {
        await session.connection.sendRequest(method, { ...params, textDocument });
      }
    }
  });

  it('links a model to its page', async () => {
    const links: DocumentLink[] = await session.connection.sendRequest('textDocument/documentLink', {
      textDocument: await opened(flagship),
    });
    assert.deepEqual(
      links.map(({ target }) => target),
      ['https://huggingface.co/Qwen/Qwen2.5-1.5B-Instruct'],
    );
    const local = flagship.replace('Qwen/Qwen2.5-1.5B-Instruct', './models/tiny');
    const none = await session.connection.sendRequest('textDocument/documentLink', {
      textDocument: await opened(local),
    });
    assert.deepEqual(none, []);
  });
});
