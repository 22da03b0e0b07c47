// The functions that shape a number into a score. Evaluation (reward/) and the ranges of rules (ranges.ts) compute the
// same: each is monotone in each argument, so that a range maps to a range.

/** Rounds the decimal digits as they are written, so that 1.005 is 1.01 to two digits; halves away from zero. */
export function round(x: number, digits: number): number {
  const places = Math.min(Math.max(Math.trunc(digits), 0), 15);
  if (Math.abs(x) >= 1e21) return x;
  return Math.sign(x) * shift(Math.round(shift(Math.abs(x), places)), -places);
}

/** x · 10^places, exact in decimal digits. */
function shift(x: number, places: number): number {
  const [mantissa = '0', exponent = '0'] = x.toExponential().split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

export function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** On the line through (x0, y0) and (x1, y1), and never beyond y0 and y1; a step where x0 = x1. */
export function linear(x: number, x0: number, y0: number, x1: number, y1: number): number {
  const t = between(x, x0, x1);
  return t === 1 ? y1 : clamp(y0 + t * (y1 - y0), Math.min(y0, y1), Math.max(y0, y1));
}

/** y1 + (y0 - y1) (1 + cos(π t)) / 2, on half a wave from (x0, y0) to (x1, y1), and never beyond y0 and y1. */
export function cosine(x: number, x0: number, y0: number, x1: number, y1: number): number {
  const t = between(x, x0, x1);
  if (t === 0 || t === 1) return t === 0 ? y0 : y1;
  return clamp(y1 + ((y0 - y1) * (1 + Math.cos(Math.PI * t))) / 2, Math.min(y0, y1), Math.max(y0, y1));
}

/** How far x is from x0 to x1, 0 to 1. */
function between(x: number, x0: number, x1: number): number {
  return x0 === x1 ? (x > x0 ? 1 : 0) : clamp((x - x0) / (x1 - x0), 0, 1);
}
