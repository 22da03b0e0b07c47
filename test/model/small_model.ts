// A decoder small enough for the reference executor, with random weights that are far from symmetric.

import type { DecoderConfig } from '../../src/model/config.ts';
import { initialise } from '../../src/model/initialise.ts';
import type { Weights } from '../../src/model/weights.ts';
import { random } from '../../src/spec/random.ts';

export const smallConfig: DecoderConfig = {
  architecture: 'Qwen2ForCausalLM',
  vocabularySize: 11,
  hiddenSize: 8,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 2,
  intermediateSize: 6,
  attentionBias: 'qkv',
  rmsNormEpsilon: 1e-6,
  rope: { theta: 100, scaling: null },
  tiedEmbeddings: true,
  maxPositions: 64,
  endTokens: [0],
};

/** A model whose every parameter matters: biases and norms are random too. */
export function smallModel(seed = 1, config = smallConfig): { config: DecoderConfig; weights: Weights } {
  const weights = initialise(config, seed);
  const rng = random(seed, 'perturbation');
  for (const { data } of weights.values())
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) + 0.3 * rng.normal();
  return { config, weights };
}

/** The largest difference of a weight. */
export function difference(a: Weights, b: Weights): number {
  return Math.max(
    ...[...a].map(([name, { data }]) =>
      data.reduce((most, x, i) => Math.max(most, Math.abs(x - (b.get(name)?.data[i] ?? NaN))), 0),
    ),
  );
}
