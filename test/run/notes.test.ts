import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { z } from 'zod';
import { RolloutLine } from '../../src/run/format.ts';
import { Notes } from '../../src/run/notes.ts';
import { exportRollouts } from '../../src/run/rollouts/export.ts';
import { sampleRollouts } from '../webview/sample_run.ts';
import { temporaryFolder } from './runs.ts';

const noted = { set: { kind: 'train' as const, step: 3 }, prompt_index: 1, sample: 2 };

describe('stars and notes', () => {
  const at = temporaryFolder();
  beforeEach(() => mkdirSync(at('run')));

  it('survive, and the last one counts', () => {
    const notes = new Notes(at('run'));
    notes.put({ ...noted, starred: true, note: 'first', time: 1 });
    notes.put({ ...noted, starred: false, note: 'ünd 日本', time: 2 });
    assert.equal(new Notes(at('run')).of(noted)?.note, 'ünd 日本');
    assert.equal(new Notes(at('run')).of({ ...noted, sample: 0 }), null);
  });

  it('of two windows come together', () => {
    const [one, two] = [new Notes(at('run')), new Notes(at('run'))];
    one.put({ ...noted, starred: true, note: '', time: 1 });
    two.put({ ...noted, sample: 0, starred: true, note: '', time: 2 });
    assert.equal(one.refresh(), true);
    assert.equal(one.of({ ...noted, sample: 0 })?.starred, true);
    assert.equal(two.of(noted)?.starred, true);
    assert.equal(one.refresh(), false);
  });

  it('are read past a line that is damaged, and from the start when the file is another', () => {
    const notes = new Notes(at('run'));
    appendFileSync(at('run/notes.jsonl'), 'nonsense\n');
    notes.put({ ...noted, starred: true, note: '', time: 1 });
    assert.equal(notes.of(noted)?.starred, true);
    writeFileSync(at('run/notes.jsonl'), '');
    notes.refresh();
    assert.equal(notes.of(noted), null);
  });

  it('are not written through a link', () => {
    writeFileSync(at('other'), '');
    symlinkSync(at('other'), at('run/notes.jsonl'));
    assert.throws(() => new Notes(at('run')), /notes\.jsonl in the run’s folder is a link/);
  });
});

describe('an export of responses', () => {
  const at = temporaryFolder();
  // as JSON has them: without a -0
  const lines = z.array(RolloutLine).parse(JSON.parse(JSON.stringify(sampleRollouts(3))));

  it('as JSON lines is what the run holds', () => {
    assert.equal(exportRollouts(at('out.jsonl'), 'jsonl', lines), 8);
    const read = readFileSync(at('out.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(read, lines);
  });

  it('as Parquet has TRL’s columns, and reads back', async () => {
    const [first, ...rest] = lines;
    assert.ok(first);
    const invalid: RolloutLine = { ...first, reward: null, advantage: null, rules: {} };
    assert.equal(exportRollouts(at('out.parquet'), 'parquet', [...rest, invalid]), 8);
    const bytes = readFileSync(at('out.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    assert.deepEqual(Object.keys(rows[0] ?? {}).slice(0, 6), [
      'step',
      'prompt',
      'completion',
      'format',
      'correctness',
      'advantage',
    ]);
    assert.deepEqual(
      rows.map((row) => [row.completion, row.correctness, row.advantage]),
      [...rest, invalid].map((line) => [line.response, line.rules.correctness?.score ?? null, line.advantage]),
    );
  });
});
