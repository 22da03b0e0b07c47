// What an update reports: sums over its micro-batches, weighted as the loss is, as means; and several updates as one.

import type { Metrics } from '../model/updater.ts';
import type { Rollout } from './policy.ts';
import { agreementOf, type SamplerAgreement } from './sampler_agreement.ts';

export interface UpdateMetrics {
  loss: number;
  /** k3 estimate; not a number where no reference is asked. */
  kl: number;
  /** Of the sampled tokens. */
  entropy: number;
  clipLow: number;
  clipHigh: number;
  /** Least and most of the step's mini-batches. */
  clipLowMin: number;
  clipHighMax: number;
  /** Mean probability ratio: 1 on-policy. */
  ratio: number;
  /** Of the step's first update; null: nothing was compared. */
  agreement: SamplerAgreement | null;
  gradientNorm: number;
  updates: number;
}

/** The entropy is the sampler's, and not measured again. */
export type OneUpdate = Omit<UpdateMetrics, 'entropy'>;

/** `covered`, `whole`: the loss's weights over the tokens that were computed, and over all of the mini-batch. */
export function updateMetrics(
  batches: readonly Metrics[],
  {
    covered,
    whole,
    hasReference,
    gradientNorm,
  }: { covered: number; whole: number; hasReference: boolean; gradientNorm: number },
): OneUpdate {
  const total = (name: string) => batches.reduce((sum, metrics) => sum + (metrics[name] ?? 0), 0);
  const [clipLow, clipHigh] = [total('clip_low') / whole, total('clip_high') / whole];
  return {
    loss: total('loss'),
    kl: hasReference ? total('kl') / covered : Number.NaN,
    clipLow,
    clipHigh,
    clipLowMin: clipLow,
    clipHighMax: clipHigh,
    ratio: total('ratio') / covered,
    agreement: agreementOf(batches),
    gradientNorm,
    updates: 1,
  };
}

/** Of several updates: their means, and the extremes of the clip ratios. */
export function summed(all: readonly OneUpdate[], entropy: number): UpdateMetrics {
  const mean = (read: (one: OneUpdate) => number, none: number): number =>
    all.length === 0 ? none : all.reduce((sum, one) => sum + read(one), 0) / all.length;
  return {
    loss: mean(({ loss }) => loss, 0),
    kl: mean(({ kl }) => kl, Number.NaN),
    entropy,
    clipLow: mean(({ clipLow }) => clipLow, 0),
    clipHigh: mean(({ clipHigh }) => clipHigh, 0),
    clipLowMin: Math.min(...all.map(({ clipLowMin }) => clipLowMin), all.length === 0 ? 0 : 1),
    clipHighMax: Math.max(...all.map(({ clipHighMax }) => clipHighMax), 0),
    ratio: mean(({ ratio }) => ratio, Number.NaN),
    agreement: all[0]?.agreement ?? null,
    gradientNorm: mean(({ gradientNorm }) => gradientNorm, 0),
    updates: all.length,
  };
}

/** Mean entropy of the sampled tokens' distributions, in nats. */
export function meanEntropy(rollouts: readonly Rollout[]): number {
  let [sum, count] = [0, 0];
  for (const { entropies } of rollouts) {
    for (const entropy of entropies) sum += entropy;
    count += entropies.length;
  }
  return count === 0 ? 0 : sum / count;
}
