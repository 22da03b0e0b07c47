// Data files as tasks read them: real files in a temporary folder; Parquet files that pyarrow wrote are in fixtures/.

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Column, DataSource, Split } from '../../src/spec/specification.ts';
import { readDataFacts } from '../../src/task/data/facts.ts';
import { type DataRows, loadDataRows } from '../../src/task/data/load.ts';

const FIXTURES = new URL('../fixtures/data/', import.meta.url).pathname;
const HALF: Split = { kind: 'fraction', test: 0.5, seed: 1 };

let folder: string;

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const column = (name: string, kind: 'text' | 'number' | 'bool', secret = false): Column => ({
  name,
  type: { kind },
  secret,
  doc: '',
});

function load(path: string, columns: Column[], split: Split = HALF, format: DataSource['format'] = 'jsonl') {
  return loadDataRows({ format, path, split }, columns, folder);
}

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `{"question": "${i} + 1", "answer": ${i + 1}}\n`).join('');

const questions = (rows: DataRows['train']) => [...rows].map((row) => row.question);

describe('data files', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('have columns of the types that their values have in common', async () => {
    const rows = [
      { text: 'a', number: 1, bool: true, list: [1, 2], roles: { Zoey: 'knave' }, bill: { vendor: 'A', total: 3 } },
      { text: 'b', number: null, bool: false, list: [], roles: { Mia: 'knight' }, bill: { vendor: 'B', total: null } },
      { text: 'c', number: 2.5, list: [3], roles: {}, bill: { vendor: 'C' }, late: 'x', none: null, odd: [1, 'a'] },
    ];
    const path = write('types.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const { columns } = await readDataFacts('jsonl', path);
    const number = { kind: 'number' };
    const text = { kind: 'text' };
    assert.deepEqual(Object.fromEntries(columns.map(({ name, type }) => [name, type])), {
      text,
      number,
      bool: { kind: 'bool' },
      list: { kind: 'list', of: number },
      roles: { kind: 'record', of: text },
      bill: {
        kind: 'struct',
        fields: [
          { name: 'vendor', type: text },
          { name: 'total', type: number },
        ],
      },
      late: text,
      none: text,
      odd: null,
    });
  });

  it('in CSV are numbers or bools only where every cell is', async () => {
    const path = write('a.csv', 'id,count,done,mixed,empty\n007,1,true,1,\n008,-2.5e3,FALSE,x,\n,,true,2,\n');
    const { columns, rows } = await readDataFacts('csv', path);
    assert.deepEqual(
      columns.map(({ name, type }) => [name, type?.kind]),
      [
        ['id', 'text'],
        ['count', 'number'],
        ['done', 'bool'],
        ['mixed', 'text'],
        ['empty', 'text'],
      ],
    );
    assert.equal(rows, 3);
  });

  it('say of every bad line where it stands, and read the others', async () => {
    const path = write(
      'bad.jsonl',
      Buffer.concat([Buffer.from(`${lines(2)}nonsense\n\n[]\n`), Buffer.from([0xff, 10])]),
    );
    appendFileSync(path, '{"question": "last", "answer": 1}');
    const { rows, unreadable } = await readDataFacts('jsonl', path);
    assert.equal(rows, 3);
    assert.deepEqual(unreadable, {
      count: 3,
      first: [
        { line: 3, why: 'is not JSON' },
        { line: 5, why: 'is a list, not an object of columns' },
        { line: 6, why: 'is not text in UTF-8' },
      ],
    });
    await assert.rejects(load(path, [column('answer', 'number')]), /3 rows that do not fit:\n {2}line 3 is not JSON\n/);
  });

  it('in CSV lose no row to a broken one beside it', async () => {
    const path = write('broken.csv', 'a,b\r\n1,"x\r\ny ""q"" é"\r\n2\r\n"bad"x,5\r\n3,4,5\r\n6,7');
    const { rows, unreadable, columns } = await readDataFacts('csv', path);
    assert.equal(rows, 2);
    assert.deepEqual(
      unreadable.first.map(({ line, why }) => `${line} ${why}`),
      [
        '4 has 1 cell, and there are 2 columns',
        '5 has a `"` that is not closed, or text after one',
        '6 has 3 cells, and there are 2 columns',
      ],
    );
    assert.deepEqual(columns.find(({ name }) => name === 'b')?.texts, ['7', 'x\r\ny "q" é']);
  });

  it('give their rows by number, whatever stands in them', async () => {
    const cell = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(cell, { minLength: 12, maxLength: 30 }), async (cells) => {
        const quoted = cells.map((text) => `"${text.replaceAll('"', '""')}"`);
        const csv = write('any.csv', `question,n\n${quoted.map((text, i) => `${text},${i}`).join('\n')}\n`);
        const jsonl = write('any.jsonl', cells.map((question, n) => JSON.stringify({ question, n })).join('\n'));
        const columns = [column('question', 'text'), column('n', 'number')];
        for (const [path, format] of [[csv, 'csv'] as const, [jsonl, 'jsonl'] as const]) {
          const { train, test } = await load(path, columns, { kind: 'fraction', test: 0.4, seed: 1 }, format);
          const read = [...train, ...test].sort((a, b) => Number(a.n) - Number(b.n));
          assert.deepEqual(
            read,
            cells.map((question, n) => ({ question, n })),
          );
        }
      }),
      { numRuns: 40, examples: [[Array.from({ length: 12 }, (_, i) => `${i}\n"\r,é😀`)]] },
    );
  });

  it('keep a row on its side when others are added or the order changes', async () => {
    const columns = [column('question', 'text'), column('answer', 'number', true)];
    const few = await load(write('few.jsonl', lines(100)), columns, { kind: 'fraction', test: 0.2, seed: 7 });
    const turned = lines(140).trimEnd().split('\n').reverse().join('\n');
    const many = await load(write('many.jsonl', turned), columns, { kind: 'fraction', test: 0.2, seed: 7 });
    const held = new Set(questions(many.test));
    for (const question of questions(few.test)) assert.ok(held.has(question));
    for (const question of questions(few.train)) assert.ok(!held.has(question));
    assert.ok(few.test.length > 8 && few.test.length < 36, String(few.test.length));
    const other = await load(join(folder, 'few.jsonl'), columns, { kind: 'fraction', test: 0.2, seed: 8 });
    assert.notDeepEqual(questions(other.test), questions(few.test));
  });

  it('have rows that show the same on one side only', async () => {
    const path = write('doubles.jsonl', lines(50) + lines(50).replaceAll('"answer": ', '"answer": 1'));
    const { train, test } = await load(path, [column('question', 'text'), column('answer', 'number', true)]);
    const trained = new Set(questions(train));
    assert.ok(questions(test).every((question) => !trained.has(question)));
  });

  it('are divided by a column where one says it', async () => {
    const path = write('parts.csv', 'question,part\na,train\nb,Test\nc,validation\nd,train\n');
    const split: Split = { kind: 'column', column: 'part' };
    const { train, test } = await load(path, [column('question', 'text'), column('part', 'text')], split, 'csv');
    assert.deepEqual(
      [questions(train), questions(test)],
      [
        ['a', 'd'],
        ['b', 'c'],
      ],
    );
    appendFileSync(path, 'e,other\n');
    await assert.rejects(load(path, [column('question', 'text')], split, 'csv'), /line 6 says neither train nor test/);
  });

  it('are told apart by their bytes', async () => {
    const columns = [column('question', 'text')];
    const path = write('a.jsonl', lines(20));
    const before = await load(path, columns);
    assert.equal((await load(path, columns)).hash, before.hash);
    appendFileSync(path, '\n');
    assert.notEqual((await load(path, columns)).hash, before.hash);
  });

  it('say so when they change under a training', async () => {
    const path = write('a.jsonl', lines(20));
    const { train } = await load(path, [column('question', 'text')]);
    writeFileSync(path, 'short');
    assert.throws(() => train.at(3), /has changed while it was used/);
  });

  it('refuse a type that a row does not have', async () => {
    const path = write('a.jsonl', `${lines(5)}{"question": "x", "answer": "six"}\n`);
    await assert.rejects(
      load(path, [column('answer', 'number')]),
      /line 6 has another value than a number in `answer`/,
    );
  });

  it('refuse what is no data file, and say what to do', async () => {
    await assert.rejects(readDataFacts('jsonl', join(folder, 'none.jsonl')), /There is no file/);
    await assert.rejects(readDataFacts('jsonl', folder), /is a folder/);
    await assert.rejects(readDataFacts('parquet', write('a.parquet', 'PAR1 no PAR1')), /is not a Parquet file/);
    await assert.rejects(readDataFacts('csv', write('a.csv', 'a,b,a\n1,2,3\n')), /two columns a/);
    assert.equal((await readDataFacts('csv', write('empty.csv', ''))).rows, 0);
    const keys = Array.from({ length: 1200 }, (_, i) => `{"k${i}": 1}`).join('\n');
    await assert.rejects(readDataFacts('jsonl', write('keys.jsonl', keys)), /more than 1000 columns/);
  });

  it('may hold hostile rows', async () => {
    const deep = `{"question": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const proto = '{"__proto__": {"a": 1}, "question": "x\\u0000y", "constructor": "z"}';
    const long = `{"question": "${'x'.repeat(18 * 1024 * 1024)}"}`;
    const path = write('hostile.jsonl', `${deep}\n${proto}\n${long}\n{"question": "after"}\n`);
    const { columns, unreadable } = await readDataFacts('jsonl', path);
    assert.deepEqual(columns.map(({ name }) => name).sort(), ['__proto__', 'constructor', 'question']);
    assert.deepEqual(unreadable.first, [{ line: 3, why: 'is too long to be a row' }]);
  });

  it('are broken off when nobody waits any more', async () => {
    const path = write('a.jsonl', lines(50_000));
    const stop = new AbortController();
    const reading = readDataFacts('jsonl', path, stop.signal);
    stop.abort();
    await assert.rejects(reading, { name: 'AbortError' });
  });

  for (const name of ['plain', 'snappy', 'zstd', 'gzip']) {
    it(`in Parquet (${name}) are read as pyarrow wrote them`, async () => {
      const path = join(FIXTURES, `${name}.parquet`);
      const { rows, columns } = await readDataFacts('parquet', path);
      assert.equal(rows, 40);
      assert.deepEqual(Object.fromEntries(columns.map((each) => [each.name, each.type])), {
        question: { kind: 'text' },
        answer: { kind: 'number' },
        share: { kind: 'number' },
        hard: { kind: 'bool' },
        tags: { kind: 'list', of: { kind: 'text' } },
        bill: {
          kind: 'struct',
          fields: [
            { name: 'vendor', type: { kind: 'text' } },
            { name: 'total', type: { kind: 'number' } },
          ],
        },
        when: { kind: 'text' },
      });
      const wanted = columns.flatMap((each): Column[] =>
        each.type ? [{ ...column(each.name, 'text'), type: each.type }] : [],
      );
      const { train, test } = await load(path, wanted, HALF, 'parquet');
      const read = [...train, ...test].find(({ answer }) => answer === 7);
      assert.deepEqual(read, {
        question: '6 + 1',
        answer: 7,
        share: 0.75,
        hard: false,
        tags: ['sum', 'six'],
        bill: { vendor: 'A6', total: null },
        when: '2026-01-07T00:00:00.000Z',
      });
    });
  }
});
