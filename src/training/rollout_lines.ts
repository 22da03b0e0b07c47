// Rollouts as the lines of a run's rollouts file (run/format.ts).

import type { Tokenizer } from '../model/tokenizer.ts';
import type { RolloutLine } from '../run/format.ts';
import type { Rollout } from './policy.ts';

export interface RolloutPlace {
  step: number;
  split: 'train' | 'test';
  /** Index in the split of the request's prompt. */
  rowIndex: (prompt: number) => number;
}

/** `advantage` of a rollout; null: it is of a held-out row. */
export function rolloutLines(
  rollouts: readonly Rollout[],
  advantage: (rollout: Rollout) => number | null,
  place: RolloutPlace,
  tokenizer: Tokenizer,
): RolloutLine[] {
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
    rules: rollout.score.rules,
    reward: rollout.score.total,
    advantage: advantage(rollout),
    finish_reason: rollout.finishReason,
    token_ids: [...rollout.tokens],
    token_texts: rollout.tokens.map((id) => tokenizer.token(id)),
    log_probabilities: rollout.logProbabilities.map(shortened),
    entropies: rollout.entropies.map(shortened),
  }));
}

/** Five decimals: enough to draw and compare, half the bytes. */
function shortened(x: number): number {
  return Math.round(x * 1e5) / 1e5;
}
