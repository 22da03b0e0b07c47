// The index beside a run's rollouts: made file by file, kept, remade where it does not fit, and never led astray.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Column } from '../../src/run/columns/column.ts';
import { blockBytes, ColumnReader, fileBytes } from '../../src/run/columns/column_file.ts';
import { filterNames } from '../../src/run/filter/names.ts';
import type { RolloutLine } from '../../src/run/format.ts';
import { rolloutsFile } from '../../src/run/location.ts';
import { type Listing, list } from '../../src/run/rollouts/listing.ts';
import { RolloutIndex } from '../../src/run/rollouts/rollout_index.ts';
import { bestOfBlocks } from '../../src/run/rollouts/verdict.ts';
import type { RolloutSet } from '../../src/run/view.ts';
import { sampleRollouts, sampleRun, specification, writeRun } from '../webview/sample_run.ts';
import { temporaryFolder } from './runs.ts';

const train = (step: number): RolloutSet => ({ kind: 'train', step });

describe('the index of a run’s rollouts', () => {
  const at = temporaryFolder();
  const opened: RolloutIndex[] = [];
  const folder = () => at('run');
  const columnsFile = () => join(folder(), 'index', 'rollouts.columns');
  const open = () => {
    const index = RolloutIndex.open(folder());
    opened.push(index);
    return index;
  };
  const whole = async () => {
    const index = open();
    await index.update();
    return index;
  };

  beforeEach(() => writeRun(sampleRun(folder(), 'merf', 1), [train(1), train(2), train(3)]));
  afterEach(() => {
    for (const index of opened.splice(0)) index.close();
  });

  it('holds what the files hold, and gives each response back as it was written', async () => {
    const index = await whole();
    assert.deepEqual(
      index.blocks.map(({ set, count }) => [set.step, count]),
      [
        [1, 8],
        [2, 8],
        [3, 8],
      ],
    );
    for (const step of [1, 2, 3]) {
      for (const [i, line] of sampleRollouts(step).entries())
        assert.deepEqual(index.read(train(step), i), JSON.parse(JSON.stringify(line)));
    }
  });

  it('is taken from beside the run the next time, and says the same', async () => {
    const first = await whole();
    const lines = listed(first, { filter: 'text contains "HONEST"' });
    first.close();
    const second = open();
    await second.load();
    assert.deepEqual(second.missing(), []);
    assert.deepEqual(listed(second, { filter: 'text contains "HONEST"' }), lines);
    assert.equal(lines.length, 6);
  });

  it('has a step from its own file before anything of the index has been read', async () => {
    const index = open();
    await index.prepare(train(2));
    assert.deepEqual(
      index.blocks.map(({ set, count }) => [set.step, count]),
      [[2, 8]],
    );
    assert.deepEqual(index.read(train(2), 3), JSON.parse(JSON.stringify(sampleRollouts(2)[3])));
    const early = listed(index, { filter: '' });
    await index.update();
    assert.equal(index.blocks.length, 3);
    const late = listed(index, { filter: 'step == 2' });
    assert.deepEqual(late, early);
  });

  it('goes on where it was interrupted', async () => {
    const first = open();
    const ending = new AbortController();
    await first.load();
    await first.prepare(train(3));
    ending.abort();
    await first.update(() => {}, ending.signal);
    first.close();
    assert.ok(readFileSync(columnsFile()).length > 8);
    const second = open();
    await second.load();
    assert.deepEqual(
      second.missing().map(({ step }) => step),
      [1, 2],
    );
  });

  it('says of a response whose tokens are damaged that it cannot be read', async () => {
    const path = join(folder(), rolloutsFile(train(1)));
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"entropies":[', '"entropies":["x",'));
    const index = await whole();
    assert.equal(index.blocks[0]?.count, 8);
    assert.throws(() => index.read(train(1), 0), /Response 1 of rollouts\/step-000001\.jsonl cannot be read/);
    assert.deepEqual(index.read(train(1), 1), JSON.parse(JSON.stringify(sampleRollouts(1)[1])));
  });

  it('grows by the files that come, and reads again a file that was replaced', async () => {
    const index = await whole();
    const kept = readFileSync(columnsFile());
    writeRun(sampleRun(folder(), 'merf', 1), [train(4)]);
    await index.update();
    assert.equal(index.blocks.length, 4);
    assert.deepEqual(readFileSync(columnsFile()).subarray(0, kept.length), kept);
    writeLines(folder(), 2, sampleRollouts(2).slice(0, 3));
    await index.update();
    assert.deepEqual(
      index.blocks.map(({ count }) => count),
      [8, 3, 8, 8],
    );
    rmSync(join(folder(), rolloutsFile(train(3))));
    await index.update();
    assert.deepEqual(
      index.blocks.map(({ set }) => set.step),
      [1, 2, 4],
    );
  });

  it('waits for the rest of a line that is cut, and leaves out lines that cannot be read, saying so', async () => {
    const path = join(folder(), rolloutsFile(train(3)));
    appendFileSync(path, '{"step": "three"}\nnonsense\n{"step":3,"prompt_index":0,"sam');
    const index = await whole();
    assert.equal(index.blocks.at(-1)?.count, 8);
    assert.deepEqual(index.problems, [
      '2 lines of rollouts/step-000003.jsonl cannot be read and are left out. The others are shown; take the file from where it was trained.',
    ]);
  });

  for (const [name, spoil] of [
    ['is not of this format', (path: string) => writeFileSync(path, 'oops\n')],
    ['is of another version', (path: string) => writeFileSync(path, readFileSync(path).fill('9', 7, 8))],
    ['is empty', (path: string) => writeFileSync(path, '')],
    ['has a byte that was changed', (path: string) => writeFileSync(path, changedAt(path, 400))],
    ['has columns of different lengths', (path: string) => tampered(path, { reward: new Uint8Array(7) })],
    ['lost a column', (path: string) => tampered(path, { tokens: null })],
    ['points outside of its file', (path: string) => tampered(path, { offset: new Float64Array(8).fill(-7) })],
    ['points behind its file', (path: string) => tampered(path, { length: new Uint32Array(8).fill(4e9) })],
    ['has texts longer than its file', (path: string) => tampered(path, { responses: new Uint32Array(8).fill(1e9) })],
    ['answers prompts that are not there', (path: string) => tampered(path, { asks: new Uint8Array(8).fill(200) })],
    ['has a wrong type', (path: string) => tampered(path, {}, { set: 'every', bytes: 'many' })],
    ['lost its texts', (path: string) => rmSync(join(path, '..', 'texts'))],
  ] as const) {
    it(`is thrown away and made again when it ${name}`, async () => {
      (await whole()).close();
      spoil(columnsFile());
      const index = await whole();
      assert.equal(index.blocks.length, 3);
      assert.equal(listed(index, { filter: 'text contains "honest"' }).length, 6);
      assert.deepEqual(index.problems, []);
      assert.deepEqual(index.read(train(2), 1), JSON.parse(JSON.stringify(sampleRollouts(2)[1])));
    });
  }

  it('goes on after a block that was cut in the middle', async () => {
    (await whole()).close();
    const before = readFileSync(columnsFile());
    writeFileSync(columnsFile(), before.subarray(0, before.length - 100));
    const again = await whole();
    assert.equal(again.blocks.length, 3);
    again.close();
    const after = await whole();
    assert.deepEqual(after.missing(), []);
    assert.equal(readFileSync(columnsFile()).length, before.length);
  });

  it('is written by one window; another keeps its own in memory and takes over what was written', async () => {
    const first = open();
    const second = await whole();
    assert.equal(listed(second, { filter: 'text contains "honest"' }).length, 6);
    await first.update();
    await second.update();
    assert.equal(listed(second, { filter: 'text contains "honest"' }).length, 6);
    assert.equal(first.blocks.length, 3);
  });

  it('does not follow links out of the run, neither to read nor to write', async () => {
    writeFileSync(at('secret.jsonl'), `${JSON.stringify(sampleRollouts(9)[0])}\n`);
    symlinkSync(at('secret.jsonl'), join(folder(), rolloutsFile(train(9))));
    mkdirSync(at('elsewhere'));
    symlinkSync(at('elsewhere'), join(folder(), 'index'));
    const index = await whole();
    assert.deepEqual(
      index.blocks.map(({ set }) => set.step),
      [1, 2, 3],
    );
    assert.match(
      index.problems.join(' '),
      /step-000009\.jsonl in the run’s folder is a link, and links are not followed\./,
    );
    assert.throws(() => index.read(train(9), 0), /not there/);
    assert.equal(existsSync(at('elsewhere/rollouts.columns')), false);
  });

  it('says what is not a file of rollouts', async () => {
    mkdirSync(join(folder(), rolloutsFile(train(5))));
    assert.deepEqual((await whole()).problems, [
      'step-000005.jsonl is not a file. Remove it from the run’s folder, or take the run from where it was trained.',
    ]);
  });

  it('has a line of a megabyte as any other', async () => {
    const [line] = sampleRollouts(6);
    assert.ok(line);
    writeLines(folder(), 6, [{ ...line, response: `<think>${'x'.repeat(1_000_000)}</think> needle` }]);
    const index = await whole();
    assert.equal(listed(index, { filter: 'text contains "needle"' }).length, 1);
    assert.equal(index.read(train(6), 0).response.length, 1_000_022);
  });

  it('holds no file that has the size and time of another', async () => {
    const index = await whole();
    const path = join(folder(), rolloutsFile(train(2)));
    const lines = sampleRollouts(2).map((line) => ({ ...line, response: line.response.replace('honest', 'HONEST') }));
    writeLines(folder(), 2, lines);
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    await index.update();
    assert.match(index.read(train(2), 1).response, /HONEST/);
  });
});

function writeLines(folder: string, step: number, lines: readonly RolloutLine[]): void {
  writeFileSync(join(folder, rolloutsFile(train(step))), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function changedAt(path: string, place: number): Buffer {
  const bytes = readFileSync(path);
  bytes[place] = (bytes[place] ?? 0) ^ 0xff;
  return bytes;
}

/** The index written anew by somebody who knows the format: other columns in its first block, or other words about it. */
function tampered(path: string, columns: Record<string, Column | null>, about: object = {}): void {
  const reader = new ColumnReader(path);
  const parts: Uint8Array[] = [fileBytes()];
  for (let block = reader.next(); block; block = reader.next()) {
    const isFirst = parts.length === 1;
    const mine = new Map([...block.places.keys()].map((name) => [name, block?.column(name) ?? new Uint8Array()]));
    for (const [name, column] of isFirst ? Object.entries(columns) : []) {
      assert.ok(mine.delete(name), name);
      if (column) mine.set(name, column);
    }
    parts.push(blockBytes(isFirst ? { ...z.object({}).loose().parse(block.about), ...about } : block.about, mine));
  }
  reader.close();
  assert.equal(parts.length, 4);
  writeFileSync(path, Buffer.concat(parts));
}

function listed(index: RolloutIndex, query: { filter: string }): unknown[] {
  const listing: Listing = list(
    {
      blocks: index.blocks,
      names: filterNames(specification, []),
      rules: specification.rules,
      best: bestOfBlocks(specification, index.blocks),
      texts: (block) => index.textsOf(block),
      lines: (block) => index.linesOf(block),
      metric: () => null,
      note: () => null,
    },
    { set: null, search: '', order: 'rewardDown', ...query },
  );
  assert.equal(listing.problem, null);
  return Array.from({ length: listing.items }, (_, place) => listing.item(place));
}
