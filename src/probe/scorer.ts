// Scores responses for the probe and keeps count: how many, which cases fired, between which numbers each rule lay.
// Verifiers and judges are not asked. A response without knowledge gets the least they can answer, a right answer the
// most. The length in tokens is taken as a quarter of the characters, since no model is at hand.

import type { Row } from '../reward/row.ts';
import { type Answers, type ResponseScore, scoreResponse } from '../reward/score.ts';
import { parts } from '../spec/expression_parts.ts';
import { rewardExpressions } from '../spec/reward_columns.ts';
import type { ExternalResult, Specification } from '../spec/specification.ts';

export type Level = 'least' | 'most';

export class Scorer {
  readonly fired: number[][];
  readonly ranges: { min: number; max: number }[];
  responses = 0;
  private readonly spec: Specification;
  private readonly budget: number;
  /** What verifiers and judges answer, by name. */
  readonly given: Readonly<Record<Level, Record<string, boolean | number | string>>>;

  constructor(spec: Specification, budget: number) {
    this.spec = spec;
    this.budget = budget;
    this.fired = spec.rules.map(({ cases }) => cases.map(() => 0));
    this.ranges = spec.rules.map(() => ({ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }));
    this.given = { least: givenAt(spec, 'least'), most: givenAt(spec, 'most') };
  }

  /** Responses that may still be scored. */
  left(): number {
    return Math.max(0, this.budget - this.responses);
  }

  score(row: Row, response: string, level: Level, finished = true): ResponseScore {
    this.responses++;
    const generation = { tokens: tokensOf(response), finished };
    const given = this.given[level];
    const answers: Answers = ({ name }) => ({ kind: 'value', value: given[name] ?? 0 });
    const score = scoreResponse(this.spec, row, response, generation, { answers });
    this.spec.rules.forEach(({ name }, i) => {
      const result = score.rules[name];
      const fired = this.fired[i];
      const range = this.ranges[i];
      if (result === undefined || fired === undefined || range === undefined) return;
      if (result.case >= 0) fired[result.case] = (fired[result.case] ?? 0) + 1;
      range.min = Math.min(range.min, result.score);
      range.max = Math.max(range.max, result.score);
    });
    return score;
  }
}

/** About as many as a tokenizer makes of English. */
export function tokensOf(response: string): number {
  return Math.ceil(response.length / 4);
}

/** What every verifier and judge answers at that end of its range. */
function givenAt(spec: Specification, level: Level): Record<string, boolean | number | string> {
  const all = [...spec.verifiers, ...spec.judges];
  return Object.fromEntries(all.map(({ name, result }) => [name, answerOf(name, result, level, spec)]));
}

function answerOf(name: string, result: ExternalResult, level: Level, spec: Specification): boolean | number | string {
  switch (result.kind) {
    case 'bool':
      return level === 'most';
    case 'number':
      return level === 'most' ? result.max : result.min;
    case 'text':
      return level === 'most' ? comparedText(name, spec) : '';
  }
}

/** The text that the rules hold the answer against. */
function comparedText(name: string, spec: Specification): string {
  for (const part of rewardExpressions(spec)) {
    if (part.kind !== 'binary') continue;
    const inside = parts(part);
    const text = inside.find(({ kind }) => kind === 'text');
    if (text?.kind === 'text' && inside.some((one) => one.kind === 'external' && one.name === name)) return text.value;
  }
  return '';
}
