// A specification's examples as tests: each says which reward a response must get, and which score a rule must give.
// What an example does not state is not judged. Verifiers and judges answer what the example says (`given`), and are
// asked only where it says nothing.

import type { Example, Specification } from '../spec/specification.ts';
import { type Answers, type ResponseScore, type Scored, scoreResponse } from './score.ts';

export interface Judgement {
  /** A rule's name; null: the total. */
  rule: string | null;
  expected: number;
  actual: number;
  passed: boolean;
}

export interface ExampleResult {
  example: Example;
  passed: boolean;
  judgements: Judgement[];
  score: ResponseScore;
}

export function runExamples(spec: Scored & Pick<Specification, 'examples'>): ExampleResult[] {
  return spec.examples.map((example) => runExample(spec, example));
}

export function runExample(spec: Scored, example: Example): ExampleResult {
  const { tokens, finished } = example;
  const options = { answers: givenBy(example) };
  return judgeExample(example, scoreResponse(spec, example.row, example.response, { tokens, finished }, options));
}

/** Holds a score against what the example states. */
export function judgeExample(example: Example, score: ResponseScore): ExampleResult {
  const judgements: Judgement[] = [];
  const judge = (rule: string | null, expected: number, actual: number): void => {
    judgements.push({ rule, expected, actual, passed: close(expected, actual) });
  };
  if (example.reward !== null) judge(null, example.reward, score.total);
  for (const [rule, expected] of Object.entries(example.rules)) judge(rule, expected, score.rules[rule]?.score ?? NaN);
  return { example, passed: judgements.every(({ passed }) => passed), judgements, score };
}

/** What the example says that verifiers and judges answer; nothing else is known. */
export function givenBy({ given }: Pick<Example, 'given'>): Answers {
  return ({ name }) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    return value === undefined ? { kind: 'pending' } : { kind: 'value', value };
  };
}

/** Equal as a person writes numbers: 0.1 + 0.2 is the 0.3 that was expected. */
function close(expected: number, actual: number): boolean {
  return Math.abs(expected - actual) <= 1e-9 * Math.max(1, Math.abs(expected), Math.abs(actual));
}
