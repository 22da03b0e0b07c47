// The smoothing of curves: an exponential moving average without the bias of its start (as in TensorBoard),
// s_t = w s_{t-1} + (1 - w) y_t, shown as s_t / (1 - w^t). Pure.

/** The smoothed values; `weight` from 0 (none) to below 1. */
export function smooth(values: readonly number[], weight: number): number[] {
  let mean = 0;
  let bias = 1;
  return values.map((value) => {
    mean = weight * mean + (1 - weight) * value;
    bias *= weight;
    return mean / (1 - bias);
  });
}

/** What the next value is shown as, after `count` values of which the last is shown as `last`. */
export function smoothedNext(last: number, count: number, value: number, weight: number): number {
  const mean = last * (1 - weight ** count);
  return (weight * mean + (1 - weight) * value) / (1 - weight ** (count + 1));
}
