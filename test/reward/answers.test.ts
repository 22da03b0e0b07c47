import assert from 'node:assert/strict';
import { type Answer, type Attempt, type ExternalCall, scoreResponse, tryToScore } from '../../src/reward/score.ts';
import type { Expression } from '../../src/spec/expression.ts';
import type { Rule, Specification } from '../../src/spec/specification.ts';
import { capture, equals, flagship, number, one, rule } from './knights_and_knaves.ts';

const ask = (name: string, ...given: Expression[]): Expression => ({ kind: 'external', name, arguments: given });
const answer = capture('answer');
const atLeast = (left: Expression, right: number): Expression => ({
  kind: 'binary',
  operator: '>=',
  left,
  right: number(right),
});
const both = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: 'and', left, right });
const score = (name: string): Expression => ({ kind: 'rule', name });

function withRules(...rules: Rule[]): Specification {
  return { ...flagship(), rules };
}

/** Scores as a driver does: what is asked is answered, and the scoring tried again. */
function drive(spec: Specification, known: Record<string, Answer>, response = '<answer>42</answer>') {
  const rounds: string[][] = [];
  const answers = new Map<string, Answer>();
  for (;;) {
    const key = (call: ExternalCall) => `${call.name}(${call.arguments.join(', ')})`;
    const attempt: Attempt = tryToScore(
      spec,
      {},
      response,
      {},
      {
        answers: (call) => answers.get(key(call)) ?? { kind: 'pending' },
      },
    );
    if ('score' in attempt) return { ...attempt.score, rounds };
    rounds.push(attempt.pending.map(key));
    for (const call of attempt.pending) {
      answers.set(key(call), known[call.name] ?? { kind: 'invalid', cause: 'crashed', message: 'It broke.' });
    }
  }
}

const value = (given: boolean | number | string): Answer => ({ kind: 'value', value: given });

describe('answers of verifiers and judges', () => {
  it('are collected from all rules that do not wait for each other, and asked in one round', () => {
    const spec = withRules(
      rule('tests', [one(atLeast(ask('run_tests', answer), 1), 2), one(null, -1)]),
      rule('style', [one(null, ask('helpful', answer))]),
    );
    const scored = drive(spec, { run_tests: value(1), helpful: value(7) });
    assert.deepEqual(scored.rounds, [['run_tests(42)', 'helpful(42)']]);
    assert.equal(scored.total, 9);
  });

  it('are not asked for where an earlier answer, condition or case already decides', () => {
    const dear = atLeast(ask('helpful', answer), 5);
    const spec = withRules(
      rule('one', [one(both(atLeast(ask('run_tests', answer), 1), dear), 1), one(null, 0)]),
      rule('two', [one(both(equals(answer, number(1)), dear), 1), one(null, 0)]),
      rule('three', [one(atLeast(score('one'), 1), ask('helpful', answer)), one(null, 0)]),
    );
    const scored = drive(spec, { run_tests: value(0), helpful: value(9) });
    assert.deepEqual(scored.rounds, [['run_tests(42)']]);
    assert.equal(scored.total, 0);
  });

  it('are not asked for with an argument that is not there', () => {
    const spec = withRules(rule('tests', [one(atLeast(ask('run_tests', answer), 0), 1), one(null, -1)]));
    const scored = drive(spec, {}, 'no answer');
    assert.deepEqual(scored.rounds, []);
    assert.equal(scored.total, -1);
  });

  it('that fail make the sample invalid, not zero, and the rules that needed no answer still judged', () => {
    const spec = withRules(
      rule('form', [one(null, 1)]),
      rule('tests', [one(atLeast(ask('run_tests', answer), 1), 2), one(null, 0)]),
    );
    const scored = drive(spec, {});
    assert.deepEqual(scored.invalid, { name: 'run_tests', cause: 'crashed', message: 'It broke.' });
    assert.ok(Number.isNaN(scored.total));
    assert.deepEqual(Object.keys(scored.rules), ['form']);
  });

  it('that nothing asks for are unasked, and the sample is invalid', () => {
    const spec = withRules(rule('tests', [one(null, ask('run_tests', answer))]));
    assert.equal(scoreResponse(spec, {}, '<answer>1</answer>').invalid?.cause, 'unasked');
  });
});

describe('the total', () => {
  const half = rule('half', [one(null, 3)], 0.5);
  const metric: Rule = { ...rule('seen', [one(null, 100)]), isMetric: true };
  const spec = withRules(half, rule('whole', [one(null, -2)]), metric);

  it('is the sum, the product, or an expression of weighted scores; a metric counts in none', () => {
    const total = (of: Specification['total']) => scoreResponse({ ...spec, total: of }, {}, '').total;
    assert.equal(total({ kind: 'sum' }), -0.5);
    assert.equal(total({ kind: 'product' }), -3);
    const expression: Expression = { kind: 'binary', operator: '-', left: score('half'), right: score('seen') };
    assert.equal(total({ kind: 'expression', expression }), 1.5);
  });

  it('takes a scheduled weight at the step it is asked for, and at the end of its schedule else', () => {
    const scheduled = withRules({ ...half, weight: { from: 0, to: 1, steps: 101 } });
    const at = (step: number | null) => scoreResponse(scheduled, {}, '', {}, { step }).total;
    assert.deepEqual([at(1), at(51), at(101), at(5000), at(null)], [0, 1.5, 3, 3, 3]);
  });
});
