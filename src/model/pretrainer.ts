// Supervised training on whole sequences: the mean cross-entropy of the next token, weighted per token (so that a
// prompt can count less than the answer, or not at all):
//   L = Σ w · -log π(target) / Σ w

import type { DecoderConfig } from './config.ts';
import { decoderNodes } from './decoder.ts';
import { sequence, sequenceFeeds, sequenceInputs } from './sequence.ts';
import { type Batch, type Metrics, Updater, type UpdaterOptions } from './updater.ts';
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

export function createPretrainer(
  { config, weights }: { readonly config: DecoderConfig; readonly weights: Weights },
  options: UpdaterOptions = {},
): Pretrainer {
  const updater = new Updater(
    weights,
    (graph, nodes) => {
      const [batch, length] = [graph.freeDimension('batch'), graph.freeDimension('length')];
      const inputs = sequenceInputs(graph, config, { batch, length, kept: graph.freeDimension('kept') });
      const share = graph.input('weights', [batch, length]);
      const { logProbabilities } = sequence(graph, config, decoderNodes(graph, nodes), inputs);
      const total = graph.max(graph.sum(share), 1e-6);
      return { loss: graph.neg(graph.div(graph.sum(graph.mul(logProbabilities, share)), total)), metrics: {} };
    },
    options,
  );
  return {
    updater,
    update: (rows, learningRate) => updater.update(batchOf(config, rows), learningRate),
    dispose: () => updater.dispose(),
  };
}

function batchOf(config: DecoderConfig, rows: readonly SupervisedRow[]): Batch {
  const length = Math.max(1, ...rows.map((row) => row.tokens.length - 1));
  const [tokens, targets] = [new Int32Array(rows.length * length), new Int32Array(rows.length * length)];
  const weights = new Float32Array(rows.length * length);
  rows.forEach((row, r) => {
    for (let i = 0; i + 1 < row.tokens.length; i++) {
      tokens[r * length + i] = row.tokens[i] ?? 0;
      targets[r * length + i] = row.tokens[i + 1] ?? 0;
      weights[r * length + i] = row.weights === undefined ? 1 : (row.weights[i + 1] ?? 0);
    }
  });
  const lengths = rows.map((row) => Math.max(0, row.tokens.length - 1));
  const derived = sequenceFeeds(config, lengths, length);
  return {
    feeds: { tokens, targets, weights, ...derived },
    sizes: { batch: rows.length, length, kept: derived.places.length },
  };
}
