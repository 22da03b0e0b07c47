// Runs one example. What it says verifiers and judges answer (`given`) is taken as it is; others are asked, and the
// example is scored again until it waits for nobody. Where one gives no answer the example was not run: that says
// nothing about the rules.

import { type ExampleResult, givenBy, judgeExample } from '../../reward/examples.ts';
import { type Answer, type ExternalCall, tryToScore } from '../../reward/score.ts';
import type { Example, Place, Specification } from '../../spec/specification.ts';
import type { Externals } from '../../verify/externals.ts';
import type { ExampleOutcome, RuleJudgement } from './results.ts';

/** Rounds of questions that one example may raise. */
const MOST_ROUNDS = 50;

export async function runAsTest(spec: Specification, example: Example, externals: Externals): Promise<ExampleOutcome> {
  const started = performance.now();
  const result = judgeExample(example, await scored(spec, example, externals));
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

async function scored(spec: Specification, example: Example, externals: Externals): Promise<ExampleResult['score']> {
  const { row, response, tokens, finished } = example;
  const given = givenBy(example);
  const asked = new Map<string, Answer>();
  const answers = (call: ExternalCall): Answer => {
    const answer = given(call);
    return answer.kind === 'pending' ? (asked.get(JSON.stringify(call)) ?? answer) : answer;
  };
  for (let round = 0; ; round++) {
    const attempt = tryToScore(spec, row, response, { tokens, finished }, { answers });
    if ('score' in attempt) return attempt.score;
    await Promise.all(
      attempt.pending.map(async (call) => {
        const { reply } = round < MOST_ROUNDS ? await externals.ask(call) : TOO_MANY;
        asked.set(JSON.stringify(call), reply.kind === 'value' ? reply : { ...reply, kind: 'invalid' });
      }),
    );
  }
}

const TOO_MANY = {
  reply: { kind: 'failed', cause: 'too_many', message: `It asks more than ${MOST_ROUNDS} times in a row.` },
} as const;

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
