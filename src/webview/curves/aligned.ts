// Several curves on one x axis, as uPlot takes them: the union of their x values in order, and for each curve a value
// or null at each of them. And the smoothing: an exponential moving average without the bias of its start (as in
// TensorBoard), s_t = w s_{t-1} + (1 - w) y_t, shown as s_t / (1 - w^t). Pure.

/** One curve's points; x need not be sorted, and the last of equal x counts. */
export interface Points {
  x: readonly number[];
  y: readonly number[];
}

/** First the x values, ascending, then one list of equal length for each curve. */
export function align(curves: readonly Points[]): { x: number[]; ys: (number | null)[][] } {
  const x = [...new Set(curves.flatMap((curve) => [...curve.x]))].sort((a, b) => a - b);
  const place = new Map(x.map((value, index) => [value, index]));
  const ys = curves.map((curve) => {
    const column: (number | null)[] = new Array<number | null>(x.length).fill(null);
    curve.x.forEach((value, index) => {
      const at = place.get(value);
      const y = curve.y[index];
      if (at !== undefined && y !== undefined && Number.isFinite(y)) column[at] = y;
    });
    return column;
  });
  return { x, ys };
}

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

/** Index of the last value that is not null at or before `index`, else of the first after it; null: all are null. */
export function nearestIndex(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let at = Math.min(index, column.length - 1); at >= 0; at--) if (column[at] != null) return at;
  for (let at = index + 1; at < column.length; at++) if (column[at] != null) return at;
  return null;
}
