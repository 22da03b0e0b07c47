// The mean of a few runs and how sure it is: Student's 95 % interval, mean ± t(0.975, n − 1) · s / √n, which is honest
// about two or three seeds. It takes the runs' values to be independent and about normal. Pure.

export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export function student975(degrees: number): number {
  // Beyond the table: Cornish and Fisher's first terms, exact to three digits from there on.
  return T975[degrees - 1] ?? 1.96 + 2.372 / degrees + 2.823 / degrees ** 2;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** null: fewer than two values say nothing about their spread. */
export function meanInterval(values: readonly number[]): Interval | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  const half = student975(values.length - 1) * Math.sqrt(variance / values.length);
  return { mean: centre, low: centre - half, high: centre + half };
}

/** The mean of paired differences, `a` minus `b`, with its interval. */
export function pairedInterval(pairs: readonly (readonly [a: number, b: number])[]): Interval | null {
  return meanInterval(pairs.map(([a, b]) => a - b));
}
