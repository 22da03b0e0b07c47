// The variants of a motivation, the total in words, weights at a step, and where in the prompt it stands.

import assert from 'node:assert/strict';
import { renderPrompt } from '../../src/motivation/prompt.ts';
import { motivationText } from '../../src/motivation/render.ts';
import type { Expression } from '../../src/spec/expression.ts';
import type { Motivation, Placement, Specification, Template, Total } from '../../src/spec/specification.ts';
import { flagship, number, one, rule } from '../reward/knights_and_knaves.ts';

const base = flagship();
const rules = [
  rule('format', [one({ kind: 'builtin', name: 'finished' }, 1, 'good shape'), one(null, -1, 'bad shape')]),
  rule('style', [one(null, 2, 'clear')]),
];
const [full] = base.motivations;

function text(change: Partial<Motivation>, spec: Partial<Specification> = {}, step: number | null = null): string {
  assert.ok(full);
  const motivation = { ...full, rules: ['format', 'style'], ...change };
  return motivationText({ ...base, rules, ...spec, motivations: [motivation] }, 'full', { step });
}

const onlyRules: Template = [{ kind: 'rules' }];

describe('the variants of a motivation', () => {
  it('show scores without criteria, or criteria without scores', () => {
    assert.equal(text({ template: onlyRules, shows: 'scores' }), 'Format: +1 or -1\nStyle: +2');
    assert.equal(
      text({ template: onlyRules, shows: 'criteria' }),
      'Format:\n- good shape\n- bad shape\nStyle:\n- clear',
    );
  });

  it('tell nothing of a rule that is only measured', () => {
    const measured = rules.map((each) => ({ ...each, isMetric: each.name === 'style' }));
    assert.equal(text({ template: onlyRules }, { rules: measured }), 'Format:\n+1: good shape\n-1: bad shape');
  });

  it('follow a weight through its schedule', () => {
    const template: Template = [{ kind: 'rules' }, { kind: 'text', text: ' ' }, { kind: 'rewardMax' }];
    const scheduled = [{ ...rule('style', [one(null, 2, 'clear')]), weight: { from: 0, to: 1, steps: 5 } }];
    const at = (step: number | null): string => text({ template, rules: ['style'] }, { rules: scheduled }, step);
    assert.deepEqual([at(1), at(3), at(null)], ['Style:\n0: clear 0', 'Style:\n+1: clear 1', 'Style:\n+2: clear 2']);
  });

  it('say how the total is made', () => {
    const template: Template = [{ kind: 'total' }, { kind: 'text', text: ', ' }, { kind: 'rewardMin' }];
    const named = (name: string): Expression => ({ kind: 'rule', name });
    const plusOne: Expression = { kind: 'binary', operator: '+', left: named('style'), right: number(1) };
    const expression: Expression = { kind: 'binary', operator: '*', left: named('format'), right: plusOne };
    const total = (how: Total, change: Partial<Motivation> = {}): string =>
      text({ template, ...change }, { total: how });
    assert.equal(total({ kind: 'sum' }), 'the sum of these scores, 1');
    assert.equal(total({ kind: 'sum' }, { rules: ['style'] }), 'this score, 2');
    assert.equal(total({ kind: 'product' }), 'the product of these scores, -2');
    assert.equal(total({ kind: 'expression', expression }), 'Format × (Style + 1), -3');
  });

  const placed = (placement: Placement, prompt: Partial<Specification['prompt']> = {}) => {
    assert.ok(full);
    const motivation = { ...full, template: [{ kind: 'text', text: 'RULES' } as const], placement };
    const spec = { ...base, motivations: [motivation], prompt: { ...base.prompt, ...prompt } };
    return renderPrompt(spec, { motivation: 'full' }, { quiz: 'Who?' }).map(
      ({ role, content }) => `${role}: ${content}`,
    );
  };
  const system: Template = [{ kind: 'text', text: 'Think.\n' }, { kind: 'motivation' }];
  const user: Template = [{ kind: 'column', name: 'quiz' }];

  it('stand where they are placed, and nowhere else', () => {
    assert.deepEqual(placed('template', { system, user }), ['system: Think.\nRULES', 'user: Who?']);
    assert.deepEqual(placed('system', { system, user }), ['system: Think.\nRULES', 'user: Who?']);
    assert.deepEqual(placed('user', { system, user }), ['system: Think.', 'user: Who?\n\nRULES']);
    assert.deepEqual(placed('before', { system, user }), ['system: Think.', 'user: RULES\n\nWho?']);
    assert.deepEqual(placed('after', { system, user }), ['system: Think.', 'user: Who?\n\nRULES']);
    assert.deepEqual(placed('system', { system: null, user }), ['system: RULES', 'user: Who?']);
  });
});
