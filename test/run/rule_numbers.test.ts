// What each rule did in the newest run of an experiment.

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RolloutLine, RunRecord } from '../../src/run/format.ts';
import { rolloutsFile, runsFolder } from '../../src/run/location.ts';
import { LatestNumbers } from '../../src/run/rule_numbers.ts';
import { metrics, record, rollout, temporaryFolder } from './runs.ts';

describe('the numbers of rules in the latest run', () => {
  const inside = temporaryFolder();

  function write(id: string, change: Partial<RunRecord>, steps: Record<number, RolloutLine['rules'][]>): string {
    const folder = join(runsFolder(inside()), id);
    mkdirSync(join(folder, 'rollouts'), { recursive: true });
    const step = Math.max(0, ...Object.keys(steps).map(Number));
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify(record({ id, step, pid: null, status: 'finished', ...change })),
    );
    for (const [at, rules] of Object.entries(steps)) {
      const lines = rules.map((judged) => JSON.stringify({ ...rollout(Number(at), '…'), rules: judged }));
      writeFileSync(join(folder, rolloutsFile({ kind: 'train', step: Number(at) })), `${lines.join('\n')}\n`);
      const line = metrics(Number(at), { 'rewards/format/mean': Number(at) / 10 });
      appendFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
    }
    return folder;
  }

  const fired = (index: number, score: number) => ({ format: { case: index, score, weight: 1 } });

  it('count each case over the last five steps, and follow the mean over all', () => {
    const early = [fired(2, -2)];
    const steps = {
      1: early,
      2: [fired(0, 1)],
      3: [fired(1, -1)],
      4: [fired(0, 1)],
      5: [fired(0, 1)],
      6: [fired(-1, 0)],
    };
    write('one', { arm: 'merf' }, steps);
    const found = new LatestNumbers().of([inside()], 'small');
    assert.deepEqual([found?.arm, found?.from, found?.to, found?.responses], ['merf', 2, 6, 5]);
    assert.deepEqual(found?.rules.format?.cases, [3, 1]);
    assert.ok(Math.abs((found?.rules.format?.mean ?? 0) - 0.4) < 1e-9);
    assert.deepEqual(found?.rules.format?.curve, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  });

  it('are those of the newest run of the experiment that has finished a step', () => {
    write('old', { created: 1, arm: 'old' }, { 1: [fired(0, 1)] });
    write('new', { created: 2, arm: 'new' }, { 1: [fired(0, 1)] });
    write('other', { created: 3, experiment: 'other' }, { 1: [fired(0, 1)] });
    write('begun', { created: 4, arm: 'begun' }, {});
    const numbers = new LatestNumbers();
    assert.equal(numbers.of([inside()], 'small')?.arm, 'new');
    assert.equal(numbers.of([inside()], 'none'), null);
    assert.equal(numbers.of([], 'small'), null);
    write('newest', { created: 5, arm: 'newest' }, { 1: [fired(0, 1)] });
    assert.equal(numbers.of([inside()], 'small')?.arm, 'newest');
  });

  it('are read again when the run goes on, and pass over what is damaged', () => {
    const folder = write('one', {}, { 1: [fired(0, 1)] });
    const numbers = new LatestNumbers();
    assert.equal(numbers.of([inside()], 'small')?.to, 1);
    write('one', {}, { 1: [fired(0, 1)], 2: [fired(1, -1)] });
    assert.equal(numbers.of([inside()], 'small')?.to, 2);
    appendFileSync(
      join(folder, rolloutsFile({ kind: 'train', step: 2 })),
      'not JSON\n{"rules":{"format":{"case":"x"}}}\n',
    );
    appendFileSync(join(folder, 'metrics.jsonl'), 'not JSON\n');
    assert.equal(numbers.of([inside()], 'small')?.responses, 2);
    writeFileSync(join(folder, 'run.json'), '{');
    assert.equal(numbers.of([inside()], 'small'), null);
  });
});
