// Files that import each other, in an editor: definitions, references and renames across them, and diagnostics that follow
// what is typed in another file.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, WorkspaceEdit } from 'vscode-languageserver';
import { marksIn } from './marks.ts';
import { type Session, startSession } from './session.ts';

const SHARED = `response {
  answer = tag("answer")
}
reward {
  rule format "Format" {
    +1 when exactly(answer) : "tagged"
    0 otherwise : "not tagged"
  }
}
`;

const MAIN = `import "./shared.merf"
experiment mine
task jsonl("rows.jsonl", test: 50%) { secret solution }
prompt { user "{question}" }
reward {
  rule right "Right" {
    0 when format is 0 : "not tagged"
    +2 when <|>answer == solution : "right"
    0 otherwise : "wrong"
  }
}
arm rlvr { motivation none }
`;

let folder: string;
let session: Session;
const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;

describe('imports in the editor', function () {
  this.timeout(60_000);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'merf-imports-'));
    writeFileSync(join(folder, 'shared.merf'), SHARED);
    const rows = Array.from({ length: 20 }, (_, i) => JSON.stringify({ question: `${i}?`, solution: String(i) }));
    writeFileSync(join(folder, 'rows.jsonl'), rows.join('\n'));
    session = await startSession([pathToFileURL(folder).href]);
  });
  after(async () => {
    await session.close();
    rmSync(folder, { recursive: true });
  });

  const { text, positions } = marksIn(MAIN);
  const [position] = positions;
  const at = { textDocument: { uri: '' }, position };

  it('lead from a name to its definition in another file, and back to every place', async () => {
    const uri = uriOf('main.merf');
    await session.open(uri, text);
    at.textDocument.uri = uri;
    const definition: Location = await session.connection.sendRequest('textDocument/definition', at);
    assert.equal(definition.uri, uriOf('shared.merf'));
    assert.deepEqual(definition.range.start, { line: 1, character: 2 });
    const context = { includeDeclaration: true };
    const found: Location[] = await session.connection.sendRequest('textDocument/references', { ...at, context });
    assert.deepEqual(found.map((each) => `${each.uri.split('/').at(-1)}:${each.range.start.line}`).sort(), [
      'main.merf:7',
      'shared.merf:1',
      'shared.merf:5',
    ]);
  });

  it('renames in all of them, from either side', async () => {
    const expected = ['main.merf:7 reply', 'shared.merf:1 reply', 'shared.merf:5 reply'];
    const places = ({ changes = {} }: WorkspaceEdit): string[] =>
      Object.entries(changes).flatMap(([uri, edits]) =>
        edits.map(({ range, newText }) => `${uri.split('/').at(-1)}:${range.start.line} ${newText}`),
      );
    const here: WorkspaceEdit = await session.connection.sendRequest('textDocument/rename', {
      ...at,
      newName: 'reply',
    });
    assert.deepEqual(places(here).sort(), expected);
    const shared = uriOf('shared.merf');
    await session.open(shared, SHARED);
    const there: WorkspaceEdit = await session.connection.sendRequest('textDocument/rename', {
      textDocument: { uri: shared },
      position: { line: 1, character: 3 },
      newName: 'reply',
    });
    assert.deepEqual(places(there).sort(), expected);
  });

  it('renames in files that are not open, and in no others', async () => {
    const other = MAIN.replace('<|>', '');
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner/other.merf'), other.replace('./shared', '../shared'));
    writeFileSync(join(folder, 'alone.merf'), other.replace(/import .*\n/, 'response { answer = tag("answer") }\n'));
    const edit: WorkspaceEdit = await session.connection.sendRequest('textDocument/rename', {
      ...at,
      newName: 'reply',
    });
    assert.deepEqual(
      Object.keys(edit.changes ?? {}).sort(),
      ['inner/other.merf', 'main.merf', 'shared.merf'].map(uriOf),
    );
    const [place] = edit.changes?.[uriOf('inner/other.merf')] ?? [];
    assert.deepEqual(place?.range.start, position);
    const refused = (newName: string) => session.connection.sendRequest('textDocument/rename', { ...at, newName });
    writeFileSync(
      join(folder, 'inner/other.merf'),
      other.replace('./shared', '../shared').replaceAll('right', 'verdict'),
    );
    await assert.rejects(refused('verdict'), /already a capture verdict in other.merf/);
    writeFileSync(
      join(folder, 'inner/other.merf'),
      other.replace('./shared', '../shared').replace('rule right', 'rule'),
    );
    await assert.rejects(refused('reply'), /other.merf cannot be read completely/);
    rmSync(join(folder, 'inner'), { recursive: true });
    rmSync(join(folder, 'alone.merf'));
  });

  it('tells in one file what is typed in the other, and when it is mended', async () => {
    const [main, shared] = [uriOf('main.merf'), uriOf('shared.merf')];
    const last = (): string[] => {
      const found = session.published.filter(({ uri }) => uri === main).at(-1);
      return found?.diagnostics.map(({ code, message }) => `${code} ${message}`) ?? [];
    };
    const until = async (isSo: () => boolean): Promise<void> => {
      for (let tries = 0; !isSo(); tries++) {
        assert.ok(tries < 200, JSON.stringify(last()));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await until(() => last().length === 0);
    await session.replace(shared, SHARED.replace('tag(', 'tga('), 2);
    await until(() => last().some((each) => each.startsWith('MERF143 `./shared.merf`, line 2: There is no kind')));
    await session.replace(shared, SHARED, 3);
    await until(() => last().length === 0);
  });

  it('does not rename a column, which the data file names', async () => {
    const line = text.split('\n').findIndex((each) => each.includes('secret solution'));
    const character = (text.split('\n')[line] ?? '').indexOf('solution');
    const request = { textDocument: at.textDocument, position: { line, character }, newName: 'other' };
    await assert.rejects(session.connection.sendRequest('textDocument/rename', request), /The data file names/);
  });

  it('finds out about the data file after a pause, and says it of the newest text alone', async () => {
    const uri = uriOf('slow.merf');
    await session.open(uri, text.replace('secret solution', 'secret solutoin'));
    const typed = text.replace('secret solution', 'secret solution: number');
    await session.replace(uri, typed, 2);
    const told = (): string[] =>
      session.published.flatMap((each) =>
        each.uri === uri ? each.diagnostics.map(({ code }) => `${each.version} ${code}`) : [],
      );
    for (let tries = 0; tries < 200 && !told().includes('2 MERF134'); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(told().includes('2 MERF134'), told().join());
    assert.ok(!told().includes('2 MERF133'));
  });
});

describe('files that change on disk', function () {
  this.timeout(60_000);

  for (const watchesFiles of [true, false]) {
    it(`are noticed in an editor that ${watchesFiles ? 'watches files' : 'does not watch files'}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'merf-watch-'));
      const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
      const session = await startSession([pathToFileURL(folder).href], watchesFiles);
      let version = 1;
      /** The editor tells of the files; or nothing does, and something is typed elsewhere. */
      const told = async (...names: string[]): Promise<void> => {
        const changes = names.map((name) => ({ uri: uriOf(name), type: 2 }));
        if (watchesFiles) await session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
        else await session.replace(uriOf('elsewhere.merf'), `// ${version}`, ++version);
      };
      const until = async (expected: string[]): Promise<void> => {
        const last = (): string[] =>
          session.published
            .findLast(({ uri }) => uri === uriOf('main.merf'))
            ?.diagnostics.map(({ code, range }) => `${range.start.line} ${code}`) ?? [];
        for (let tries = 0; JSON.stringify(last()) !== JSON.stringify(expected); tries++) {
          assert.ok(tries < 200, `${last().join()} and not ${expected.join()}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
      const rows = Array.from({ length: 20 }, (_, i) => JSON.stringify({ question: `${i}?`, solution: String(i) }));
      const shared = `${SHARED}verifier checks(answer): bool from "./checks.py"\n`;
      try {
        await session.open(uriOf('elsewhere.merf'), '');
        await session.open(
          uriOf('main.merf'),
          MAIN.replace('<|>answer == solution', 'answer == solution and checks(answer)'),
        );
        await until(['0 MERF141', '2 MERF131']);
        if (watchesFiles) assert.match(session.watched.join(), /didChangeWatchedFiles.*jsonl.*py/);
        write('rows.jsonl', rows.join('\n'));
        await told('rows.jsonl');
        await until(['0 MERF141']);
        write('shared.merf', shared);
        await told('shared.merf');
        await until(['0 MERF225']);
        write('checks.py', 'def other(answer): return True\n');
        await told('checks.py');
        await until(['0 MERF226']);
        write('checks.py', 'def checks(answer): return bool(answer)\n');
        await told('checks.py');
        await until([]);
        write('rows.jsonl', rows.join('\n').replaceAll('solution', 'answer_text'));
        await told('rows.jsonl');
        await until(['2 MERF133']);
        write('rows.jsonl', rows.join('\n'));
        rmSync(join(folder, 'shared.merf'));
        await told('rows.jsonl', 'shared.merf');
        await until(['0 MERF141']);
      } finally {
        await session.close();
        rmSync(folder, { recursive: true });
      }
    });
  }
});
