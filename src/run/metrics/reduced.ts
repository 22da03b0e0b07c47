// A curve with no more points than a chart can show: of every stretch of steps the lowest and the highest value, and of
// the whole the first and the last, so that no extreme is lost. Pure.

/** Points of a curve beyond which it is reduced; twice the pixels of a wide chart on a fine screen. */
export const MOST_POINTS = 2000;

/** The places of the values that are kept, ascending. */
export function reduced(values: readonly number[], most = MOST_POINTS): number[] {
  if (values.length <= most) return values.map((_, i) => i);
  const stretches = Math.floor((most - 2) / 2);
  const kept = new Set([0, values.length - 1]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * values.length) / stretches);
    const to = Math.floor(((stretch + 1) * values.length) / stretches);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      const value = values[i] ?? 0;
      if (value < (values[low] ?? 0)) low = i;
      if (value > (values[high] ?? 0)) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}
