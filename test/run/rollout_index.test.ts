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
import type { RolloutLine } from '../../src/run/format.ts';
import { rolloutsFile } from '../../src/run/location.ts';
import { filterNames, type Listing, list } from '../../src/run/rollouts/listing.ts';
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
    assert.deepEqual(second.missing(), []);
    assert.deepEqual(listed(second, { filter: 'text contains "HONEST"' }), lines);
    assert.equal(lines.length, 6);
  });

  it('grows by the files that come, and reads again a file that was replaced', async () => {
    const index = await whole();
    const kept = readFileSync(join(folder(), 'index', 'rollouts.jsonl'), 'utf8');
    writeRun(sampleRun(folder(), 'merf', 1), [train(4)]);
    await index.update();
    assert.equal(index.blocks.length, 4);
    assert.ok(readFileSync(join(folder(), 'index', 'rollouts.jsonl'), 'utf8').startsWith(kept));
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
    ['is not JSON', (path: string) => writeFileSync(path, 'oops\n')],
    ['is of another version', (path: string) => writeFileSync(path, '{"rollouts":99}\n')],
    [
      'has columns that do not fit',
      (path: string) => writeFileSync(path, spoiled(path, '"sample":[0,1', '"sample":[1')),
    ],
    ['points outside of its file', (path: string) => writeFileSync(path, spoiled(path, '"offset":[0', '"offset":[-7'))],
    ['has a wrong type', (path: string) => writeFileSync(path, spoiled(path, '"tokens":[', '"tokens":["x",'))],
    ['lost its texts', (path: string) => rmSync(join(path, '..', 'texts'))],
  ] as const) {
    it(`is thrown away and made again when it ${name}`, async () => {
      (await whole()).close();
      spoil(join(folder(), 'index', 'rollouts.jsonl'));
      const index = await whole();
      assert.equal(index.blocks.length, 3);
      assert.equal(listed(index, { filter: 'text contains "honest"' }).length, 6);
      assert.deepEqual(index.problems, []);
    });
  }

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
    assert.equal(existsSync(at('elsewhere/rollouts.jsonl')), false);
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

function spoiled(path: string, part: string, by: string): string {
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(part), part);
  return text.replace(part, by);
}

function listed(index: RolloutIndex, query: { filter: string }): unknown[] {
  const listing: Listing = list(
    {
      blocks: index.blocks,
      names: filterNames(specification, []),
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
