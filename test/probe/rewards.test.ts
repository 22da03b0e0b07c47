// Rewards of other kinds, each with the fault that the probe must name, or without any.

import assert from 'node:assert/strict';
import { probe } from '../../src/probe/probe.ts';
import { type ProbeReport, STANDARD } from '../../src/probe/report.ts';
import type { Expression } from '../../src/spec/expression.ts';
import type { Specification } from '../../src/spec/specification.ts';
import { call, equals, number, column as of, one, capture as read, rule, text } from '../reward/knights_and_knaves.ts';
import { capture, column, specification, TYPES, tag } from './specifications.ts';

const run = (spec: Specification, rows: Record<string, unknown>[]): Promise<ProbeReport> =>
  probe(spec, rows, { ...STANDARD, budget: 8000, rows: 20 });
const kinds = ({ findings }: ProbeReport): string[] => findings.map(({ kind }) => kind);
const field = (name: string, part: string): Expression => ({ kind: 'index', of: read(name), index: text(part) });

const SUMS = Array.from({ length: 30 }, (_, i) => ({ question: `What is ${i} plus 1200?`, answer: i + 1200 }));
const COLOURS = Array.from({ length: 30 }, (_, i) => ({
  question: `Is number ${i} red, green or blue?`,
  answer: ['red', 'green', 'blue'][(i * 7) % 3],
}));
const secretNumber = column('answer', TYPES.number, true);
const secretText = column('answer', TYPES.text, true);

describe('the probe', function () {
  this.timeout(60_000);

  it('makes a right answer for every kind of capture', async () => {
    const right = async (captures: Specification['captures'], condition: Expression, rows = SUMS): Promise<unknown> => {
      const spec = specification([secretNumber], captures, [rule('correct', [one(condition, 1), one(null, 0)])]);
      return (await run(spec, rows)).summary.right?.reward;
    };
    const same = (name: string): Expression => call('same_number', read(name), of('answer'));
    assert.equal(await right([capture('a', { kind: 'boxed', from: null })], same('a')), 1);
    assert.equal(await right([capture('a', { kind: 'after', from: null, marker: '####' })], same('a')), 1);
    assert.equal(await right([tag('a')], same('a')), 1);
    assert.equal(await right([capture('a', { kind: 'last_number', from: null }, TYPES.number)], same('a')), 1);
    const regex = capture('a', { kind: 'regex', from: null, pattern: '(?i)answer(?: is|:)\\s+([0-9]+) apples?' });
    assert.equal(await right([regex], same('a')), 1);
    assert.equal(await right([capture('a', { kind: 'code_block', from: null, language: 'json' })], same('a')), 1);
    const inside = [
      tag('t'),
      capture('b', { kind: 'boxed', from: 't' }),
      capture('a', { kind: 'last_number', from: 'b' }, TYPES.number),
    ];
    assert.equal(await right(inside, equals(read('a'), of('answer'))), 1);
    const json = capture('a', { kind: 'json', from: null }, { kind: 'record', of: TYPES.number });
    assert.equal(await right([json], call('same_number', field('a', 'sum'), of('answer'))), 1);
  });

  it('finds that listing every option is paid', async () => {
    const spec = specification(
      [secretText],
      [tag('think'), tag('answer')],
      [rule('correct', [one(call('contains', read('answer'), of('answer')), 1), one(null, 0)])],
    );
    const { findings, summary } = await run(spec, COLOURS);
    const found = findings.find(({ kind }) => kind === 'reward_without_knowledge');
    assert.ok(found);
    assert.match(found.message, /earns \+1 on average, as much as a right one/);
    for (const colour of ['red', 'green', 'blue']) assert.ok(found.response.includes(colour), found.response);
    assert.equal(summary.best.fullMarks, 1);
  });

  it('finds a guess that is often right', async () => {
    const spec = specification(
      [secretText],
      [tag('answer'), capture('pick', { kind: 'choice', from: 'answer', options: ['yes', 'no'] })],
      [rule('correct', [one(equals(read('pick'), of('answer')), 1), one(null, 0)])],
    );
    const rows = Array.from({ length: 30 }, (_, i) => ({
      question: `Is ${i} fine?`,
      answer: i % 3 === 0 ? 'no' : 'yes',
    }));
    const report = await run(spec, rows);
    assert.ok(kinds(report).includes('constant_guess'));
    assert.ok(Math.abs((report.summary.constant?.share ?? 0) - 2 / 3) < 1e-9);
    assert.equal(report.summary.constant?.answer, 'yes');
  });

  it('does not take for a right answer what earns no more than a wrong one, where an example earns more', async () => {
    const spec = specification(
      [secretNumber],
      [tag('a')],
      [rule('correct', [one(equals(read('a'), text('SELECT 1')), 1), one(null, 0)])],
    );
    const example = {
      name: 'a query',
      row: {},
      response: '<a>SELECT 1</a>',
      tokens: null,
      finished: true,
      given: {},
      reward: 1,
      rules: {},
      place: { line: 0, column: 0 },
    };
    assert.ok(kinds(await run(spec, SUMS)).includes('wrong_as_good_as_right'));
    const shown = kinds(await run({ ...spec, examples: [example] }, SUMS));
    assert.ok(shown.includes('no_right_answer') && !shown.includes('wrong_as_good_as_right'), shown.join(' '));
  });

  it('finds that a response that never ends, or is cut, is paid', async () => {
    const finished: Expression = { kind: 'builtin', name: 'finished' };
    const isRight = call('same_number', read('a'), of('answer'));
    const outcome = (...cases: Parameters<typeof rule>[1]): Promise<ProbeReport> =>
      run(specification([secretNumber], [tag('a')], [rule('correct', cases)]), SUMS);

    const endless = await outcome(one(isRight, 1), one(null, 0));
    const never = endless.findings.find(({ kind }) => kind === 'never_ends');
    assert.ok(never && !never.finished && never.reward === 1 && never.response.length > 1000);
    assert.match(never.message, /goes on until it is cut earns \+1, as much as one that ends/);

    const cutPays = await outcome(one({ kind: 'not', operand: finished }, 2), one(isRight, 1), one(null, 0));
    const paid = cutPays.findings.filter(({ kind }) => kind === 'cutting_pays');
    assert.equal(paid.length, 2);
    assert.match(paid[0]?.message ?? '', /right answer that was cut at the limit earns \+2, finished \+1/);

    const strict = await outcome(one({ kind: 'not', operand: finished }, -1), one(isRight, 1), one(null, 0));
    assert.deepEqual(
      kinds(strict).filter((kind) => /cut|never/.test(kind)),
      [],
    );
  });

  it('finds that words without knowledge are paid by their number', async () => {
    const spec = specification(
      [secretNumber],
      [tag('think'), tag('answer')],
      [
        rule('long', [
          one(null, call('linear', call('length', read('think')), number(0), number(0), number(2000), number(2))),
        ]),
        rule('correct', [one(call('same_number', read('answer'), of('answer')), 1), one(null, 0)]),
      ],
    );
    const report = await run(spec, SUMS);
    const found = report.findings.find(({ kind }) => kind === 'length_pays');
    assert.equal(found?.rule, 'long');
    assert.match(found.message, /earns \+2 after many words/);
  });

  it('finds right numbers that a comparison of texts refuses, and none where numbers are compared', async () => {
    const rows = SUMS.map((row) => ({ ...row, answer: String(row.answer) }));
    const report = (
      condition: Expression,
      type: typeof secretText,
      given: Record<string, unknown>[],
    ): Promise<ProbeReport> =>
      run(
        specification([type], [tag('think'), tag('answer')], [rule('correct', [one(condition, 1), one(null, 0)])]),
        given,
      );
    const texts = kinds(await report(equals(read('answer'), of('answer')), secretText, rows));
    for (const kind of ['thousands_commas', 'decimal_zero', 'line_breaks', 'bold'])
      assert.ok(texts.includes(`harmless_${kind}`), kind);
    const numbers = kinds(await report(call('same_number', read('answer'), of('answer')), secretNumber, SUMS));
    for (const kind of ['thousands_commas', 'decimal_zero', 'line_breaks'])
      assert.ok(!numbers.includes(`harmless_${kind}`), kind);
  });

  it('finds cases that nothing reaches and rules that are always the same', async () => {
    const spec = specification(
      [secretNumber],
      [tag('answer')],
      [
        rule('never', [
          one(
            { kind: 'binary', operator: '>', left: call('length', read('answer')), right: number(1e9) },
            -1,
            'far too long',
          ),
          one(null, 0),
        ]),
        rule('correct', [
          one(call('same_number', read('answer'), of('answer')), 1),
          one({ kind: 'binary', operator: '>', left: of('answer'), right: number(1e6) }, 0.5, 'a large one'),
          one(null, 0),
        ]),
      ],
    );
    const { findings } = await run(spec, SUMS);
    const constant = findings.find(({ kind }) => kind === 'constant_rule');
    assert.deepEqual([constant?.rule, constant?.response, constant?.row], ['never', '', -1]);
    const unreached = findings.find(({ kind }) => kind === 'case_never_reached');
    assert.match(unreached?.message ?? '', /Case 2 of correct \(a large one\) was reached by no response/);
  });

  it('says that a wrong answer is as good as a right one, and where no right one can be made', async () => {
    const always = specification(
      [secretNumber],
      [tag('answer')],
      [
        rule('correct', [one({ kind: 'isNone', operand: read('answer') }, 0), one(null, 1)]),
        rule('compares', [one(call('same_number', read('answer'), of('answer')), 0), one(null, 0)]),
      ],
    );
    assert.ok(kinds(await run(always, SUMS)).includes('wrong_as_good_as_right'));
    const empty = SUMS.map(({ question }) => ({ question }));
    const report = await run(always, empty);
    assert.equal(report.summary.right, null);
    assert.ok(kinds(report).includes('no_right_answer'));
  });

  it('takes verifiers and judges to answer the least without knowledge and the most when right, and says so', async () => {
    const spec: Specification = {
      ...specification(
        [],
        [tag('answer')],
        [rule('good', [one(null, { kind: 'external', name: 'helpful', arguments: [read('answer')] })])],
      ),
      judges: [
        {
          name: 'helpful',
          doc: '',
          parameters: ['reply'],
          result: { kind: 'number', min: 0, max: 10 },
          endpoint: 'http://localhost:1',
          model: 'none',
          key: null,
          system: null,
          prompt: [],
          temperature: 0,
          timeoutSeconds: 1,
          retries: 0,
          concurrency: 1,
          price: null,
          place: { line: 0, column: 0 },
        },
      ],
    };
    const { summary, notes, findings } = await run(spec, SUMS);
    assert.equal(summary.right?.reward, 10);
    assert.equal(summary.best.reward, 0);
    assert.match(notes.join('\n'), /`helpful` was not asked/);
    assert.ok(findings.every(({ given, response }) => response === '' || 'helpful' in given));
  });

  it('bears rows and rules of any kind', async () => {
    const odd = specification(
      [column('answer', TYPES.record, true)],
      [tag('a'), capture('r', { kind: 'assignments', from: 'a', pattern: '{x}={y}' })],
      [rule('one', [one(equals(read('r'), of('answer')), 1)])],
    );
    const rows = [
      {},
      { question: 7, answer: null },
      { question: 'q', answer: { a: 'b', __proto__: 'c' } },
      { question: '\u0000', answer: {} },
    ];
    assert.ok((await run(odd, rows)).responses > 0);
    const bare = specification([], [], [rule('any', [one(null, 1)])]);
    assert.ok((await run(bare, [{ question: '' }])).responses > 0);
    await assert.rejects(run(bare, []), /has no rows/);
  });
});
