import assert from 'node:assert/strict';
import { basename, dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import {
  checkpointFolder,
  findRunFolder,
  newRunFolder,
  rolloutSetOf,
  rolloutsFile,
  rootOfRun,
  runsFolder,
} from '../../src/run/location.ts';
import { RunWriter } from '../../src/run/write.ts';
import { record, temporaryFolder } from './runs.ts';

const now = new Date(Date.UTC(2026, 10, 23, 21, 5, 1));

describe("a run's place", () => {
  const at = temporaryFolder();

  it('is named by experiment, arm, seed and time, with a number when that is taken', () => {
    const run = { experiment: 'knights_and_knaves', arm: 'merf', seed: 1, now };
    const first = newRunFolder(at(), run);
    assert.equal(basename(first), 'knights_and_knaves-merf-s1-20261123-210501');
    assert.equal(dirname(first), join(at(), '.merf', 'runs'));
    RunWriter.create(first, record());
    assert.equal(basename(newRunFolder(at(), run)), 'knights_and_knaves-merf-s1-20261123-210501-2');
    assert.equal(rootOfRun(first), at());
    assert.equal(rootOfRun(at('elsewhere')), at('elsewhere'));
  });

  it('never leaves the runs’ folder, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (experiment, arm) => {
        const folder = newRunFolder(at(), { experiment, arm, seed: 3, now });
        assert.equal(dirname(folder), runsFolder(at()));
        assert.doesNotMatch(relative(runsFolder(at()), folder), /^\.|[\\/]/);
      }),
    );
  });

  it('is found by id and by path; an unknown one is answered with those that are there', () => {
    const folder = join(runsFolder(at()), 'one-merf-s1');
    assert.throws(() => findRunFolder(at(), 'one-merf-s1'), /There is no run one-merf-s1/);
    RunWriter.create(folder, record());
    assert.equal(findRunFolder(at(), 'one-merf-s1'), folder);
    assert.equal(findRunFolder(at(), folder), folder);
    assert.equal(findRunFolder(at(), '.merf/runs/one-merf-s1'), folder);
    assert.throws(() => findRunFolder(at(), 'two'), { remedy: 'Use one of: one-merf-s1.' });
    assert.throws(() => findRunFolder(at(), '../../etc'), /There is no run/);
  });

  it('names rollouts and checkpoints by step, and reads the names back', () => {
    const sets = [
      { kind: 'train', step: 120 },
      { kind: 'motivation', step: 0 },
      { kind: 'none', step: 1_234_567 },
    ] as const;
    for (const set of sets) assert.deepEqual(rolloutSetOf(basename(rolloutsFile(set))), set);
    assert.equal(rolloutsFile(sets[0]), join('rollouts', 'step-000120.jsonl'));
    for (const name of ['step-12.jsonl', 'eval-000120.jsonl', '.step-000120.jsonl.tmp', 'step-000120.jsonl.bak']) {
      assert.equal(rolloutSetOf(name), null);
    }
    assert.equal(checkpointFolder(7), join('checkpoints', 'step-000007'));
  });
});
