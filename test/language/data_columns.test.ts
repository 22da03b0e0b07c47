// Completion in the block of columns, from the data file that the task names.

import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completionsAt } from '../../src/language/editor/completion.ts';
import { openDocument } from '../../src/language/editor/document.ts';
import { NOTHING_AROUND, type Surroundings } from '../../src/language/surroundings.ts';
import { marksIn } from './marks.ts';

const around: Surroundings = {
  ...NOTHING_AROUND,
  data: ({ format, path }) =>
    format === 'jsonl' && path === 'problems.jsonl'
      ? {
          hash: '',
          rows: 2,
          columns: [
            { name: 'question', type: { kind: 'text' }, shapes: [], texts: null },
            { name: 'answer', type: { kind: 'number' }, shapes: [], texts: null },
            { name: 'notes', type: null, shapes: [], texts: null },
          ],
          unreadable: { count: 0, first: [] },
        }
      : { refused: 'There is no such file.', remedy: 'Correct the path.' },
};

function offered(marked: string): string[] {
  const { text, positions } = marksIn(marked);
  const [position] = positions;
  assert.ok(position);
  const document = openDocument(TextDocument.create('file:///a.merf', 'merf', 1, text), around);
  return completionsAt(document, position).flatMap(({ label, detail }) => (detail?.startsWith('column') ? label : []));
}

describe('columns of the data file', () => {
  it('are offered where the task lists its columns', () => {
    const task = 'task jsonl("problems.jsonl", test: 10%) ';
    assert.deepEqual(offered(`${task}{ <|>`), ['question', 'answer', 'notes']);
    assert.deepEqual(offered(`${task}{ question: text\n  secret <|>`), ['question', 'answer', 'notes']);
  });

  it('are not offered where the file cannot be read', () => {
    assert.deepEqual(offered('task jsonl("other.jsonl") { <|> }'), []);
    assert.deepEqual(offered('task csv("problems.jsonl") { <|> }'), []);
  });
});
