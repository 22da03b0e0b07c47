// The reward of one response: of each rule the first case that holds, its score, and their weighted sum. Nothing that
// a model writes and nothing that a row holds can make this throw or take more than time linear in the response for
// the file's captures and conditions (`all`, `any` and `count` repeat their body for each item).
//
//   total = Σ_rule weight_rule · score_rule        in the order of the file

import type { Rule, Specification } from '../spec/specification.ts';
import { weightAt } from '../spec/weight.ts';
import { captureReader } from './captures.ts';
import { evaluate, holds, type Scope } from './evaluate.ts';
import { columnReader, type Row } from './row.ts';
import { writeValue } from './value.ts';

/** What is known of a response beside its text; null: nobody counted, and conditions over it do not hold. */
export interface Generation {
  tokens?: number | null;
  /** False when the response was cut at the limit. */
  finished?: boolean | null;
}

/** How a rule judged: the index of the case that fired (-1: none did, score 0), its score before the weight. */
export interface RuleScore {
  case: number;
  score: number;
  weight: number;
}

export interface ResponseScore {
  total: number;
  rules: Record<string, RuleScore>;
  /** What each capture found, as JSON; null: it is not there. */
  captures: Record<string, unknown>;
}

/** What the scoring reads of a specification. */
export type Scored = Pick<Specification, 'task' | 'captures' | 'rules'>;

export function scoreResponse(
  spec: Scored,
  row: Row,
  response: string,
  { tokens = null, finished = null }: Generation = {},
): ResponseScore {
  const column = columnReader(spec, row);
  const capture = captureReader(spec.captures, response, (name) => {
    const list = column(name);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  });
  const scores = new Map<string, RuleScore>();
  const scope: Scope = {
    column,
    capture,
    tag: (name) => {
      const extractor = spec.captures.find((one) => one.name === name)?.extractor;
      return extractor?.kind === 'tag' ? extractor.tag : null;
    },
    rule: (name) => scores.get(name)?.score ?? null,
    response,
    tokens,
    finished,
  };
  let total = 0;
  for (const rule of spec.rules) {
    const result = scoreRule(rule, scope);
    scores.set(rule.name, result);
    total += result.weight * result.score;
  }
  return {
    total,
    rules: Object.fromEntries(scores),
    captures: Object.fromEntries(spec.captures.map(({ name }) => [name, writeValue(capture(name))])),
  };
}

function scoreRule(rule: Rule, scope: Scope): RuleScore {
  const weight = weightAt(rule.weight, null);
  const fired = rule.cases.findIndex(({ when }) => when === null || holds(when, scope));
  const chosen = rule.cases[fired];
  if (chosen === undefined) return { case: -1, score: 0, weight };
  const score = evaluate(chosen.score, scope);
  return { case: fired, score: typeof score === 'number' ? score : 0, weight };
}
