// Several curves on one x axis, as uPlot takes them: the union of their x values in order, and for each curve a value
// or null at each of them. Pure.

/** One curve's points; x need not be sorted, and the last of equal x counts. */
export interface Points {
  x: readonly number[];
  y: readonly number[];
}

/** First the x values, ascending, then one list of equal length for each curve. */
export function align(curves: readonly Points[]): { x: number[]; ys: (number | null)[][] } {
  const [first] = curves;
  // a large run's curves share one list
  if (first && curves.every(({ x }) => x === first.x) && isAscending(first.x))
    return { x: [...first.x], ys: curves.map(({ y }) => y.map(orNull)) };
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

function isAscending(x: readonly number[]): boolean {
  return x.every((value, i) => i === 0 || (x[i - 1] ?? value) < value);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Index of the last value that is not null at or before `index`, else of the first after it; null: all are null. */
export function nearestIndex(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let at = Math.min(index, column.length - 1); at >= 0; at--) if (column[at] != null) return at;
  for (let at = index + 1; at < column.length; at++) if (column[at] != null) return at;
  return null;
}
