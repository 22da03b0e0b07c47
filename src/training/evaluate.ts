// Held-out rows answered, each once or as often as the plan says, at its temperature and always with the same seed: how
// many get full marks, how sure that is, and what the best constant answer and guessing by chance would get. Rows that repeat are not independent, so the number of
// distinct ones stands beside it (no two rows of Knights and Knaves share their statements' structure).

import { accuracy, chanceBaseline, constantBaseline, fullMarks, wilsonInterval } from '../reward/accuracy.ts';
import { passAt } from '../reward/pass_at.ts';
import type { EventLine } from '../run/format.ts';
import { rewardRanges } from '../spec/ranges.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import type { Row } from '../task/registry.ts';
import { spread } from './advantages.ts';
import { samplingSeed } from './data_order.ts';
import { isValid } from './judge.ts';
import { allRead, type Policy, type Rollout, type RolloutProgress } from './policy.ts';

export type PromptKind = 'motivation' | 'none';
export type EvaluationEvent = Extract<EventLine, { kind: 'evaluation' }>;

/** Under which prompts an arm's plan wants held-out rows answered. */
export function evaluationPrompts({ motivation, train }: Pick<Arm, 'motivation' | 'train'>): PromptKind[] {
  if (train.evaluate === null) return [];
  const { withMotivation, withoutMotivation } = train.evaluate;
  return [
    ...(withoutMotivation || motivation === null ? (['none'] as const) : []),
    ...(withMotivation && motivation !== null ? (['motivation'] as const) : []),
  ];
}

/** Those of them that a run has no answers to yet at a step. */
export function unanswered(arm: Arm, step: number, events: readonly EventLine[]): PromptKind[] {
  const done = (kind: PromptKind) =>
    events.some((event) => event.kind === 'evaluation' && event.step === step && event.prompt === kind);
  return evaluationPrompts(arm).filter((kind) => !done(kind));
}

export interface EvaluationRequest {
  rows: readonly Row[];
  kind: PromptKind;
  /** The motivation shown when the kind says so. */
  motivation: string | null;
  /** Answers to each row. */
  samples: number;
  seed: number;
  maxResponse: number;
  temperature: number;
  onProgress?: (progress: RolloutProgress) => void;
  /** Aborted: the answers are broken off, and `evaluate` throws the signal's reason. */
  signal?: AbortSignal;
}

export async function evaluate(
  policy: Policy,
  spec: Specification,
  { rows, kind, motivation, samples, seed, ...sampling }: EvaluationRequest,
): Promise<{ rollouts: Rollout[]; result: Omit<EvaluationEvent, 'step' | 'time'> }> {
  const { rollouts } = await policy.respond({
    ...sampling,
    rows,
    reading: allRead(spec, kind === 'motivation' ? motivation : null, samples),
    // the same draws under both prompts and at every step
    seed: samplingSeed(seed, 'evaluation'),
  });
  return { rollouts, result: { kind: 'evaluation', prompt: kind, ...summary(spec, rows, rollouts, samples) } };
}

export function summary(
  spec: Pick<Specification, 'task' | 'captures' | 'rules'>,
  rows: readonly Row[],
  rollouts: readonly Pick<Rollout, 'score' | 'prompt'>[],
  samples = 1,
): Omit<EvaluationEvent, 'step' | 'time' | 'kind' | 'prompt'> {
  const valid = rollouts.filter(isValid);
  const invalid = rollouts.length - valid.length;
  const totals = valid.map(({ score }) => score.total);
  const right = accuracy(spec, totals);
  const { rules } = rewardRanges(spec);
  const best = spec.rules.map(({ name }) => {
    const highest = rules[name]?.max ?? fullMarks(spec);
    const reached = valid.filter(({ score }) => (score.rules[name]?.score ?? Number.NEGATIVE_INFINITY) >= highest);
    return [name, reached.length / Math.max(1, valid.length)];
  });
  const full = fullMarks(spec);
  const problems = rows.map(() => ({ count: 0, right: 0 }));
  for (const { prompt, score } of valid) {
    const problem = problems[prompt];
    if (problem === undefined) continue;
    problem.count++;
    if (score.total >= full) problem.right++;
  }
  return {
    rows: rows.length,
    ...(samples > 1 && { samples, pass_at: passAt(problems, samples) }),
    ...(invalid > 0 && { invalid }),
    structures: new Set(rows.map((row) => JSON.stringify(row))).size,
    accuracy: right,
    // answers to one row are not independent: what is counted are rows
    interval: wilsonInterval(right, problems.filter(({ count }) => count > 0).length),
    reward: spread(totals).mean,
    best: Object.fromEntries(best),
    constant: constantBaseline(spec, rows),
    chance: chanceBaseline(spec, rows),
  };
}
