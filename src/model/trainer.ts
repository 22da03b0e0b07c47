// Updates a model on groups of responses to shared prompts, with a loss that the caller writes from the tokens'
// log-probabilities; and scores responses without an update, for a reference policy or for importance ratios.

import { keptBytes, SCORED_TOKENS } from '../spec/memory_estimate.ts';
import { Graph, type Node } from '../tensor/graph.ts';
import { compile } from '../tensor/onnxruntime.ts';
import type { DecoderConfig } from './config.ts';
import { decoderNodes, weightInputs } from './decoder.ts';
import { type Adapters, adapterUse, modelFeeds } from './lora.ts';
import {
  batchInputs,
  batchOf,
  batchSizes,
  divided,
  freeSizes,
  type InputNames,
  microBatches,
  type ResponseGroup,
} from './response_batch.ts';
import { sharedPromptResponses } from './sequence.ts';
import { elementTypes, type StoredWeights, trainable } from './stored.ts';
import { type Batch, type LossNodes, type Metrics, Updater, type UpdaterOptions } from './updater.ts';
import { modelShape } from './weights.ts';

/** What a loss is made of; N rows (P·G, padded rows have mask 0) of T tokens. */
export interface LossTerms {
  /** log π(token) at the temperature, [N, T] */
  readonly logProbabilities: Node;
  /** Entropy of the distribution of each token, [N, T] */
  readonly entropy: Node;
  /** 1 on response tokens, 0 on padding, [N, T] */
  readonly mask: Node;
  /** A named input: per token [N, T], per response [N, 1], scalar []. */
  given(name: string): Node;
}

export type LossFunction = (graph: Graph, terms: LossTerms) => LossNodes;

export interface TrainerOptions extends UpdaterOptions {
  readonly loss: LossFunction;
  /** The named inputs the loss reads. */
  readonly inputs?: InputNames;
  /** Default 1. */
  readonly temperature?: number;
  /** What a micro-batch may keep for its gradients; one that has more computes its blocks again. Default: all. */
  readonly activationBytes?: number;
}

export interface Trainer {
  /** Its state is saved with a checkpoint. */
  readonly updater: Updater;
  /** One update from one batch: forward, backward, clipping and AdamW in one program. */
  update(
    groups: readonly ResponseGroup[],
    learningRate: number,
    scalars?: Readonly<Record<string, number>>,
  ): Promise<Metrics>;
  /** Adds a micro-batch's gradient; the loss must already be divided by what the whole batch has. */
  accumulate(groups: readonly ResponseGroup[], scalars?: Readonly<Record<string, number>>): Promise<Metrics>;
  /** Updates from the accumulated gradients. Dropout draws anew for every micro-batch, by its number and the step's. */
  apply(learningRate: number): Promise<Metrics>;
  dispose(): Promise<void>;
}

interface TrainableModel {
  readonly config: DecoderConfig;
  readonly weights: StoredWeights;
  /** Where there are some, they are trained and the weights are frozen, in whatever type. */
  readonly adapters?: Adapters | null;
}

const DROPOUT_SEED = 'dropout_seed';

export function createTrainer({ config, weights, adapters }: TrainableModel, options: TrainerOptions): Trainer {
  const { temperature = 1, inputs: names = {}, loss, activationBytes = Number.POSITIVE_INFINITY } = options;
  const shape = modelShape(config);
  const dropout = adapters?.dropout ?? 0;
  let microBatch = 0;
  const updater = new Updater(
    adapters?.weights ?? trainable(weights),
    (graph, all, recompute) => {
      const sizes = freeSizes(graph);
      const inputs = batchInputs(graph, config, sizes, names);
      const drop = dropout > 0 ? { rate: dropout, seed: graph.input(DROPOUT_SEED, [], 'int32') } : undefined;
      const nodes = decoderNodes(graph, all, adapters ? adapterUse(adapters, drop) : undefined);
      const scores = sharedPromptResponses(graph, config, nodes, sizes, inputs, { recompute });
      const given = (name: string): Node => {
        const node = inputs.named.get(name);
        if (node === undefined) throw new RangeError(`the loss reads "${name}", which is not among the inputs`);
        return node;
      };
      return loss(graph, { ...scores, mask: inputs.mask, given });
    },
    adapters ? { ...options, frozen: weights } : options,
  );
  type Scalars = Readonly<Record<string, number>> | undefined;
  const prepare = (groups: readonly ResponseGroup[], scalars: Scalars): Batch => {
    const { feeds, sizes } = batchOf(config, groups, temperature, names, scalars);
    const recompute = keptBytes(shape, batchSizes(groups)) > activationBytes;
    if (dropout === 0) return { feeds, sizes, recompute };
    const seed = Int32Array.of(updater.step * 65_536 + microBatch++);
    return { feeds: { ...feeds, [DROPOUT_SEED]: seed }, sizes, recompute };
  };
  return {
    updater,
    update: (groups, learningRate, scalars) => {
      microBatch = 0;
      return updater.update(prepare(groups, scalars), learningRate);
    },
    accumulate: (groups, scalars) => updater.accumulate(prepare(groups, scalars)),
    apply: (learningRate) => {
      microBatch = 0;
      return updater.apply(learningRate);
    },
    dispose: () => updater.dispose(),
  };
}

export interface ResponseScores {
  readonly logProbabilities: Float32Array;
  readonly entropies: Float32Array;
}

export interface Scorer {
  /** For each group and response: log-probability and entropy of every token under the scorer's weights. */
  score(groups: readonly ResponseGroup[], temperature?: number): Promise<ResponseScores[][]>;
  dispose(): Promise<void>;
}

/** Scores responses by the model's weights as they are when asked; `tokensAtOnce` bounds the memory. */
export async function createScorer(
  { config, weights, adapters }: TrainableModel,
  { threads = 1, tokensAtOnce = SCORED_TOKENS }: { readonly threads?: number; readonly tokensAtOnce?: number } = {},
): Promise<Scorer> {
  const graph = new Graph();
  const sizes = freeSizes(graph);
  const shape = adapters ?? undefined;
  const nodes = decoderNodes(
    graph,
    weightInputs(graph, config, shape, elementTypes(weights)),
    shape && adapterUse(shape),
  );
  const scores = sharedPromptResponses(graph, config, nodes, sizes, batchInputs(graph, config, sizes));
  graph.output('log_probabilities', scores.logProbabilities);
  graph.output('entropies', scores.entropy);
  const program = await compile(graph, { threads });
  const scoreBatch = async (groups: readonly ResponseGroup[], temperature: number): Promise<ResponseScores[][]> => {
    const batch = batchOf(config, groups, temperature);
    const outputs = await program.run({ ...batch.feeds, ...modelFeeds({ weights, adapters }) }, {}, batch.sizes);
    const { group, responseLength } = batchSizes(groups);
    return groups.map(({ responses }, p) =>
      responses.map(({ tokens }, i) => {
        const start = (p * group + i) * responseLength;
        const part = (name: string) => Float32Array.from(outputs[name]?.subarray(start, start + tokens.length) ?? []);
        return { logProbabilities: part('log_probabilities'), entropies: part('entropies') };
      }),
    );
  };
  return {
    score: async (groups, temperature = 1) => {
      const parts = groups.map((group) => divided(group, tokensAtOnce));
      const results = new Map<ResponseGroup, ResponseScores[]>();
      for (const batch of microBatches(parts.flat(), tokensAtOnce)) {
        const scored = await scoreBatch(batch, temperature);
        batch.forEach((group, i) => {
          results.set(group, scored[i] ?? []);
        });
      }
      return parts.map((ofGroup) => ofGroup.flatMap((part) => results.get(part) ?? []));
    },
    dispose: () => program.dispose(),
  };
}
