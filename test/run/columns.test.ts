// Files of columns: what is written is read, whole or a column at a time, and what is cut or changed is none.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { type Column, narrowed } from '../../src/run/columns/column.ts';
import { blockBytes, ColumnReader, fileBytes } from '../../src/run/columns/column_file.ts';
import { inTurns } from '../../src/run/columns/turns.ts';
import { temporaryFolder } from './runs.ts';

const numbers = fc.array(fc.oneof(fc.nat(), fc.double(), fc.constant(Number.NaN), fc.constant(-0), fc.nat(300)));
const blocks = fc.array(fc.dictionary(fc.string(), numbers), { maxLength: 4 });

describe('a file of columns', () => {
  const at = temporaryFolder();
  const path = () => at('numbers.columns');
  const write = (all: readonly Record<string, readonly number[]>[]) => {
    writeFileSync(path(), fileBytes());
    for (const [i, one] of all.entries()) {
      const columns = new Map(Object.entries(one).map(([name, values]) => [name, narrowed(values)]));
      appendFileSync(path(), blockBytes({ number: i }, columns));
    }
  };
  const readAll = () => {
    const reader = new ColumnReader(path());
    const found: { about: unknown; columns: Record<string, Column>; alone: Record<string, Column> }[] = [];
    for (let block = reader.next(); block; block = reader.next()) {
      const alone = [...block.places].map(([name, place]) => [name, reader.column(place)]);
      found.push({
        about: block.about,
        columns: Object.fromEntries(
          [...block.places.keys()].map((name) => [name, block.column(name) ?? narrowed([-1])]),
        ),
        alone: Object.fromEntries(alone),
      });
    }
    const { end } = reader;
    reader.close();
    return { found, end };
  };

  it('gives back what was put into it, whatever it is, whole and a column alone', () => {
    fc.assert(
      fc.property(blocks, (all) => {
        write(all);
        const { found, end } = readAll();
        assert.equal(end, readFileSync(path()).length);
        assert.deepEqual(
          found.map(({ columns }) =>
            Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]])),
          ),
          all.map((one) => ({ ...one })),
        );
        assert.deepEqual(
          found.map(({ about }) => about),
          all.map((_, number) => ({ number })),
        );
        for (const { columns, alone } of found) assert.deepEqual(alone, columns);
      }),
      { numRuns: 60 },
    );
  });

  it('has whole blocks only, wherever it is cut', () => {
    write([{ a: [1, 2, 3] }, { a: [0.5, 300] }]);
    const whole = readFileSync(path());
    const ends = [8, readAll().end];
    for (let length = whole.length; length >= 0; length -= 3) {
      truncateSync(path(), length);
      const { found, end } = readAll();
      assert.ok(end <= length && found.length <= 2);
      assert.equal(found.length === 2, length >= (ends[1] ?? 0));
    }
  });

  it('ends before a block in which anything was changed', () => {
    write([{ a: [1, 2, 3] }, { b: [0.5, 300] }]);
    const whole = readFileSync(path());
    for (let place = 8; place < whole.length; place++) {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ 0x41;
      writeFileSync(path(), bytes);
      const { found } = readAll();
      assert.ok(found.length < 2, `byte ${place}`);
      for (const { about } of found) assert.match(JSON.stringify(about), /^\{"number":[01]\}$/);
    }
  });

  it('keeps numbers in the narrowest type that holds them all', () => {
    const types = [[1, 255], [256], [65536], [2 ** 32], [-1], [0.5], [Number.NaN], [-0], []].map(
      (values) => narrowed(values).constructor.name,
    );
    const [u8, u16, u32, f64] = ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Float64Array'];
    assert.deepEqual(types, [u8, u16, u32, f64, f64, f64, f64, f64, u8]);
  });
});

describe('work in turns', () => {
  it('lets others have theirs, does all of it, and ends when it is told to', async () => {
    let [done, others] = [0, 0];
    const clock = setInterval(() => others++, 1);
    function* work() {
      for (const until = performance.now() + 100; performance.now() < until; done++) yield;
    }
    await inTurns(work());
    clearInterval(clock);
    assert.ok(done > 100 && others > 1, `${done} pieces, ${others} turns of others`);
    const ending = new AbortController();
    let pieces = 0;
    function* endless() {
      for (;;) {
        if (++pieces === 10) ending.abort();
        yield;
      }
    }
    await inTurns(endless(), ending.signal);
    assert.equal(pieces, 10);
  });
});
