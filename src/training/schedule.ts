// The learning rate of a step, as Transformers' schedulers compute it (optimization.py): it rises from 0 through the
// warm-up's w steps, then stays, or falls to 0 at the last of T steps. With k = step - 1 updates made before:
//   k < w:  η k/w        then  constant: η    linear: η (T-k)/(T-w)    cosine: η (1 + cos(π (k-w)/(T-w)))/2
// So the first step of a warm-up changes nothing.

import type { TrainPlan } from '../spec/specification.ts';

/** `step` counts from 1; `steps` is the last one. */
export function learningRateAt(
  { learningRate, optimizer: { schedule, warmup } }: Pick<TrainPlan, 'learningRate' | 'optimizer'>,
  step: number,
  steps: number,
): number {
  const done = step - 1;
  if (done < warmup) return (learningRate * done) / warmup;
  const left = Math.max(1, steps - warmup);
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'linear':
      return learningRate * Math.max(0, (steps - done) / left);
    case 'cosine':
      return learningRate * Math.max(0, 0.5 * (1 + Math.cos((Math.PI * (done - warmup)) / left)));
  }
}
