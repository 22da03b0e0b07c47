// The updates of the policy from one step's groups: log-probabilities of the reference where the plan asks for a KL
// term, and of the policy itself where the update is computed under another prompt than the responses were written
// under; then passes over the rollouts, each divided into mini-batches, each of these one AdamW step in micro-batches of
// about equal length. What has no gradient (no advantage, masked) is not computed, but counts in the means.
//
// RuscaRL's update without the motivation m (arXiv 2508.16949): o ~ π_old(· | q, m), and in the loss
//
//   ρ_t = π(o_t | q, o_<t) / π_old(o_t | q, o_<t)        not π_old(o_t | q, m, o_<t), the distribution it came from

import type { Model } from '../model/folder.ts';
import { microBatches, type ResponseGroup } from '../model/response_batch.ts';
import { apartFrom } from '../model/stored.ts';
import { createScorer, createTrainer, type Scorer, type Trainer } from '../model/trainer.ts';
import type { Metrics } from '../model/updater.ts';
import { modelShape } from '../model/weights.ts';
import { MerfError } from '../spec/error.ts';
import { activationBudget, estimateMemory } from '../spec/memory_estimate.ts';
import { objectiveOf } from '../spec/objective.ts';
import { random } from '../spec/random.ts';
import type { Objective, TrainPlan } from '../spec/specification.ts';
import { responseWeights } from './aggregation.ts';
import type { Judged, JudgedGroup } from './judge.ts';
import { LOSS_INPUTS, policyLoss } from './loss.ts';
import { machineMemory } from './machine_memory.ts';
import type { Rollout } from './policy.ts';
import { SAMPLED, withAgreement } from './sampler_agreement.ts';
import { meanEntropy, type OneUpdate, summed, type UpdateMetrics, updateMetrics } from './update_metrics.ts';

/** What is known of a rollout before its update, under the prompt of the update. */
export interface Known {
  /** log π_old of each token. */
  old: ArrayLike<number>;
  /** log π_ref of each token; null: no reference is asked. */
  reference: ArrayLike<number> | null;
}

export interface UpdateRequest {
  learningRate: number;
  /** Seeds the division into mini-batches. */
  seed: number;
  /** Told the micro-batches that are done, of those of the step as far as they are known. */
  onProgress?: (done: number, of: number) => void;
}

export class Learner {
  readonly trainer: Trainer;
  readonly objective: Objective;
  private readonly plan: TrainPlan;
  private readonly reference: Scorer | null;
  private readonly openPolicy: () => Promise<Scorer>;
  private policy: Scorer | null = null;

  private constructor(trainer: Trainer, plan: TrainPlan, openPolicy: () => Promise<Scorer>, reference: Scorer | null) {
    this.trainer = trainer;
    this.plan = plan;
    this.objective = objectiveOf(plan);
    this.openPolicy = openPolicy;
    this.reference = reference;
  }

  /** `reference` holds the weights the KL term compares with: the model the run began with. */
  static async open(
    model: Pick<Model, 'config' | 'weights' | 'adapters'>,
    reference: Pick<Model, 'weights'>,
    plan: TrainPlan,
    threads: number,
  ): Promise<Learner> {
    const { temperature, optimizer } = plan;
    const { ratio, clip, clipHigh, kl, klIn, entropyBonus } = objectiveOf(plan);
    const { held } = estimateMemory(modelShape(model.config), plan, 0);
    const heldBytes = held.reduce((total, { bytes }) => total + bytes, 0);
    const trainer = createTrainer(model, {
      loss: withAgreement(policyLoss({ ratio, clip, clipHigh, kl: klIn === 'loss' ? kl : 0, entropyBonus })),
      inputs: { ...LOSS_INPUTS, perResponse: [...LOSS_INPUTS.perResponse, SAMPLED] },
      temperature,
      threads,
      activationBytes: activationBudget(machineMemory(), heldBytes),
      beta1: optimizer.adamBeta1,
      beta2: optimizer.adamBeta2,
      epsilon: optimizer.adamEpsilon,
      weightDecay: optimizer.weightDecay,
      maxGradientNorm: optimizer.maxGradNorm === 0 ? Number.POSITIVE_INFINITY : optimizer.maxGradNorm,
    });
    const policy = () => createScorer(model, { threads });
    if (kl === 0) return new Learner(trainer, plan, policy, null);
    // adapters leave the weights alone: the model without them is the one the run began with
    const weights = model.adapters ? model.weights : apartFrom(model.weights, reference.weights);
    return new Learner(trainer, plan, policy, await createScorer({ config: model.config, weights }, { threads }));
  }

  /** Log-probabilities under the prompts of the update, by the policy as it is and by the reference. */
  async know(rollouts: readonly Rollout[]): Promise<(rollout: Rollout) => Known> {
    const moved = rollouts.filter(({ updatePrompt, promptTokens }) => updatePrompt !== promptTokens);
    if (moved.length > 0) this.policy ??= await this.openPolicy();
    const old = this.policy === null ? new Map<Rollout, Float32Array>() : await this.scores(this.policy, moved);
    const reference = this.reference && (await this.scores(this.reference, rollouts));
    return (rollout) => ({
      old: old.get(rollout) ?? rollout.logProbabilities,
      reference: reference?.get(rollout) ?? null,
    });
  }

  async update(
    groups: readonly JudgedGroup[],
    known: (rollout: Rollout) => Known,
    { learningRate, seed, onProgress }: UpdateRequest,
  ): Promise<UpdateMetrics> {
    const { updates, miniBatches } = this.objective;
    const all: OneUpdate[] = [];
    const parts = updates * Math.min(miniBatches, groups.length);
    let part = 0;
    for (let pass = 0; pass < updates; pass++) {
      const order = miniBatches === 1 ? groups : random(seed, `pass ${pass}`).shuffled([...groups]);
      for (const some of divided(order, miniBatches)) {
        const before = part++;
        const metrics = await this.updateOnce(some, known, learningRate, (done, of) =>
          onProgress?.(before * of + done, parts * of),
        );
        if (metrics !== null) all.push(metrics);
      }
    }
    return summed(all, meanEntropy(groups.flat().map(({ rollout }) => rollout)));
  }

  async dispose(): Promise<void> {
    await this.trainer.dispose();
    await this.policy?.dispose();
    await this.reference?.dispose();
  }

  /** One AdamW step; null: nothing in these groups has a gradient. */
  private async updateOnce(
    groups: readonly JudgedGroup[],
    known: (rollout: Rollout) => Known,
    learningRate: number,
    onProgress: (done: number, of: number) => void,
  ): Promise<OneUpdate | null> {
    const { aggregation, kl, klIn, entropyBonus } = this.objective;
    const responses = groups.flat();
    const lengths = responses.map(({ rollout, isMasked }) => (isMasked ? 0 : rollout.tokens.length));
    const weights = responseWeights(lengths, aggregation, this.plan.maxResponse);
    const weightOf = new Map(responses.map((judged, i) => [judged, weights[i] ?? 0]));
    const everyone = (klIn === 'loss' && kl > 0) || entropyBonus > 0;
    const hasGradient = ({ isMasked, advantages }: Judged) =>
      !isMasked && (everyone || advantages.some((a) => a !== 0));
    const taught = groups.map((group) => group.filter(hasGradient)).filter((group) => group.length > 0);
    if (taught.length === 0) return null;
    const batches = microBatches(
      taught.flatMap((group) =>
        byPrompt(group, ({ rollout }) => rollout).map((same) => taughtGroup(same, known, weightOf)),
      ),
      this.plan.optimizer.microBatchTokens,
    );
    const measured: Metrics[] = [];
    for (const [i, batch] of batches.entries()) {
      measured.push(await this.trainer.accumulate(batch));
      onProgress(i + 1, batches.length);
    }
    if (!measured.every(({ loss = Number.NaN }) => Number.isFinite(loss))) throw diverged('The loss');
    const { gradient_norm: gradientNorm = Number.NaN } = await this.trainer.apply(learningRate);
    if (!Number.isFinite(gradientNorm)) throw diverged('The gradient');
    // metrics are means over what was computed, whatever the loss divides by
    const weightOfAll = (some: readonly Judged[]) =>
      some.reduce((sum, one) => sum + (weightOf.get(one) ?? 0) * (one.isMasked ? 0 : one.rollout.tokens.length), 0);
    return updateMetrics(measured, {
      covered: weightOfAll(taught.flat()),
      whole: weightOfAll(responses),
      hasReference: this.reference !== null,
      gradientNorm,
    });
  }

  /** log π of every rollout's tokens by a scorer, under the prompt of its update. */
  private async scores(scorer: Scorer, rollouts: readonly Rollout[]): Promise<Map<Rollout, Float32Array>> {
    const groups = byPrompt(rollouts, (rollout) => rollout);
    const scored = await scorer.score(
      groups.map((same) => ({
        prompt: same[0]?.updatePrompt ?? [],
        responses: same.map(({ tokens }) => ({ tokens })),
      })),
      this.plan.temperature,
    );
    return new Map(
      groups.flatMap((same, g) =>
        same.map((rollout, i) => [rollout, scored[g]?.[i]?.logProbabilities ?? new Float32Array()] as const),
      ),
    );
  }
}

/** Those of a step with the same prompt of the update together; it is computed once for all of them. */
function byPrompt<T>(items: readonly T[], rolloutOf: (item: T) => Rollout): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const { prompt, updatePrompt } = rolloutOf(item);
    const key = `${prompt} ${updatePrompt.join(' ')}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function taughtGroup(
  group: readonly Judged[],
  known: (rollout: Rollout) => Known,
  weightOf: ReadonlyMap<Judged, number>,
): ResponseGroup {
  return {
    prompt: group[0]?.rollout.updatePrompt ?? [],
    responses: group.map((judged) => {
      const { tokens } = judged.rollout;
      const { old, reference } = known(judged.rollout);
      return {
        tokens,
        perToken: { old, reference: reference ?? old, advantage: judged.advantages },
        perResponse: {
          weight: weightOf.get(judged) ?? 0,
          inverse_length: 1 / Math.max(1, tokens.length),
          [SAMPLED]: old === judged.rollout.logProbabilities ? 1 : 0,
        },
      };
    }),
  };
}

/** As many parts as are asked for, of nearly equal size; none is empty. */
function divided<T>(items: readonly T[], parts: number): T[][] {
  const count = Math.min(parts, items.length);
  return Array.from({ length: count }, (_, i) =>
    items.slice(Math.floor((i * items.length) / count), Math.floor(((i + 1) * items.length) / count)),
  );
}

/** Nothing of such a step is kept: the last checkpoint is from before. */
function diverged(what: string): MerfError {
  return new MerfError(
    `${what} is not a finite number any more.`,
    'Start again with a lower learning_rate, from the model or from a checkpoint of this run with --model.',
  );
}
