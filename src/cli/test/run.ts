// Runs one example. What it says verifiers and judges answer (`given`) is taken as it is; others are asked. Where one
// gives no answer the example was not run: that says nothing about the rules.

import { type ExampleResult, givenBy, judgeExample } from '../../reward/examples.ts';
import type { Example, Place, Specification } from '../../spec/specification.ts';
import type { Scorer } from '../../verify/scorer.ts';
import type { ExampleOutcome, RuleJudgement } from './results.ts';

export async function runAsTest(spec: Specification, example: Example, scorer: Scorer): Promise<ExampleOutcome> {
  const started = performance.now();
  const { row, response, tokens, finished } = example;
  const sample = { row, response, generation: { tokens, finished }, given: givenBy(example) };
  const result = judgeExample(example, (await scorer.scoreOne(sample)).score);
  const { invalid } = result.score;
  return {
    name: example.name,
    status: invalid !== null ? 'not_run' : result.passed ? 'passed' : 'failed',
    position: position(example.place),
    milliseconds: performance.now() - started,
    judgements: invalid === null ? judgements(spec, result) : [],
    reason: invalid && `${invalid.message} Or write \`given ${invalid.name} …\` in the example: what it answers there.`,
  };
}

function judgements(spec: Specification, { judgements: all, score }: ExampleResult): RuleJudgement[] {
  return all.map((each) => {
    const rule = spec.rules.find(({ name }) => name === each.rule);
    const fired = each.rule === null ? null : (score.rules[each.rule]?.case ?? -1);
    const chosen = fired === null ? undefined : rule?.cases[fired];
    return { ...each, case: fired, text: chosen?.text ?? null, position: chosen ? position(chosen.place) : null };
  });
}

function position({ line, column }: Place): { line: number; character: number } {
  return { line, character: column };
}
