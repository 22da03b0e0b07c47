// Supervised training on whole sequences: the mean cross-entropy of the next token, weighted per token (so that a
// prompt can count less than the answer, or not at all):
//   L = Σ w · -log π(target) / Σ w

import type { DecoderConfig } from './config.ts';
import { weightOf } from './decoder.ts';
import { sequence } from './sequence.ts';
import { type Bucket, type Feeds, type Metrics, Updater, type UpdaterOptions } from './updater.ts';
import type { Weights } from './weights.ts';

export interface SupervisedRow {
  readonly tokens: readonly number[];
  /** Weight of predicting tokens[i]; the first is never predicted. Missing means 1. */
  readonly weights?: ArrayLike<number>;
}

export interface Pretrainer {
  readonly updater: Updater;
  /** One update on a batch. Metrics: `loss` and `gradient_norm`. */
  update(rows: readonly SupervisedRow[], learningRate: number): Promise<Metrics>;
  dispose(): Promise<void>;
}

/** Lengths are padded to a multiple of `lengthStep` (default 32), and a program is made for each. */
export function createPretrainer(
  model: { readonly config: DecoderConfig; readonly weights: Weights },
  options: UpdaterOptions & { readonly lengthStep?: number } = {},
): Pretrainer {
  const updater = new Updater(model.weights, { maxGradientNorm: 1, ...options });
  return {
    updater,
    update: async (rows, learningRate) => {
      const longest = Math.max(...rows.map((row) => row.tokens.length - 1));
      const lengthStep = options.lengthStep ?? 32;
      const length = Math.max(1, Math.ceil(longest / lengthStep)) * lengthStep;
      return updater.update(bucket(model.config, rows.length, length), feeds(rows, length), learningRate);
    },
    dispose: () => updater.dispose(),
  };
}

function bucket(config: DecoderConfig, batch: number, length: number): Bucket {
  return {
    key: `sequence ${batch}x${length}`,
    build: (graph, weights) => {
      const shape = [batch, length];
      const [tokens, targets] = [graph.input('tokens', shape, 'int32'), graph.input('targets', shape, 'int32')];
      const share = graph.input('weights', shape);
      const { logProbabilities } = sequence(graph, config, weightOf(weights), tokens, targets);
      const total = graph.max(graph.sum(share), 1e-6);
      const loss = graph.neg(graph.div(graph.sum(graph.mul(logProbabilities, share)), total));
      return { loss, metrics: {} };
    },
  };
}

function feeds(rows: readonly SupervisedRow[], length: number): Feeds {
  const [tokens, targets] = [new Int32Array(rows.length * length), new Int32Array(rows.length * length)];
  const weights = new Float32Array(rows.length * length);
  rows.forEach((row, r) => {
    for (let i = 0; i + 1 < row.tokens.length; i++) {
      tokens[r * length + i] = row.tokens[i] ?? 0;
      targets[r * length + i] = row.tokens[i + 1] ?? 0;
      weights[r * length + i] = row.weights === undefined ? 1 : (row.weights[i + 1] ?? 0);
    }
  });
  return { tokens, targets, weights };
}
