// A curve with no more points than a chart can show: of every stretch of steps the lowest and the highest value, and of
// the whole the first and the last, so that no extreme is lost. Pure.

/** Points of a curve beyond which it is reduced; twice the pixels of a wide chart on a fine screen. */
export const MOST_POINTS = 2000;

/** The places of the values that are kept, ascending; of those from a place on and before another. */
export function reduced(
  values: readonly number[],
  from = 0,
  to = values.length,
  most = MOST_POINTS,
): readonly number[] {
  const length = to - from;
  if (length <= most) return Array.from({ length }, (_, i) => from + i);
  const stretches = Math.floor((most - 2) / 2);
  const kept = new Set([from, to - 1]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const begin = from + Math.floor((stretch * length) / stretches);
    const end = from + Math.floor(((stretch + 1) * length) / stretches);
    let [low, high] = [begin, begin];
    for (let i = begin; i < end; i++) {
      const value = values[i] ?? 0;
      if (value < (values[low] ?? 0)) low = i;
      if (value > (values[high] ?? 0)) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}
