// One update of the policy from one step's groups: reference log-probabilities where the plan asks for a KL term,
// micro-batches of about equal length, one AdamW step. Groups without advantage are left out when there is no KL term,
// since nothing in them has a gradient.

import type { Model } from '../model/folder.ts';
import { microBatches, type ResponseGroup } from '../model/response_batch.ts';
import { createScorer, createTrainer, type Scorer, type Trainer } from '../model/trainer.ts';
import { copyWeights } from '../model/weights.ts';
import { MerfError } from '../spec/error.ts';
import type { TrainPlan } from '../spec/specification.ts';
import { type Aggregation, responseWeights } from './aggregation.ts';
import { LOSS_INPUTS, policyLoss } from './loss.ts';
import type { Rollout } from './policy.ts';

const AGGREGATION: Aggregation = 'token';

/** A prompt's rollouts with their advantages. */
export interface JudgedGroup {
  rollouts: readonly Rollout[];
  advantages: readonly number[];
}

export interface UpdateMetrics {
  loss: number;
  kl: number;
  entropy: number;
  clipRatio: number;
  gradientNorm: number;
}

export class Learner {
  readonly trainer: Trainer;
  private readonly plan: TrainPlan;
  private readonly reference: Scorer | null;

  private constructor(trainer: Trainer, plan: TrainPlan, reference: Scorer | null) {
    this.trainer = trainer;
    this.plan = plan;
    this.reference = reference;
  }

  /** `reference` holds the weights the KL term compares with: the model the run began with. */
  static async open(
    model: Pick<Model, 'config' | 'weights' | 'adapters'>,
    reference: Pick<Model, 'weights'>,
    plan: TrainPlan,
    threads: number,
  ): Promise<Learner> {
    const { kl, clip, temperature, optimizer } = plan;
    const trainer = createTrainer(model, {
      loss: policyLoss({ clipLow: clip, clipHigh: clip, kl }),
      inputs: LOSS_INPUTS,
      temperature,
      threads,
      beta1: optimizer.adamBeta1,
      beta2: optimizer.adamBeta2,
      epsilon: optimizer.adamEpsilon,
      weightDecay: optimizer.weightDecay,
      maxGradientNorm: optimizer.maxGradNorm === 0 ? Number.POSITIVE_INFINITY : optimizer.maxGradNorm,
    });
    if (kl === 0) return new Learner(trainer, plan, null);
    // adapters leave the weights alone: the model without them is the one the run began with
    const weights = model.adapters ? model.weights : copyWeights(reference.weights);
    return new Learner(trainer, plan, await createScorer({ config: model.config, weights }, { threads }));
  }

  async update(groups: readonly JudgedGroup[], learningRate: number): Promise<UpdateMetrics> {
    const taught =
      this.reference === null ? groups.filter(({ advantages }) => advantages.some((a) => a !== 0)) : groups;
    const none: UpdateMetrics = { loss: 0, kl: 0, entropy: meanEntropy(groups), clipRatio: 0, gradientNorm: 0 };
    if (taught.length === 0) return none;
    const batches = microBatches(await this.prepare(groups, taught), this.plan.optimizer.microBatchTokens);
    const sums = { loss: 0, kl: 0, clip_ratio: 0 };
    for (const batch of batches) {
      const metrics = await this.trainer.accumulate(batch);
      for (const name of ['loss', 'kl', 'clip_ratio'] as const) sums[name] += metrics[name] ?? 0;
    }
    if (!Number.isFinite(sums.loss)) throw diverged('The loss');
    const { gradient_norm: gradientNorm = Number.NaN } = await this.trainer.apply(learningRate);
    if (!Number.isFinite(gradientNorm)) throw diverged('The gradient');
    return { ...none, loss: sums.loss, kl: sums.kl, clipRatio: sums.clip_ratio, gradientNorm };
  }

  async dispose(): Promise<void> {
    await this.trainer.dispose();
    await this.reference?.dispose();
  }

  /** The taught groups as the trainer reads them; weights are those of the whole step, left-out groups included. */
  private async prepare(all: readonly JudgedGroup[], taught: readonly JudgedGroup[]): Promise<ResponseGroup[]> {
    const rollouts = all.flatMap((group) => group.rollouts);
    const weights = responseWeights(
      rollouts.map(({ tokens }) => tokens.length),
      AGGREGATION,
    );
    const weightOf = new Map(rollouts.map((rollout, i) => [rollout, weights[i] ?? 0]));
    const plain = taught.map(({ rollouts }) => ({
      prompt: rollouts[0]?.promptTokens ?? [],
      responses: rollouts.map(({ tokens }) => ({ tokens })),
    }));
    const scores = await this.reference?.score(plain, this.plan.temperature);
    return taught.map(({ rollouts, advantages }, g) => ({
      prompt: rollouts[0]?.promptTokens ?? [],
      responses: rollouts.map((rollout, i) => ({
        tokens: rollout.tokens,
        perToken: {
          old: rollout.logProbabilities,
          reference: scores?.[g]?.[i]?.logProbabilities ?? rollout.logProbabilities,
        },
        perResponse: { advantage: advantages[i] ?? 0, weight: weightOf.get(rollout) ?? 0 },
      })),
    }));
  }
}

/** Nothing of such a step is kept: the last checkpoint is from before. */
function diverged(what: string): MerfError {
  return new MerfError(
    `${what} is not a finite number any more.`,
    'Start again with a lower learning_rate, from the model or from a checkpoint of this run with --model.',
  );
}

/** Mean entropy of the sampled tokens' distributions, in nats. */
function meanEntropy(groups: readonly JudgedGroup[]): number {
  let [sum, count] = [0, 0];
  for (const { rollouts } of groups) {
    for (const { entropies } of rollouts) {
      for (const entropy of entropies) sum += entropy;
      count += entropies.length;
    }
  }
  return count === 0 ? 0 : sum / count;
}
