// The pieces the probe is made of: patterns turned round, flaws told from a text, and making a template smaller.

import assert from 'node:assert/strict';
import { Critic } from '../../src/probe/flaws.ts';
import { formOf, type Template, text } from '../../src/probe/form.ts';
import { aroundGroup } from '../../src/probe/pattern.ts';
import { shrunk } from '../../src/probe/search.ts';
import { situationOf } from '../../src/probe/situation.ts';
import { compilePattern } from '../../src/reward/extract/pattern.ts';
import { flagship } from '../reward/knights_and_knaves.ts';

describe('a pattern turned round', () => {
  const patterns: [pattern: string, group: string][] = [
    ['([0-9]+) apples', '12'],
    ['(?i)the answer(?: is|:)\\s*\\**([a-d])\\**', 'b'],
    ['^Final: (.*)$', 'x y'],
    ['(?P<n>-?\\d+(?:\\.\\d+)?)\\s*(?:km|m)\\b', '3.5'],
    ['[^:]*: *([^.]+)\\.', 'this'],
    ['a{3}b+c*(?:d|e)f?(g)', 'g'],
    ['\\[\\[(.+?)\\]\\]', 'inside'],
    ['x([a-z]+|[0-9]+)y', '42'],
    ['no group [0-9]', 'no group 7'],
  ];
  for (const [pattern, group] of patterns) {
    it(`finds ${group} by ${pattern}`, () => {
      const around = aroundGroup(pattern);
      assert.ok(around);
      const written = around.before + group + around.after;
      const found = compilePattern(pattern)?.last(written);
      assert.ok(found, written);
      assert.equal(written.slice(found.start, found.end), group);
    });
  }

  it('gives up on what it cannot read, and never hangs', () => {
    for (const pattern of ['(', '[', '(?=x)', '\\p{L}', '\\', '(((((', 'a{2', ')', '[^', 'x{9999999}']) {
      const around = aroundGroup(pattern);
      assert.ok(around === null || around.before.length < 10_000, pattern);
    }
  });
});

describe("a response's flaws", () => {
  const spec = flagship();
  const row = {
    quiz: 'Two people stand at a gate, and each of them says something about the other.',
    names: ['Zoey', 'Oliver'],
    roles: ['knight', 'knave'],
  };
  const clean = '<think>I think.</think><answer>Zoey is a knave, Oliver is a knight</answer>';
  const critic = new Critic(formOf(spec), spec, situationOf(spec, row, 0), clean);
  const cases: [flaws: string[], response: string][] = [
    [[], clean],
    [[], `\n${clean.replace('><', '>\n<')}\n`],
    [['empty_reasoning'], clean.replace('I think.', ' …')],
    [['missing_reasoning'], '<answer>Zoey is a knave, Oliver is a knight</answer>'],
    [['text_before'], `So: ${clean}`],
    [['text_between'], clean.replace('><', '>So<')],
    [['text_after'], `${clean}.`],
    [['repeated_part'], clean.replace('</think>', '</think></think>')],
    [['nested_parts'], '<think>I think <answer>Zoey is a knave, Oliver is a knight</answer></think>'],
    [['wrong_order'], '<answer>Zoey is a knave, Oliver is a knight</answer><think>I think.</think>'],
    [['several_answers'], clean.replace('</answer>', ', Zoey is a knight</answer>')],
    [
      ['reasoning_in_answer'],
      clean.replace('</answer>', ' since he says so and she does not, as anybody can see</answer>'),
    ],
    [['restarted_conversation'], clean.replace('I think.', 'I think.<|im_end|>')],
    [['invisible_characters'], clean.replace('think.', 'th\u200bink.')],
    [['look_alike_letters'], clean.replace('I think', 'I thіnk')],
    [['repetition'], clean.replace('I think.', 'so on '.repeat(40))],
    [['copied_prompt'], clean.replace('I think.', row.quiz)],
    [['echoed_rules'], clean.replace('I think.', 'every identity is stated correctly')],
  ];
  for (const [flaws, response] of cases) {
    it(`are ${flaws.join(' and ') || 'none'} in ${response.slice(0, 60)}`, () => {
      assert.deepEqual(critic.flaws(response), flaws);
    });
  }
});

describe('a template made smaller', () => {
  const has = (template: Template, wanted: string): boolean =>
    template.some((piece) => piece.kind === 'text' && piece.text.includes(wanted));

  it('keeps what is needed and no more', () => {
    const template = ['a', 'b', 'c', 'd', 'e'].map(text);
    const small = shrunk(template, (one) => has(one, 'b') && has(one, 'e'));
    assert.deepEqual(small, [text('b'), text('e')]);
  });

  it('cuts long texts at words', () => {
    const [only] = shrunk([text('one two three four '.repeat(30))], (one) => has(one, 'two'));
    assert.ok(only?.kind === 'text' && only.text.length <= 40 && only.text.endsWith(' '), JSON.stringify(only));
  });

  it('is the same where nothing smaller holds', () => {
    const template = [text('a'), text('b')];
    assert.deepEqual(
      shrunk(template, () => false),
      template,
    );
  });
});
