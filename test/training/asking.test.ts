// Training with a verifier: invalid samples are left out of their group and counted by cause, and never look like a 0.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRollouts, readRun } from '../../src/run/read.ts';
import { groupAdvantages, spread } from '../../src/training/advantages.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf } from './letters.ts';

describe('a training run with a verifier', function () {
  this.timeout(120_000);
  const at = temporaryFolder();

  async function train(script: string, ...given: string[]) {
    await letters(at(), (text) =>
      text
        .replace('reward {', 'verifier has_e(text): bool from "./verify.mjs" timeout 2s\nreward {')
        .replace('contains(response, "e")', 'has_e(response)')
        .replace('steps 12', 'steps 2'),
    );
    writeFileSync(join(at(), 'verify.mjs'), script);
    return merf(at(), 'train', 'letters.merf', '--arm', 'merf', '--out', 'run', ...given);
  }

  it('leaves out what could not be verified, and counts it', async () => {
    const { code, stderr } = await train(`export function has_e({ text }) {
  if (text.length % 3 === 0) throw new Error('a third');
  return text.includes('e');
}`);
    assert.deepEqual([code, stderr], [0, '']);
    const { metrics, events } = readRun(at('run'));
    let invalid = 0;
    for (const { step, values } of metrics) {
      const lines = readRollouts(at('run'), { kind: 'train', step });
      const valid = lines.filter(({ reward }) => reward !== null);
      invalid += lines.length - valid.length;
      assert.equal(values.invalid ?? 0, (lines.length - valid.length) / lines.length);
      assert.equal(values['invalid/raised'] ?? 0, values.invalid ?? 0);
      assert.equal(values.reward, spread(valid.map(({ reward }) => reward ?? Number.NaN)).mean);
      for (const line of lines.filter(({ reward }) => reward === null)) {
        assert.deepEqual([line.invalid?.name, line.invalid?.cause, line.advantage], ['has_e', 'raised', null]);
        assert.match(line.invalid?.message ?? '', /a third/);
        assert.equal(line.response.length % 3, 0);
      }
      for (const { response, answers } of valid) assert.deepEqual(answers, { has_e: response.includes('e') });
      for (const prompt of [0, 1, 2, 3]) {
        const group = valid.filter((line) => line.prompt_index === prompt);
        assert.deepEqual(
          group.map(({ advantage }) => advantage),
          groupAdvantages(group.map(({ reward }) => reward ?? Number.NaN)),
        );
        assert.ok(group.every(({ rules }) => rules.vowel?.time !== undefined && rules.short?.time === undefined));
      }
    }
    assert.ok(invalid > 0 && invalid < 32, String(invalid));
    const evaluations = events.filter((event) => event.kind === 'evaluation');
    for (const evaluation of evaluations) {
      const lines = readRollouts(at('run'), { kind: evaluation.prompt, step: evaluation.step });
      assert.equal(evaluation.invalid ?? 0, lines.filter(({ reward }) => reward === null).length);
    }
  });

  it('keeps what the verifier answered, so that an example of a response passes without asking it', async () => {
    await train('export const has_e = ({ text }) => text.includes("e");');
    const lines = readRollouts(at('run'), { kind: 'train', step: 1 });
    const sample = lines.findIndex(({ response }) => response.includes('e'));
    const { stdout } = await merf(at(), 'example', 'run', '--step', '1', '--sample', String(sample));
    assert.match(stdout, /\n {2}given has_e true\n/);
    writeFileSync(join(at(), 'letters.merf'), `${readFileSync(join(at(), 'letters.merf'), 'utf8')}\n${stdout}`);
    writeFileSync(join(at(), 'verify.mjs'), 'export const has_e = () => { throw new Error("asked"); };');
    const tested = await merf(at(), 'test', 'letters.merf');
    assert.equal(tested.stdout, '1 example: 1 passed, 0 failed.\n');
  });

  it('stops where nothing at all can be verified', async () => {
    const { code, stdout } = await train('export function has_e() { throw new Error("never"); }');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /Every response of the step was invalid \(raised\): `has_e` of verify\.mjs raised Error: never/,
    );
    const { record, metrics } = readRun(at('run'));
    assert.deepEqual([record.status, metrics.length, metrics[0]?.values.reward], ['stopped', 1, undefined]);
    assert.equal(metrics[0]?.values.invalid, 1);
  });

  it('does not begin without its script, or where it is not trusted', async () => {
    const broken = await train('export function has_e( {');
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /verify\.mjs cannot be loaded: SyntaxError/);
    const untrusted = await train('', '--untrusted', '--out', 'other');
    assert.equal(untrusted.code, 1);
    assert.match(untrusted.stderr, /not trusted/);
  });
});
