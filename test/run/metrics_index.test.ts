// The metrics of a run by column: the same numbers as in metrics.jsonl, whatever happened to either file.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { MetricsLine } from '../../src/run/format.ts';
import { MetricsIndex } from '../../src/run/metrics/metrics_index.ts';
import { reduced } from '../../src/run/metrics/reduced.ts';
import { temporaryFolder } from './runs.ts';

const line = (step: number, shift = 0): MetricsLine => ({
  step,
  time: step * 2.5,
  values: { reward: step / 7 + shift, ...(step % 3 === 0 && { 'held out': step }), ...(step > 300 && { late: -step }) },
});
const text = (from: number, to: number, shift = 0) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${JSON.stringify(line(from + i, shift))}\n`).join('');

describe('the metrics of a run by column', () => {
  const at = temporaryFolder();
  const opened: MetricsIndex[] = [];
  const lines = () => join(at('run'), 'metrics.jsonl');
  const columns = () => join(at('run'), 'index', 'metrics.columns');
  const open = async () => {
    const index = new MetricsIndex(at('run'));
    opened.push(index);
    await index.load();
    return index;
  };
  /** What it says is what the lines say. */
  const agrees = (index: MetricsIndex) => {
    const found = readFileSync(lines(), 'utf8')
      .split('\n')
      .slice(0, -1)
      .flatMap((one): MetricsLine[] => (/^\{"step":\d/.test(one) ? [JSON.parse(one)] : []));
    assert.equal(index.count, found.length);
    assert.deepEqual(new Set(index.names()), new Set(found.flatMap(({ values }) => Object.keys(values))));
    for (const name of ['reward', 'held out', 'late', 'constructor']) {
      const there = found.filter(({ values }) => Object.hasOwn(values, name));
      assert.deepEqual(index.series(name), {
        step: there.map(({ step }) => step),
        time: there.map(({ time }) => time),
        values: there.map(({ values }) => values[name]),
      });
    }
    assert.deepEqual(index.latest().at(-1), found.at(-1));
  };

  beforeEach(() => {
    mkdirSync(at('run'));
    writeFileSync(lines(), text(1, 500));
  });
  afterEach(() => {
    for (const index of opened.splice(0)) index.close();
  });

  it('has what the lines have, the first time and from beside the run', async () => {
    agrees(await open());
    const size = readFileSync(columns()).length;
    agrees(await open());
    assert.equal(readFileSync(columns()).length, size);
  });

  it('reads no line again that a block was made of', async () => {
    await open();
    const bytes = readFileSync(lines());
    bytes.write('{"step":oops', 0);
    writeFileSync(lines(), bytes);
    assert.equal((await open()).series('reward').values[0], 1 / 7);
  });

  it('grows with the run, a half line waiting for its rest', async () => {
    const index = await open();
    const more = text(501, 900);
    appendFileSync(lines(), more.slice(0, -20));
    await index.load();
    assert.equal(index.count, 899);
    appendFileSync(lines(), more.slice(-20));
    await index.load();
    agrees(index);
    agrees(await open());
  });

  it('leaves out lines that cannot be read', async () => {
    appendFileSync(lines(), `nonsense\n{"step": "one"}\n${text(501, 700)}`);
    agrees(await open());
  });

  it('forgets what a resumed run took back, and goes on with the rest', async () => {
    const index = await open();
    const other = `${lines()}.other`;
    writeFileSync(other, text(1, 200) + text(201, 450, 100));
    renameSync(other, lines());
    await index.load();
    agrees(index);
    agrees(await open());
  });

  for (const [name, spoil] of [
    ['is not of this format', (path: string) => writeFileSync(path, 'oops')],
    ['was cut', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 3000))],
    ['has a byte that was changed', (path: string) => writeFileSync(path, readFileSync(path).fill(7, 4000, 4001))],
    ['has gone', (path: string) => rmSync(path)],
  ] as const) {
    it(`is made again when it ${name}`, async () => {
      (await open()).close();
      const before = readFileSync(columns());
      spoil(columns());
      agrees(await open());
      agrees(await open());
      assert.deepEqual(readFileSync(columns()), before);
    });
  }

  it('is written by one process at a time, and agrees in both', async () => {
    const [first, second] = [new MetricsIndex(at('run')), new MetricsIndex(at('run'))];
    opened.push(first, second);
    await Promise.all([first.load(), second.load()]);
    agrees(first);
    agrees(second);
    appendFileSync(lines(), text(501, 1000));
    await Promise.all([first.load(), second.load()]);
    agrees(first);
    agrees(second);
    agrees(await open());
  });

  it('does not follow links out of the run, neither to read nor to write', async () => {
    mkdirSync(at('elsewhere'));
    symlinkSync(at('elsewhere'), join(at('run'), 'index'));
    agrees(await open());
    assert.equal(existsSync(at('elsewhere/metrics.columns')), false);
    writeFileSync(at('secret.jsonl'), text(1, 5));
    rmSync(lines());
    symlinkSync(at('secret.jsonl'), lines());
    await assert.rejects(open(), /is a link, and links are not followed/);
  });
});

describe('a curve with no more points than a chart shows', () => {
  it('keeps every point of a short one, and of a long one the first, the last and every extreme', () => {
    assert.deepEqual(reduced([3, 1, 2]), [0, 1, 2]);
    const values = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 900) + (i === 54_321 ? 9 : 0));
    const places = reduced(values, 0, values.length, 400);
    assert.ok(places.length <= 400);
    assert.deepEqual([places[0], places.at(-1)], [0, 99_999]);
    assert.ok(places.includes(54_321));
    assert.equal(Math.min(...places.map((i) => values[i] ?? 0)), Math.min(...values));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });
});
