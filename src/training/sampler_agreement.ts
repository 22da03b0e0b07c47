// Whether the sampler and the update see the same policy: the log-probabilities that decoding gave the tokens beside
// those that the first update computes before it changes anything. They should differ by rounding alone (and by the
// adapters' dropout, which only the update has); more is a fault of one of the two. TRL's `sampling/…` metrics:
//
//   sampling_logp_difference    |log π_update(o_t) − log π_sampler(o_t)|                       mean and max over tokens
//   importance_sampling_ratio   exp Σ_t (log π_update(o_t) − log π_sampler(o_t))               min, mean, max over responses
//
// The ratio is of the whole response, as in TRL's standard mode (`sequence_mask`); TRL corrects a mismatch by it, here it
// is only measured. Left out: responses whose update has another prompt than they were written under.

import type { LossFunction, LossTerms } from '../model/trainer.ts';
import type { Metrics } from '../model/updater.ts';
import type { Graph, Node } from '../tensor/graph.ts';

/** 1 for a response whose `old` log-probabilities are the sampler's, else 0. */
export const SAMPLED = 'sampled';

export interface SamplerAgreement {
  difference: { mean: number; max: number };
  ratio: { min: number; mean: number; max: number };
}

/** The loss, reporting the agreement too. */
export function withAgreement(loss: LossFunction): LossFunction {
  return (graph, terms) => {
    const { loss: value, metrics } = loss(graph, terms);
    return { loss: value, metrics: { ...metrics, ...agreementNodes(graph, terms) } };
  };
}

function agreementNodes(graph: Graph, { logProbabilities, mask, given }: LossTerms): Record<string, Node> {
  const sampled = given(SAMPLED); // [N, 1]
  const compared = graph.mul(mask, sampled); // [N, T]
  const difference = graph.mul(graph.sub(logProbabilities, given('old')), compared); // [N, T]
  const size = graph.max(difference, graph.neg(difference));
  const ratio = graph.exp(graph.sum(difference, [-1], true)); // [N, 1]; 1 where nothing is compared
  const isCompared = graph.greater(sampled, 0);
  return {
    compared_tokens: graph.sum(compared),
    compared_responses: graph.sum(sampled),
    difference_sum: graph.sum(size),
    difference_max: graph.maximum(size),
    ratio_sum: graph.sum(graph.mul(ratio, sampled)),
    // of positive numbers: 1/min is the greatest of their reciprocals
    ratio_inverse_max: graph.maximum(graph.where(isCompared, graph.reciprocal(ratio), 0)),
    ratio_max: graph.maximum(graph.where(isCompared, ratio, 0)),
  };
}

/** Over the micro-batches of an update; null: nothing was compared. */
export function agreementOf(batches: readonly Metrics[]): SamplerAgreement | null {
  const total = (name: string) => batches.reduce((sum, metrics) => sum + (metrics[name] ?? 0), 0);
  const most = (name: string) => Math.max(...batches.map((metrics) => metrics[name] ?? 0));
  const [tokens, responses] = [total('compared_tokens'), total('compared_responses')];
  if (tokens === 0) return null;
  return {
    difference: { mean: total('difference_sum') / tokens, max: most('difference_max') },
    ratio: { min: 1 / most('ratio_inverse_max'), mean: total('ratio_sum') / responses, max: most('ratio_max') },
  };
}

export function agreementMetrics(agreement: SamplerAgreement | null): Record<string, number> {
  if (agreement === null) return {};
  const { difference, ratio } = agreement;
  return {
    'sampling/sampling_logp_difference/mean': difference.mean,
    'sampling/sampling_logp_difference/max': difference.max,
    'sampling/importance_sampling_ratio/min': ratio.min,
    'sampling/importance_sampling_ratio/mean': ratio.mean,
    'sampling/importance_sampling_ratio/max': ratio.max,
  };
}
