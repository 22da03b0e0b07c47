// A response is right when every rule that counts gave the best score any case of it can give; of rules with computed
// scores, the best that was seen. Pure.

import type { Specification } from '../../spec/specification.ts';
import type { Block } from './block.ts';

type Rules = Pick<Specification, 'rules'>;

/** The best score of each rule, by name. */
export function bestScores({ rules }: Rules, seen: (rule: string) => Iterable<number>): Map<string, number> {
  return new Map(
    rules
      .filter(({ isMetric }) => !isMetric)
      .map((rule) => {
        const constant = rule.cases.map(({ score }) => constantScore(score));
        let best = Number.NEGATIVE_INFINITY;
        if (constant.every((score) => score !== null))
          for (const score of constant) best = Math.max(best, score ?? best);
        else for (const score of seen(rule.name)) if (score > best) best = score;
        return [rule.name, best];
      }),
  );
}

export function bestOfBlocks(rules: Rules, blocks: readonly Block[]): Map<string, number> {
  return bestScores(rules, function* (rule) {
    for (const block of blocks) yield* block.rules.get(rule)?.score ?? [];
  });
}

/** The score of a case that gives the same to every response; null: it is computed. */
export function constantScore(score: Specification['rules'][number]['cases'][number]['score']): number | null {
  if (score.kind === 'number') return score.value;
  if (score.kind !== 'negate') return null;
  const value = constantScore(score.operand);
  return value === null ? null : -value;
}
