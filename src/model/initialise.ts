// Random weights for pre-training: normal with standard deviation 0.02 for the embedding and 1/√fan-in for linear
// maps; maps into the residual stream are scaled by 1/√(2·layers) (Radford et al. 2019, GPT-2); norms one, biases
// zero. The same seed gives the same weights on any machine.

import { random } from '../spec/random.ts';
import { dimension, size } from '../tensor/shape.ts';
import type { DecoderConfig } from './config.ts';
import { EMBEDDING, parameterShapes, type Weights } from './weights.ts';

export function initialise(config: DecoderConfig, seed: number): Weights {
  const intoResidual = 1 / Math.sqrt(2 * config.layers);
  return new Map(
    [...parameterShapes(config)].map(([name, shape]) => {
      const data = new Float32Array(size(shape));
      const residual = name.endsWith('o_proj.weight') || name.endsWith('down_proj.weight');
      if (name.endsWith('norm.weight')) data.fill(1);
      else if (!name.endsWith('.bias')) {
        const rng = random(seed, name);
        const deviation = name === EMBEDDING ? 0.02 : 1 / Math.sqrt(dimension(shape, -1));
        for (let i = 0; i < data.length; i++) data[i] = rng.normal() * deviation * (residual ? intoResidual : 1);
      }
      return [name, { shape, data }];
    }),
  );
}
