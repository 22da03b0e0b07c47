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

/** `advantages` stand in the rollouts' order; null: held-out rows. */
export function rolloutLines(
  rollouts: readonly Rollout[],
  advantages: readonly number[] | null,
  place: RolloutPlace,
  tokenizer: Tokenizer,
): RolloutLine[] {
  return rollouts.map((rollout, i) => ({
    step: place.step,
    prompt_index: rollout.prompt,
    sample: rollout.sample,
    split: place.split,
    row_index: place.rowIndex(rollout.prompt),
    row: { ...rollout.row },
    prompt: rollout.promptText,
    response: rollout.response,
    captures: rollout.score.captures,
    rules: rollout.score.rules,
    reward: rollout.score.total,
    advantage: advantages?.[i] ?? null,
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
