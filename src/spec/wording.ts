// How a rule reads to the model: its title, and for each case the score and its text. Numbers carry the rule's weight;
// inverted (the paper's adverse motivation), every number is negated.

import { between, signed } from './number_text.ts';
import { type Range, scoreRange } from './ranges.ts';
import type { Case, Rule } from './specification.ts';
import { weightAt } from './weight.ts';

/** The title and a line for each case the model is told of; nothing when it is told of none. */
export function ruleLines(rule: Rule, inverted: boolean, ranges: ReadonlyMap<string, Range>): string[] {
  const told = rule.cases.filter((one) => one.text !== null);
  if (told.length === 0) return [];
  return [
    `${rule.title}:`,
    ...told.map((one) => `${scoreText(one, weightAt(rule.weight, null), inverted, ranges)}: ${one.text}`),
  ];
}

function scoreText(one: Case, weight: number, inverted: boolean, ranges: ReadonlyMap<string, Range>): string {
  const factor = inverted ? -weight : weight;
  const { min, max } = scoreRange(one.score, ranges);
  const ends = [times(factor, min), times(factor, max)];
  return min === max ? signed(times(factor, min)) : between(Math.min(...ends), Math.max(...ends));
}

function times(factor: number, score: number): number {
  return factor === 0 ? 0 : factor * score;
}
