import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runExamples } from '../../src/reward/examples.ts';
import { scoreResponse } from '../../src/reward/score.ts';
import { rewardRanges } from '../../src/spec/ranges.ts';
import { call, capture, column, equals, flagship, number, one, rule, text } from './knights_and_knaves.ts';

const spec = flagship();
const row = {
  names: ['Zoey', 'Oliver'],
  roles: ['knight', 'knave'],
  solution: { Zoey: 'knave', Oliver: 'knight' },
};
const total = (response: string): number => scoreResponse(spec, row, response).total;
const answered = (answer: string): number => total(`<think>t</think><answer>${answer}</answer>`);

describe('the reward of a response', () => {
  it('has the four totals of the flagship', () => {
    assert.equal(answered('Zoey is a knave, Oliver is a knight.'), 3);
    assert.equal(answered('Zoey is a knight, Oliver is a knight.'), -0.5);
    assert.equal(answered('Zoey is a knave.'), -1);
    assert.equal(total('Zoey is a knave, Oliver is a knight.'), -3);
  });

  it('says which case of each rule fired, and what the captures found', () => {
    const score = scoreResponse(spec, row, '<think>t</think><answer>Zoey is a knave; OLIVER  is\na Knave</answer>');
    assert.deepEqual(score, {
      total: -0.5,
      invalid: null,
      rules: {
        format: { case: 0, score: 1, weight: 1 },
        correctness: { case: 2, score: -1.5, weight: 1 },
      },
      captures: {
        think: 't',
        answer: 'Zoey is a knave; OLIVER  is\na Knave',
        roles: { Zoey: 'knave', Oliver: 'knave' },
      },
    });
    assert.deepEqual(scoreResponse(spec, row, '').captures, { think: null, answer: null, roles: null });
  });

  it('adds weighted scores', () => {
    const weighted = { ...spec, rules: spec.rules.map((each) => ({ ...each, weight: 0.5 })) };
    const good = '<think>t</think><answer>Zoey is a knave, Oliver is a knight</answer>';
    assert.equal(scoreResponse(weighted, row, good).total, 1.5);
    assert.equal(scoreResponse(weighted, row, good).rules.correctness?.score, 2);
  });

  it('gives a rule of which no case holds, or whose score is none, zero', () => {
    const rules = [
      rule('silent', [one(equals(capture('think'), text('never')), 5)]),
      rule('void', [one(null, text('x'))]),
    ];
    const score = scoreResponse({ ...spec, rules }, row, 'anything');
    assert.deepEqual(score.rules, {
      silent: { case: -1, score: 0, weight: 1 },
      void: { case: 0, score: 0, weight: 1 },
    });
  });

  it('reads a row that leaves out the words every row of its task has as if they were there', () => {
    const { roles: _, ...short } = row;
    const hedge = '<think>t</think><answer>Zoey is a knave, Oliver is a knight or a knave</answer>';
    assert.equal(scoreResponse(spec, short, hedge).total, -1);
    assert.equal(scoreResponse(spec, short, hedge.replace(' or a knave', '')).total, 3);
  });

  it('never throws and stays in its range, on any row and any response', () => {
    const range = rewardRanges(spec).total;
    assert.deepEqual(range, { min: -3, max: 3 });
    const parts = [
      '<think>',
      '</think>',
      '<answer>',
      '</answer>',
      'Zoey is a knave',
      'Oliver is a knight',
      ' ',
      'é',
      '\ud800',
    ];
    const responses = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'binary' }))).map((each) => each.join('')),
    );
    const rows = fc.oneof(
      fc.constant(row),
      fc.dictionary(fc.constantFrom('names', 'roles', 'solution', '__proto__'), fc.jsonValue()),
    );
    fc.assert(
      fc.property(rows, responses, (any, response) => {
        const score = scoreResponse(spec, any, response);
        return score.total >= range.min && score.total <= range.max && JSON.stringify(score).length > 0;
      }),
      { numRuns: 1000 },
    );
  }).timeout(20_000);

  it('reads rows of any depth and names that mean something to JavaScript', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 100_000; i++) deep = [deep];
    assert.equal(scoreResponse(spec, { names: deep, solution: deep }, '<think></think><answer>a</answer>').total, -1);
    const odd = JSON.parse(
      '{"names":["__proto__","constructor"],"solution":{"__proto__":"knave","constructor":"knight"}}',
    );
    const good = '<think></think><answer>__proto__ is a knave, constructor is a knight</answer>';
    const score = scoreResponse(spec, odd, good);
    assert.equal(score.total, 3);
    assert.equal(JSON.stringify(score.captures.roles), '{"__proto__":"knave","constructor":"knight"}');
  });

  it('reads a response of a million characters, whatever is repeated in it', () => {
    const people = { ...row, names: ['Zoey', 'Zoey Zoey Zoey', 'Oliver'] };
    for (const part of [
      '<think>',
      '<answer></answer>',
      'Zoey is a ',
      'Zoey ',
      'knight',
      ' ',
      '<',
      '\u{1f600}',
      'Zoey is a knave ',
    ]) {
      const response = `<think></think><answer>${part.repeat(1_000_000 / part.length)}</answer>`;
      assert.equal(typeof scoreResponse(spec, people, response).total, 'number');
    }
  }).timeout(30_000);

  it('counts neither tokens nor an end that nobody reported', () => {
    const short = {
      ...spec,
      rules: [
        rule('short', [one({ kind: 'builtin', name: 'finished' }, { kind: 'builtin', name: 'tokens' }), one(null, -1)]),
      ],
    };
    assert.equal(scoreResponse(short, row, 'x').total, -1);
    assert.equal(scoreResponse(short, row, 'x', { tokens: 7, finished: true }).total, 7);
    assert.equal(scoreResponse(short, row, 'x', { tokens: 7, finished: false }).total, -1);
  });

  it('runs examples and says what was expected of what', () => {
    assert.deepEqual(
      runExamples(spec).map(({ passed }) => passed),
      [true],
    );
    const [example] = spec.examples;
    assert.ok(example);
    const wrong = { ...example, reward: 2.5, rules: { format: 1, nonsense: 1 } };
    const [result] = runExamples({ ...spec, examples: [wrong] });
    assert.equal(result?.passed, false);
    assert.deepEqual(result?.judgements, [
      { rule: null, expected: 2.5, actual: 3, passed: false },
      { rule: 'format', expected: 1, actual: 1, passed: true },
      { rule: 'nonsense', expected: 1, actual: NaN, passed: false },
    ]);
  });

  it('lets a rule read the rules before it only', () => {
    const read = (name: string) => one(equals({ kind: 'rule', name }, number(1)), 10);
    const rules = [rule('a', [read('b'), one(null, 1)]), rule('b', [read('a'), one(null, 1)])];
    assert.equal(scoreResponse({ ...spec, rules }, row, '').total, 11);
  });

  it('asks a column that is not there, or of another type, in vain', () => {
    const rules = [rule('a', [one(call('covers', capture('roles'), column('nothing')), 1), one(null, 0)])];
    assert.equal(scoreResponse({ ...spec, rules }, row, '<answer>Zoey is a knave</answer>').total, 0);
  });
});
