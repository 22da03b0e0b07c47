// The same AdamW step as optimizer.ts on arrays, in place. It reads and writes each number once and needs no other
// memory, while a program's results would be copied by ONNX Runtime's binding: the weights and both moments, at every
// step. The arithmetic is float64, stored as float32. Left out: threads.

import type { AdamWOptions } from './optimizer.ts';

export interface Stepped {
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Weight decay is for matrices. */
  readonly isMatrix: boolean;
}

/** Updates weights and moments; `step` counts from 1. Returns the norm of the gradient before clipping. */
export function stepAdamW(
  parameters: readonly Stepped[],
  { learningRate, step }: { readonly learningRate: number; readonly step: number },
  options: AdamWOptions = {},
): number {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, maxGradientNorm = 1 } = options;
  const norm = Math.sqrt(parameters.reduce((sum, { gradient }) => sum + squares(gradient), 0));
  const scale = Number.isFinite(maxGradientNorm) ? Math.min(1, maxGradientNorm / (norm + 1e-6)) : 1;
  const [correction1, correction2] = [1 - beta1 ** step, 1 - beta2 ** step];
  for (const { weight, gradient, first, second, isMatrix } of parameters) {
    const decay = isMatrix ? weightDecay : 0;
    for (let i = 0; i < weight.length; i++) {
      const w = weight[i] ?? 0;
      const g = (gradient[i] ?? 0) * scale;
      const m = beta1 * (first[i] ?? 0) + (1 - beta1) * g;
      const v = beta2 * (second[i] ?? 0) + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      weight[i] = w - learningRate * (m / correction1 / (Math.sqrt(v / correction2) + epsilon) + decay * w);
    }
  }
  return norm;
}

function squares(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) ** 2;
  return sum;
}
