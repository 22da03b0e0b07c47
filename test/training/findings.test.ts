// What the demonstration says it found: checked against numbers worked out by hand, and read from a run's folder.

import assert from 'node:assert/strict';
import { type Answered, type ArmResult, difference, findings, table } from '../../src/cli/demo/findings.ts';
import { armResult } from '../../src/cli/demo/results.ts';
import { wilsonInterval } from '../../src/reward/accuracy.ts';
import type { EventLine, RolloutLine } from '../../src/run/format.ts';
import { RunWriter } from '../../src/run/write.ts';
import { metrics, record, rollout, temporaryFolder } from '../run/runs.ts';

const rights = (right: number, of: number) => Array.from({ length: of }, (_, i) => (i < right ? 1 : 0));

function answered(before: number, after: number, of = 240): Answered {
  const accuracy = (right: number) => ({ share: right / of, interval: wilsonInterval(right / of, of), rows: of });
  return { before: accuracy(before), after: accuracy(after), right: rights(after, of) };
}

/** An arm with a motivation answers without it as in `without`. */
function result(arm: string, before: number, after: number, without?: Answered): ArmResult {
  const own = answered(before, after);
  return { arm, own, plain: without ?? own, constant: 0.15, reward: { mean: 0.5, last: 1.5 } };
}

describe('what a demonstration found', () => {
  it('takes the difference of two arms row by row, with its interval', () => {
    // of four rows, b is right where a is wrong in two: differences 1, 1, 0, 0; deviation √(1/3)
    const { mean, interval } = difference([0, 0, 1, 0], [1, 1, 1, 0]);
    assert.equal(mean, 0.5);
    const half = (1.96 * Math.sqrt(1 / 3)) / 2;
    assert.ok(Math.abs(interval[0] - (0.5 - half)) < 1e-12 && Math.abs(interval[1] - (0.5 + half)) < 1e-12);
    assert.deepEqual(difference([1, 0], [1, 0]), { mean: 0, interval: [0, 0] });
  });

  it('says that an arm learned only when it rose clearly, above the best constant answer', () => {
    const text = (before: number, after: number) => findings([result('rlvr', before, after)]).join(' ');
    assert.match(
      text(5, 120),
      /rlvr: 2\.1 % → 50\.0 % .*it learned, and is above the best constant answer \(15\.0 %\)/,
    );
    assert.match(text(5, 40), /it rose, but not clearly above the best constant answer/);
    assert.match(text(100, 110), /no clear rise/);
    assert.match(text(150, 90), /no clear rise/);
  });

  it('says which arm is ahead, that MeRF loses, or that the arms do not differ', () => {
    const verdict = (plain: number, motivated: number) =>
      findings([result('rlvr', 5, plain), result('merf', 5, motivated)])[2] ?? '';
    assert.match(verdict(100, 150), /^MeRF is ahead of RLVR by \+20\.8 points \(\+15\.\d to \+26\.\d points\)/);
    assert.match(verdict(150, 100), /^MeRF loses to RLVR by 20\.8/);
    assert.match(verdict(100, 101), /^The arms do not differ clearly: MeRF − RLVR is \+0\.4 points/);
    assert.match(findings([result('rlvr', 5, 9), result('merf', 5, 9)]).at(-1) ?? '', /One seed each/);
  });

  it('tells answers with the motivation from those without', () => {
    const lines = findings([result('rlvr', 5, 30), result('merf', 50, 120, answered(8, 12))]);
    assert.match(lines[1] ?? '', /^merf: 20\.8 % → 50\.0 % .*Without the motivation: 3\.3 % → 5\.0 %\.$/);
    assert.match(lines[2] ?? '', /^MeRF is ahead of RLVR by \+37\.5 points .* each under the prompt it trained with/);
    assert.match(lines[3] ?? '', /^MeRF loses to RLVR by 7\.5 points .* both answering without motivation/);
    assert.match(lines[4] ?? '', /2\.1 % and 20\.8 %/);
  });

  it('is a table with aligned columns', () => {
    const lines = table([result('rlvr', 0, 120), result('merf', 24, 240, answered(0, 24))]).split('\n');
    assert.equal(lines.length, 4);
    assert.match(lines[1] ?? '', /^rlvr +without +0\.0 % \(0\.0–1\.6\) +50\.0 % \(43\.7–56\.3\) +15\.0 %$/);
    assert.match(lines[2] ?? '', /^merf +with motivation +10\.0 % .* 100\.0 %/);
    const column = lines[0]?.indexOf('after') ?? -1;
    for (const line of lines.slice(1)) assert.match(line.slice(column - 1, column + 1), /^ \d/);
  });

  describe('in a run', () => {
    const at = temporaryFolder();

    it('is read from its evaluations and its last answers', () => {
      const spec = record().specification;
      const place = { line: 0, column: 0 };
      const scores = [2, -2].map((value) => ({
        when: null,
        score: { kind: 'number', value } as const,
        text: null,
        place,
      }));
      const rules = [{ name: 'right', title: '', doc: '', cases: scores, weight: 1, isMetric: false, place }];
      const writer = RunWriter.create(at('run'), record({ specification: { ...spec, rules }, arm: 'merf' }));
      const answered = (step: number, prompt: 'none' | 'motivation', accuracy: number): EventLine => ({
        ...{ kind: 'evaluation', step, time: step, prompt, rows: 4, structures: 4, accuracy },
        ...{ interval: [0.1, 0.9], reward: 0, best: {}, constant: 0.25 },
      });
      assert.throws(() => armResult(at('run')), /no held-out answers before and after/);
      for (const line of [1, 2, 3].map((step) => metrics(step, { reward: step }))) writer.appendMetrics(line);
      for (const event of [answered(0, 'none', 0.25), answered(0, 'motivation', 0), answered(3, 'none', 0.5)]) {
        writer.appendEvent(event);
      }
      writer.appendEvent(answered(3, 'motivation', 0.75));
      const held = (reward: number): RolloutLine => ({ ...rollout(3, 'x'), split: 'test', reward, advantage: null });
      writer.writeRollouts({ kind: 'none', step: 3 }, [2, -2, 2, -2].map(held));
      writer.writeRollouts({ kind: 'motivation', step: 3 }, [2, 2, 2, -2].map(held));
      const found = armResult(at('run'));
      assert.deepEqual([found.plain.before.share, found.plain.after.share], [0.25, 0.5]);
      assert.deepEqual([found.own.before.share, found.own.after.share], [0, 0.75]);
      assert.deepEqual([found.arm, found.constant], ['merf', 0.25]);
      assert.deepEqual(
        [found.plain.right, found.own.right],
        [
          [1, 0, 1, 0],
          [1, 1, 1, 0],
        ],
      );
      assert.deepEqual(found.reward, { mean: 2, last: 2 });
    });
  });
});
