// How often each case of each rule fired, and what it gave: which rule the responses fail, and in what way. Of all
// responses that are looked at, whatever the filter, so that a case can be chosen and left again. Pure.

import { z } from 'zod';
import type { Block } from './block.ts';

export const CaseTally = z.object({
  rule: z.string(),
  /** By the case's number; `mean`: of its scores, before the rule's weight; null: it did not fire. */
  cases: z.array(z.object({ count: z.number(), mean: z.number().nullable() })),
  /** Responses that the rule did not judge. */
  unjudged: z.number(),
});
export type CaseTally = z.infer<typeof CaseTally>;

interface Sum {
  count: number;
  score: number;
}

/** Adds up block by block. */
export class CaseCounter {
  private readonly sums: ReadonlyMap<string, Sum[]>;
  private all = 0;

  constructor(rules: readonly { name: string; cases: readonly unknown[] }[]) {
    this.sums = new Map(rules.map(({ name, cases }) => [name, cases.map(() => ({ count: 0, score: 0 }))]));
  }

  add({ count, rules }: Block): void {
    this.all += count;
    for (const [rule, sums] of this.sums) {
      const columns = rules.get(rule);
      if (!columns) continue;
      for (let row = 0; row < count; row++) {
        const sum = sums[columns.case[row] ?? Number.NaN];
        if (sum === undefined) continue;
        sum.count++;
        sum.score += columns.score[row] ?? 0;
      }
    }
  }

  get tallies(): CaseTally[] {
    return [...this.sums].map(([rule, sums]) => ({
      rule,
      cases: sums.map(({ count, score }) => ({ count, mean: count === 0 ? null : score / count })),
      unjudged: this.all - sums.reduce((judged, { count }) => judged + count, 0),
    }));
  }
}
