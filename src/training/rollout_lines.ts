// Rollouts as the lines of a run's rollouts file (run/format.ts).

import type { Tokenizer } from '../model/tokenizer.ts';
import type { RolloutLine } from '../run/format.ts';
import { parts } from '../spec/expression_parts.ts';
import type { Rule, Specification } from '../spec/specification.ts';
import type { Rollout } from './policy.ts';

export interface RolloutPlace {
  step: number;
  split: 'train' | 'test';
  /** Index in the split of the request's prompt. */
  rowIndex: (prompt: number) => number;
}

/** `advantage` of a rollout; null: it is of a held-out row. */
export function rolloutLines(
  spec: Pick<Specification, 'rules'>,
  rollouts: readonly Rollout[],
  advantage: (rollout: Rollout) => number | null,
  place: RolloutPlace,
  tokenizer: Tokenizer,
): RolloutLine[] {
  const askers = new Map(spec.rules.map((rule) => [rule.name, externalsOf(rule)]));
  return rollouts.map((rollout) => ({
    step: place.step,
    prompt_index: rollout.prompt,
    sample: rollout.sample,
    split: place.split,
    row_index: place.rowIndex(rollout.prompt),
    row: { ...rollout.row },
    prompt: rollout.promptText,
    shown_rules: rollout.shownRules === null ? null : [...rollout.shownRules],
    response: rollout.response,
    captures: rollout.score.captures,
    rules: Object.fromEntries(
      Object.entries(rollout.score.rules).map(([name, rule]) => [
        name,
        {
          ...rule,
          ...costOf(askers.get(name) ?? [], rollout.asked),
          evidence: rollout.score.evidence?.[name] ?? [],
        },
      ]),
    ),
    ...answersOf(rollout.asked),
    reward: rollout.score.invalid === null ? rollout.score.total : null,
    ...(rollout.score.invalid !== null && { invalid: rollout.score.invalid }),
    advantage: advantage(rollout),
    finish_reason: rollout.finishReason,
    token_ids: [...rollout.tokens],
    token_texts: rollout.tokens.map((id) => tokenizer.token(id)),
    log_probabilities: rollout.logProbabilities.map(shortened),
    entropies: rollout.entropies.map(shortened),
  }));
}

/** Names of the verifiers and judges that a rule may ask. */
function externalsOf({ cases }: Rule): string[] {
  const expressions = cases.flatMap(({ when, score }) => (when === null ? [score] : [when, score]));
  const named = expressions.flatMap(parts).flatMap((part) => (part.kind === 'external' ? part.name : []));
  return [...new Set(named)];
}

/** What each verifier or judge answered; {} where none did. */
function answersOf(asked: Rollout['asked']): Pick<RolloutLine, 'answers'> {
  const answers = Object.entries(asked).flatMap(([name, { value }]) =>
    value === null ? [] : [[name, value] as const],
  );
  return answers.length === 0 ? {} : { answers: Object.fromEntries(answers) };
}

/** The seconds that a rule's verifiers and judges took, and why one of them had no answer; {} where none was asked. */
function costOf(names: readonly string[], asked: Rollout['asked']): { time?: number; error?: string } {
  const records = names.flatMap((name) => asked[name] ?? []);
  if (records.length === 0) return {};
  const error = records.find((record) => record.error !== null)?.error ?? null;
  const time = records.reduce((sum, record) => sum + record.time, 0);
  return { time: shortened(time), ...(error !== null && { error }) };
}

/** Five decimals: enough to draw and compare, half the bytes. */
function shortened(x: number): number {
  return Math.round(x * 1e5) / 1e5;
}
