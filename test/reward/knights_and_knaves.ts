// The flagship's reward as plain data, written by hand, so that these tests need no parser; a test of its own holds it
// equal to what the checker makes of the file.

import { STANDARD_PLAN } from '../../src/language/lower/plan.ts';
import type { Expression } from '../../src/spec/expression.ts';
import { LORA_MODULES } from '../../src/spec/lora.ts';
import type { Case, Rule, Specification } from '../../src/spec/specification.ts';
import { taskDeclaration } from '../../src/spec/tasks.ts';

const place = { line: 0, column: 0 };

export const number = (value: number): Expression => ({ kind: 'number', value });
export const text = (value: string): Expression => ({ kind: 'text', value });
export const capture = (name: string): Expression => ({ kind: 'capture', name });
export const column = (name: string): Expression => ({ kind: 'column', name });
export const call = (name: string, ...given: Expression[]): Expression => ({
  kind: 'call',
  function: name,
  arguments: given,
});
export const equals = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: '==',
  left,
  right,
});
export const rule = (name: string, cases: Case[], weight = 1): Rule => ({
  name,
  title: name.charAt(0).toUpperCase() + name.slice(1),
  doc: '',
  cases,
  weight,
  isMetric: false,
  place,
});
export const one = (when: Expression | null, score: number | Expression, wording: string | null = null): Case => ({
  when,
  score: typeof score === 'number' ? number(score) : score,
  text: wording,
  place,
});

const TEXT = { kind: 'text' } as const;
const plan: Specification['train'] = {
  model: 'Qwen/Qwen2.5-1.5B-Instruct',
  algorithm: 'grpo',
  steps: 280,
  prompts: 16,
  group: 8,
  maxResponse: 2048,
  learningRate: 1e-6,
  objective: { clip: 0.2, kl: 0.001 },
  temperature: 1,
  lora: { rank: 32, alpha: 64, dropout: 0, modules: [...LORA_MODULES] },
  optimizer: { ...STANDARD_PLAN.optimizer },
  seeds: [1, 2, 3],
  evaluate: { everySteps: 20, withMotivation: true, withoutMotivation: true },
};

const wording: Specification['motivations'][number]['template'] = [
  { kind: 'text', text: 'Evaluation Scoring Rules:\n' },
  { kind: 'rules' },
  { kind: 'text', text: '\nYour total is the sum, from ' },
  { kind: 'rewardMin' },
  { kind: 'text', text: ' to ' },
  { kind: 'rewardMax' },
  { kind: 'text', text: '.' },
];

/** The flagship with the strict format condition or Logic-RL's. */
export function flagship(format: 'exactly' | 'once_in_order' = 'exactly'): Specification {
  const arm = (name: string, motivation: string | null) => ({ name, motivation, train: plan, place });
  const motivation = (name: string, rules: string[], inverted: boolean) => ({
    name,
    doc: '',
    template: wording,
    rules,
    inverted,
    shows: 'all' as const,
    placement: 'template' as const,
    visibility: { share: 1, decay: null, update: 'with' as const },
    place,
  });
  return {
    format: 1,
    name: 'knights_and_knaves',
    doc: '',
    imports: [],
    task: {
      name: 'knights_and_knaves',
      arguments: { people: { from: 3, to: 7 }, train: 40, test: 10, seed: 1 },
      columns: taskDeclaration('knights_and_knaves')?.columns ?? [],
      source: null,
    },
    prompt: {
      system: [
        { kind: 'text', text: 'Reason inside <think> </think>, then answer inside <answer> </answer>.\n' },
        { kind: 'motivation' },
      ],
      user: [{ kind: 'column', name: 'quiz' }],
    },
    captures: [
      { name: 'think', extractor: { kind: 'tag', from: null, tag: 'think' }, type: TEXT, place },
      { name: 'answer', extractor: { kind: 'tag', from: null, tag: 'answer' }, type: TEXT, place },
      {
        name: 'roles',
        extractor: { kind: 'assignments', from: 'answer', pattern: '{name} is a {role}' },
        type: { kind: 'record', of: TEXT },
        place,
      },
    ],
    verifiers: [],
    judges: [],
    rules: [
      rule('format', [
        one(call(format, capture('think'), capture('answer')), 1, 'the response is <think>…</think><answer>…</answer>'),
        one(null, -1, 'the response has any other shape'),
      ]),
      rule('correctness', [
        one(equals({ kind: 'rule', name: 'format' }, number(-1)), -2, 'the format is wrong, so no answer can be read'),
        one(equals(capture('roles'), column('solution')), 2, 'every identity is stated correctly'),
        one(
          call('covers', capture('roles'), column('names')),
          -1.5,
          'every identity is stated, but at least one is wrong',
        ),
        one(null, -2, 'an identity is missing or cannot be understood'),
      ]),
    ],
    total: { kind: 'sum' },
    motivations: [
      motivation('full', ['format', 'correctness'], false),
      motivation('partial', ['correctness'], false),
      motivation('adverse', ['format', 'correctness'], true),
    ],
    arms: [arm('rlvr', null), arm('merf', 'full'), arm('partial', 'partial'), arm('adverse', 'adverse')],
    train: plan,
    stages: [],
    watches: [],
    examples: [
      {
        name: 'solved',
        row: { names: ['Zoey', 'Oliver'], solution: { Zoey: 'knave', Oliver: 'knight' } },
        response: '<think>…</think><answer>Zoey is a knave, Oliver is a knight.</answer>',
        tokens: null,
        finished: true,
        given: {},
        reward: 3,
        rules: { format: 1, correctness: 2 },
        place,
      },
    ],
  };
}
