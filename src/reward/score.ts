// The reward of one response: of each rule the first case that holds, its score, and how the specification makes a
// total of them. Nothing that a model writes and nothing that a row holds can make this throw or take more than time
// linear in the response for the file's captures and conditions (`all`, `any` and `count` repeat their body for each
// item). A specification is compiled on first use.
//
//   total = Σ_rule weight_rule(step) · score_rule      in the order of the file; or the product, or an expression
//
// What verifiers and judges answer comes from outside (`Answers`). The scoring stays synchronous: an answer that is not
// there yet ends the attempt with the calls it waits for, and whoever has made them tries again.

import type { Capture, Rule, Specification, Total } from '../spec/specification.ts';
import { weightAt } from '../spec/weight.ts';
import { type Captured, captureReader } from './captures.ts';
import { compile, type Scope } from './evaluate.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { columnReader, type Row } from './row.ts';
import { type Maybe, type Value, writeValue } from './value.ts';

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
  /** NaN where the sample is invalid. */
  total: number;
  /** Without the rules that an invalid answer kept from judging. */
  rules: Record<string, RuleScore>;
  /** What each capture found, as JSON; null: it is not there. */
  captures: Record<string, unknown>;
  /** Why the sample must be left out; null: it is valid. */
  invalid: Invalid | null;
  /** Where asked for: the parts of the response that each rule's fired case rests on. */
  evidence?: Record<string, Evidence[]>;
}

/** A verifier or judge that gave no usable answer: the sample is left out and counted by cause, never scored zero. */
export interface Invalid {
  /** The verifier's or judge's name. */
  name: string;
  /** One word for counting: `timeout`, `crashed`, `untrusted`. */
  cause: string;
  message: string;
}

/** A question to a verifier or a judge that the scoring came upon. */
export interface ExternalCall {
  name: string;
  /** As JSON. */
  arguments: unknown[];
}

/** What is known about the answer to a call. */
export type Answer =
  | { kind: 'value'; value: boolean | number | string }
  | { kind: 'pending' }
  | { kind: 'invalid'; cause: string; message: string };

/** Asked once for every call in an attempt, in the order of the file. */
export type Answers = (call: ExternalCall) => Answer;

export interface ScoreOptions {
  /** Step of training for scheduled weights, from 1; null: their end, as a finished model is judged. */
  step?: number | null;
  answers?: Answers;
  /** Whether the parts of the response that earned the scores are wanted too. */
  evidence?: boolean;
}

/** What the scoring reads of a specification. */
export type Scored = Pick<Specification, 'task' | 'captures' | 'rules' | 'total'>;

/** Scores a response whose answers are all known; one that is not makes the sample invalid. */
export function scoreResponse(
  spec: Scored,
  row: Row,
  response: string,
  generation: Generation = {},
  { step = null, answers = unasked, evidence = false }: ScoreOptions = {},
): ResponseScore {
  const known: Answers = (call) => {
    const answer = answers(call);
    return answer.kind === 'pending' ? unasked(call) : answer;
  };
  return new Scoring(compiledReward(spec), row, response, generation, step, known).result(evidence);
}

function unasked({ name }: ExternalCall): Answer {
  return { kind: 'invalid', cause: 'unasked', message: `\`${name}\` was not asked: nothing here runs it.` };
}

/** A score, or the calls whose answers it needs first: those known by now, others may follow from their answers. */
export type Attempt = { score: ResponseScore } | { pending: ExternalCall[] };

export function tryToScore(
  spec: Scored,
  row: Row,
  response: string,
  generation: Generation,
  { step = null, answers, evidence = false }: ScoreOptions & { answers: Answers },
): Attempt {
  const scoring = new Scoring(compiledReward(spec), row, response, generation, step, answers);
  const score = scoring.result(evidence);
  return scoring.pending.length > 0 && score.invalid === null ? { pending: scoring.pending } : { score };
}

// ---------------------------------------------------------------- a specification, compiled

type Evaluator = (scope: Scope) => Maybe;

interface CompiledRule {
  rule: Rule;
  cases: { when: Evaluator | null; score: Evaluator }[];
}

interface CompiledReward {
  spec: Scored;
  rules: CompiledRule[];
  captures: ReadonlyMap<string, Capture>;
  /** Of a total that is an expression. */
  total: Evaluator | null;
}

const rewards = new WeakMap<Scored, CompiledReward>();

function compiledReward(spec: Scored): CompiledReward {
  const known = rewards.get(spec);
  if (known !== undefined) return known;
  const reward: CompiledReward = {
    spec,
    rules: spec.rules.map((rule) => ({
      rule,
      cases: rule.cases.map(({ when, score }) => ({ when: when && compile(when), score: compile(score) })),
    })),
    captures: new Map(spec.captures.map((capture) => [capture.name, capture])),
    total: spec.total.kind === 'expression' ? compile(spec.total.expression) : null,
  };
  rewards.set(spec, reward);
  return reward;
}

// ---------------------------------------------------------------- one response

/** One attempt at a response; the scope of its expressions. */
class Scoring implements Scope {
  readonly column: (name: string) => Maybe;
  readonly captured: (name: string) => Captured | null;
  readonly response: string;
  readonly tokens: number | null;
  readonly finished: boolean | null;
  unanswered = false;
  private readonly reward: CompiledReward;
  private readonly step: number | null;
  private readonly answers: Answers;
  private readonly scores = new Map<string, RuleScore>();
  /** Rules that an answer is missing for. */
  private readonly waiting = new Set<string>();
  readonly pending: ExternalCall[] = [];
  private invalid: Invalid | null = null;
  private isTotal = false;

  constructor(
    reward: CompiledReward,
    row: Row,
    response: string,
    { tokens = null, finished = null }: Generation,
    step: number | null,
    answers: Answers,
  ) {
    this.reward = reward;
    this.response = response;
    this.tokens = tokens;
    this.finished = finished;
    this.step = step;
    this.answers = answers;
    this.column = columnReader(reward.spec, row);
    this.captured = captureReader(reward.captures, response, (name) => {
      const list = this.column(name);
      return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
    });
  }

  capture(name: string): Maybe {
    return this.captured(name)?.value ?? null;
  }

  tag(capture: string): string | null {
    const extractor = this.reward.captures.get(capture)?.extractor;
    return extractor?.kind === 'tag' && extractor.from === null ? extractor.tag : null;
  }

  /** In a total, the score times its weight. */
  rule(name: string): Maybe {
    if (this.waiting.has(name)) this.unanswered = true;
    const score = this.scores.get(name);
    if (score === undefined) return null;
    return this.isTotal ? score.score * score.weight : score.score;
  }

  external(name: string, given: readonly Value[]): Maybe {
    const call: ExternalCall = { name, arguments: given.map(writeValue) };
    const answer = this.answers(call);
    if (answer.kind === 'value') return answer.value;
    this.unanswered = true;
    if (answer.kind === 'pending') this.pending.push(call);
    else this.invalid ??= { name, cause: answer.cause, message: answer.message };
    return null;
  }

  result(wantsEvidence: boolean): ResponseScore {
    const { spec, rules } = this.reward;
    for (const rule of rules) {
      this.unanswered = false;
      const score = this.scoreRule(rule);
      if (this.unanswered) this.waiting.add(rule.rule.name);
      else this.scores.set(rule.rule.name, score);
      if (this.invalid !== null) break;
    }
    const scores = Object.fromEntries(this.scores);
    return {
      total: this.total(spec.total),
      rules: scores,
      captures: Object.fromEntries(spec.captures.map(({ name }) => [name, writeValue(this.capture(name))])),
      invalid: this.invalid,
      ...(wantsEvidence && { evidence: evidenceOf(spec.rules, scores, this.captured) }),
    };
  }

  private scoreRule({ rule, cases }: CompiledRule): RuleScore {
    const weight = rule.isMetric ? 0 : weightAt(rule.weight, this.step);
    for (let index = 0; index < cases.length; index++) {
      const { when, score } = cases[index] ?? {};
      const fires = when === null || when?.(this) === true;
      if (this.unanswered) break;
      if (!fires) continue;
      const value = score?.(this);
      return { case: index, score: typeof value === 'number' ? value : 0, weight };
    }
    return { case: -1, score: 0, weight };
  }

  /** Of the rules that are no metric. */
  private counted(): RuleScore[] {
    const scores: RuleScore[] = [];
    for (const { rule } of this.reward.rules) {
      const score = rule.isMetric ? undefined : this.scores.get(rule.name);
      if (score !== undefined) scores.push(score);
    }
    return scores;
  }

  private total({ kind }: Total): number {
    if (this.waiting.size > 0) return Number.NaN;
    switch (kind) {
      case 'sum': {
        let sum = 0;
        for (const { score, weight } of this.counted()) sum += weight * score;
        return sum;
      }
      case 'product': {
        let product = 1;
        for (const { score, weight } of this.counted()) product *= weight * score;
        return product + 0;
      }
      case 'expression': {
        this.isTotal = true;
        this.unanswered = false;
        const value = this.reward.total?.(this);
        if (this.unanswered) return Number.NaN;
        return typeof value === 'number' ? value : 0;
      }
    }
  }
}
