// How a rule reads to the model: its title, and for each case the score and its text. Numbers carry the rule's weight;
// inverted (the paper's adverse motivation), every number is negated.

import { between, signed } from './number_text.ts';
import { type Range, scoreRange } from './ranges.ts';
import type { Case, Motivation, Rule } from './specification.ts';
import { weightAt } from './weight.ts';

export interface Wording extends Partial<Pick<Motivation, 'inverted' | 'shows'>> {
  /** Step of training for weights that change with it, from 1; left out or null: as at the end of their schedules. */
  step?: number | null;
}

/**
 * The title and a line for each case the model is told of; nothing when it is told of none. With scores alone, one line:
 * `Format: +1 or -1`. A rule that is only measured is never told.
 */
export function ruleLines(rule: Rule, ranges: ReadonlyMap<string, Range>, wording: Wording = {}): string[] {
  const { inverted = false, shows = 'all', step = null } = wording;
  const told = rule.isMetric ? [] : rule.cases.filter((one) => one.text !== null);
  if (told.length === 0) return [];
  const weight = weightAt(rule.weight, step);
  const scores = told.map((one) => scoreText(one, inverted ? -weight : weight, ranges));
  switch (shows) {
    case 'all':
      return [`${rule.title}:`, ...told.map(({ text }, i) => `${scores[i]}: ${text}`)];
    case 'scores':
      return [`${rule.title}: ${[...new Set(scores)].join(' or ')}`];
    case 'criteria':
      return [`${rule.title}:`, ...told.map(({ text }) => `- ${text}`)];
  }
}

function scoreText({ score }: Case, factor: number, ranges: ReadonlyMap<string, Range>): string {
  const { min, max } = scoreRange(score, ranges);
  const ends = [times(factor, min), times(factor, max)];
  return min === max ? signed(times(factor, min)) : between(Math.min(...ends), Math.max(...ends));
}

function times(factor: number, score: number): number {
  return factor === 0 ? 0 : factor * score;
}
