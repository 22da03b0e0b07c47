import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderPrompt } from '../../src/motivation/prompt.ts';
import { renderMotivation } from '../../src/motivation/render.ts';
import { scoreResponse } from '../../src/reward/score.ts';
import { MerfError } from '../../src/spec/error.ts';
import type { Expression } from '../../src/spec/expression.ts';
import { plain, signed } from '../../src/spec/number_text.ts';
import { rewardRanges } from '../../src/spec/ranges.ts';
import type { Template } from '../../src/spec/specification.ts';
import { call, flagship, number, one, rule } from '../reward/knights_and_knaves.ts';

const spec = flagship();
const row = {
  quiz: 'Who is who?',
  names: ['Zoey', 'Oliver'],
  people: 2,
  solution: { Zoey: 'knave', Oliver: 'knight' },
};

const FULL = `Evaluation Scoring Rules:
Format:
+1: the response is <think>…</think><answer>…</answer>
-1: the response has any other shape
Correctness:
-2: the format is wrong, so no answer can be read
+2: every identity is stated correctly
-1.5: every identity is stated, but at least one is wrong
-2: an identity is missing or cannot be understood
Your total is the sum, from -3 to 3.`;

describe('the motivation', () => {
  it('of the flagship is the full wording of its rules', () => {
    assert.equal(renderMotivation(spec, 'full'), FULL);
    assert.equal(renderMotivation(spec, 'merf'), FULL);
  });

  it('is empty for none', () => {
    assert.equal(renderMotivation(spec, null), '');
    assert.equal(renderMotivation(spec, 'rlvr'), '');
  });

  it('that shows some rules sums up those alone', () => {
    const partial = renderMotivation(spec, 'partial');
    assert.match(partial, /^Evaluation Scoring Rules:\nCorrectness:\n/);
    assert.match(partial, /from -2 to 2\.$/);
  });

  it('that is inverted negates every number and swaps the ends of the range', () => {
    const asymmetric = { ...spec, rules: [rule('a', [one(null, 5, 'x')]), rule('b', [one(null, -1, 'y')])] };
    const motivations = asymmetric.motivations.map((each) => ({ ...each, rules: ['a', 'b'] }));
    assert.equal(
      renderMotivation({ ...asymmetric, motivations }, 'adverse'),
      'Evaluation Scoring Rules:\nA:\n-5: x\nB:\n+1: y\nYour total is the sum, from -4 to -4.',
    );
    assert.equal(renderMotivation(spec, 'adverse').replaceAll(/[+-]/g, ''), FULL.replaceAll(/[+-]/g, ''));
    assert.match(renderMotivation(spec, 'adverse'), /\n-1: the response is .*\n\+1: /);
  });

  it('shows weighted scores, the range of a score that varies, and no case without wording', () => {
    const bonus = call('linear', { kind: 'builtin', name: 'tokens' }, number(512), number(0), number(256), number(1));
    const rules = [
      rule('format', [one(null, 3, 'a'), one(null, 0, 'b'), one(null, 7)], 0.1),
      rule('correctness', [one(null, bonus, 'shorter is better')], 0.5),
      rule('silent', [one(null, 1)]),
    ];
    const motivations = spec.motivations.map((each) => ({ ...each, rules: ['format', 'correctness', 'silent'] }));
    assert.equal(
      renderMotivation({ ...spec, rules, motivations }, 'full'),
      'Evaluation Scoring Rules:\nFormat:\n+0.3: a\n0: b\nCorrectness:\n0 to 0.5: shorter is better\nYour total is the sum, from 1.3 to 1.8.',
    );
  });

  it('names the known arms and motivations when it is asked for another', () => {
    assert.throws(
      () => renderMotivation(spec, 'fool'),
      (error) => {
        assert.ok(error instanceof MerfError);
        assert.equal(error.message, 'There is no arm or motivation named fool.');
        assert.match(error.remedy, /rlvr, merf, partial, adverse .* full, partial, adverse/);
        return true;
      },
    );
  });

  it('and the score agree: every number shown is what the reward gives for that case', () => {
    const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true, min: -100, max: 100 }));
    const drawn = fc.record({ scores: fc.array(value, { minLength: 1, maxLength: 5 }), weight: value });
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), fc.boolean(), (drawnRules, inverted) => {
        const rules = drawnRules.map(({ scores, weight }, i) => {
          const cases = scores.map((score, j) => {
            const when: Expression = {
              kind: 'binary',
              operator: '==',
              left: { kind: 'builtin', name: 'tokens' },
              right: number(j),
            };
            return one(when, score, `case ${j} of rule${i}`);
          });
          return rule(`rule${i}`, cases, weight);
        });
        const names = rules.map(({ name }) => name);
        const motivations = spec.motivations.map((each) => ({ ...each, rules: names, inverted }));
        const whole = { ...spec, rules, motivations };
        const shown = renderMotivation(whole, 'full');
        let seen = 0;
        for (const [, figure, index, name] of shown.matchAll(/^([+-]?[0-9.]+): case (\d+) of (rule\d+)$/gm)) {
          const score = scoreResponse(whole, row, '', { tokens: Number(index) }).rules[name ?? ''];
          assert.ok(score);
          assert.equal(score.case, Number(index));
          close(Number(figure), (inverted ? -1 : 1) * score.score * score.weight);
          seen++;
        }
        assert.equal(
          seen,
          rules.reduce((sum, { cases }) => sum + cases.length, 0),
        );
        const [, low, high] = /from (-?[0-9.]+) to (-?[0-9.]+)\.$/.exec(shown) ?? [];
        const { min, max } = rewardRanges(whole).total;
        close(Number(low), inverted ? -max : min);
        close(Number(high), inverted ? -min : max);
      }),
    );
  });
});

function close(a: number, b: number): void {
  assert.ok(Math.abs(a - b) <= 1e-11 * Math.max(Math.abs(a), Math.abs(b)), `${a} and ${b}`);
}

describe('numbers in a text', () => {
  it('are decimal, short, and read back as themselves', () => {
    assert.deepEqual([1.5, -0, 3, 1e21, 1e-7, 0.1 * 3, 120, -20.5].map(plain), [
      '1.5',
      '0',
      '3',
      '1000000000000000000000',
      '0.0000001',
      '0.3',
      '120',
      '-20.5',
    ]);
    assert.deepEqual([2, 0, -0, -1.5].map(signed), ['+2', '0', '0', '-1.5']);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        assert.match(plain(x), /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        close(Number(plain(x)), x);
      }),
    );
  });
});

describe('the prompt', () => {
  const system = (...template: Template) => ({ ...spec, prompt: { system: template, user: spec.prompt.user } });
  const hole = { kind: 'motivation' } as const;
  const text = (wording: string) => ({ kind: 'text', text: wording }) as const;

  it('carries the motivation in its place', () => {
    assert.deepEqual(renderPrompt(spec, 'merf', row), [
      { role: 'system', content: `Reason inside <think> </think>, then answer inside <answer> </answer>.\n${FULL}` },
      { role: 'user', content: 'Who is who?' },
    ]);
    assert.deepEqual(renderPrompt(spec, { motivation: 'full' }, row), renderPrompt(spec, 'merf', row));
  });

  it('follows the motivation it is given, also where an arm of that name has another', () => {
    const arms = spec.arms.map((arm) => ({ ...arm, name: arm.motivation ?? 'none', motivation: null }));
    assert.deepEqual(renderPrompt({ ...spec, arms }, { motivation: 'full' }, row), renderPrompt(spec, 'merf', row));
    assert.deepEqual(renderPrompt({ ...spec, arms }, 'full', row), renderPrompt(spec, 'rlvr', row));
  });

  it('drops the line of a missing motivation, and a system message that held nothing else', () => {
    assert.equal(
      renderPrompt(spec, 'rlvr', row)[0]?.content,
      'Reason inside <think> </think>, then answer inside <answer> </answer>.',
    );
    const contents = (...template: Template) =>
      renderPrompt(system(...template), { motivation: null }, row)[0]?.content;
    assert.equal(contents(text('A\n\n'), hole, text('\n\nB')), 'A\n\nB');
    assert.equal(contents(text('A\n\n'), hole), 'A');
    assert.equal(contents(hole, text('\n\nB')), 'B');
    assert.equal(contents(text('A '), hole, text('\nB')), 'A \nB');
    assert.equal(contents(text('A\n\n\nB')), 'A\n\n\nB');
    assert.deepEqual(
      renderPrompt(system(hole), 'rlvr', row).map(({ role }) => role),
      ['user'],
    );
  });

  it('keeps lines of a column that look like an empty motivation', () => {
    const spaced = { ...row, quiz: 'one\n\n\ntwo\n' };
    assert.equal(renderPrompt(spec, 'rlvr', spaced)[1]?.content, 'one\n\n\ntwo\n');
  });

  it('writes numbers and lists', () => {
    const user: Template = [{ kind: 'column', name: 'people' }, text(': '), { kind: 'column', name: 'names' }];
    const prompt = { system: null, user };
    assert.deepEqual(renderPrompt({ ...spec, prompt }, 'rlvr', row), [{ role: 'user', content: '2: Zoey, Oliver' }]);
  });

  it('refuses an unknown arm, a row without the column, and a secret', () => {
    assert.throws(() => renderPrompt(spec, 'full', row), /There is no arm named full/);
    assert.throws(() => renderPrompt(spec, 'merf', {}), /The row has no quiz/);
    const user: Template = [{ kind: 'column', name: 'solution' }];
    assert.throws(
      () => renderPrompt({ ...spec, prompt: { system: null, user } }, 'merf', row),
      /secret column solution/,
    );
    assert.throws(() => renderPrompt(spec, { motivation: 'merf' }, row), /There is no motivation named merf/);
  });
});
