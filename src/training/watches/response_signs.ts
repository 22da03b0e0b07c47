// Signs in the responses themselves that something is wrong: emptiness, repetition, pay by length.

import { spread } from '../advantages.ts';
import { isValid } from '../judge.ts';
import type { Rollout } from '../policy.ts';

const GRAM = 4;
/** A response of which more than this part is said again is repetitive. */
const REPETITIVE = 0.5;

/** Part of a response's 4-grams of tokens that occurred before in it, 0 to 1. */
export function repetition(tokens: readonly number[]): number {
  const count = tokens.length - GRAM + 1;
  if (count <= 1) return 0;
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) seen.add(tokens.slice(i, i + GRAM).join(' '));
  return 1 - seen.size / count;
}

/** Pearson's correlation; 0 where one of them does not vary. */
export function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [x, y] = [spread(xs), spread(ys)];
  if (x.deviation === 0 || y.deviation === 0) return 0;
  const sum = xs.reduce((total, each, i) => total + (each - x.mean) * ((ys[i] ?? 0) - y.mean), 0);
  return sum / ((xs.length - 1) * x.deviation * y.deviation);
}

export function responseSigns(rollouts: readonly Rollout[]): Record<string, number> {
  const valid = rollouts.filter(isValid);
  const part = (holds: (rollout: Rollout) => boolean) => rollouts.filter(holds).length / Math.max(1, rollouts.length);
  return {
    'completions/empty_ratio': part(({ response }) => response.trim() === ''),
    'completions/repetitive_ratio': part(({ tokens }) => repetition(tokens) > REPETITIVE),
    'completions/reward_correlation': correlation(
      valid.map(({ tokens }) => tokens.length),
      valid.map(({ score }) => score.total),
    ),
  };
}
