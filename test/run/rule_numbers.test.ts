// What each rule did in the newest run of an experiment.

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../src/run/format.ts';
import { rolloutsFile, runsFolder } from '../../src/run/location.ts';
import { LatestNumbers } from '../../src/run/rule_numbers.ts';
import { metrics, record, rollout, temporaryFolder } from './runs.ts';

describe('the numbers of rules in the latest run', () => {
  const inside = temporaryFolder();

  /** Steps with the share of responses in which the first of two cases fired. */
  function write(id: string, change: Partial<RunRecord>, shares: Record<number, number>): string {
    const folder = join(runsFolder(inside()), id);
    mkdirSync(join(folder, 'rollouts'), { recursive: true });
    const step = Math.max(0, ...Object.keys(shares).map(Number));
    const whole = record({ id, step, pid: null, status: 'finished', ...change });
    writeFileSync(join(folder, 'run.json'), JSON.stringify(withRule(whole)));
    for (const [at, share] of Object.entries(shares)) grow(folder, Number(at), share);
    return folder;
  }

  function grow(folder: string, step: number, share: number): void {
    const values = { 'rewards/format/mean': 2 * share - 1, 'cases/format/0': share, 'cases/format/1': 1 - share };
    appendFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(metrics(step, values))}\n`);
  }

  function withRule(run: RunRecord): RunRecord {
    const place = { line: 0, column: 0 };
    const one = { when: null, score: { kind: 'number' as const, value: 1 }, text: null, place };
    const rule = { name: 'format', title: 'Format', doc: '', weight: 1, isMetric: false, cases: [one, one], place };
    return { ...run, specification: { ...run.specification, rules: [rule] } };
  }

  it('are its mean and the share of each case, at every step', () => {
    write('one', { arm: 'merf' }, { 1: 0, 2: 0.25, 3: 0.5 });
    const found = new LatestNumbers().latest([inside()], 'small');
    assert.deepEqual([found?.arm, found?.step], ['merf', 3]);
    assert.deepEqual(found?.rules.format?.means, [-1, -0.5, 0]);
    assert.deepEqual(found?.rules.format?.shares, [
      [0, 0.25, 0.5],
      [1, 0.75, 0.5],
    ]);
  });

  it('are those of the newest run of the experiment that has finished a step', () => {
    write('old', { created: 1, arm: 'old' }, { 1: 1 });
    write('new', { created: 2, arm: 'new' }, { 1: 1 });
    write('other', { created: 3, experiment: 'other' }, { 1: 1 });
    write('begun', { created: 4, arm: 'begun' }, {});
    const numbers = new LatestNumbers();
    assert.equal(numbers.latest([inside()], 'small')?.arm, 'new');
    assert.equal(numbers.latest([inside()], 'none'), null);
    assert.equal(numbers.latest([], 'small'), null);
    write('newest', { created: 5, arm: 'newest' }, { 1: 1 });
    assert.equal(numbers.latest([inside()], 'small')?.arm, 'newest');
  });

  it('follow a run that goes on, and one that took steps back; what is damaged is passed over', () => {
    const folder = write('one', {}, { 1: 0.5 });
    const numbers = new LatestNumbers();
    assert.equal(numbers.latest([inside()], 'small')?.step, 1);
    appendFileSync(join(folder, 'metrics.jsonl'), 'not JSON\n');
    grow(folder, 2, 0.75);
    appendFileSync(join(folder, 'metrics.jsonl'), '{"step":3,"ti');
    const grown = numbers.latest([inside()], 'small');
    assert.deepEqual([grown?.step, grown?.rules.format?.shares[0]], [2, [0.5, 0.75]]);
    writeFileSync(join(folder, 'metrics.jsonl'), `${JSON.stringify(metrics(1, { 'cases/format/0': 1 }))}\n`);
    const back = numbers.latest([inside()], 'small');
    assert.deepEqual([back?.step, back?.rules.format?.shares[0]], [1, [1]]);
    writeFileSync(join(folder, 'run.json'), '{');
    assert.equal(numbers.latest([inside()], 'small'), null);
  });

  it('stand on responses of the latest step', () => {
    const folder = write('one', {}, { 1: 1, 2: 0.5 });
    const fired = [0, 0, 1, 0, -1];
    const lines = fired.map((index, i) => ({
      ...rollout(2, `response ${i}`),
      rules: { format: { case: index, score: 1, weight: 1 } },
    }));
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(join(folder, rolloutsFile({ kind: 'train', step: 2 })), text);
    const numbers = new LatestNumbers();
    const run = numbers.latest([inside()], 'small');
    assert.ok(run);
    const indexes = (only: number | null) => numbers.samples(run, 'format', only, 2).map(({ index }) => index);
    assert.deepEqual(indexes(null), [0, 1, 2, 4]);
    assert.deepEqual(indexes(0), [0, 1]);
    assert.deepEqual(indexes(1), [2]);
    assert.deepEqual(numbers.samples(run, 'other', null, 2), []);
    assert.equal(numbers.samples(run, 'format', 1, 2)[0]?.response, 'response 2');
  });
});
