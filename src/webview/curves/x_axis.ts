// The three x axes that curves can be drawn over: steps, seconds of training, tokens so far. A logarithmic one is linear
// below its first point (arcsinh), so that step 0, the model as it began, has its place. Pure.

import { countText, numberText } from '../../run/number_text.ts';
import type { RunView } from '../../run/view.ts';

export type XAxis = 'step' | 'time' | 'tokens';

/** Tokens that a run had seen by a step; NaN: it did not count them. */
export function tokensAt(run: RunView, step: number): number {
  if (step <= 0) return 0;
  const line = run.metrics.findLast((other) => other.step <= step) ?? run.metrics[0];
  return line?.values.num_tokens ?? Number.NaN;
}

/** Where an event or a step of a run lies. */
export function xOf(run: RunView, axis: XAxis, at: { step: number; time: number }): number {
  return axis === 'tokens' ? tokensAt(run, at.step) : at[axis];
}

/** Where a run's step lies, as far as the run says. */
export function xOfStep(run: RunView, axis: XAxis, step: number): number {
  if (axis === 'step') return step;
  const line = run.metrics.find((other) => other.step === step);
  return step <= 0 ? 0 : line ? xOf(run, axis, { step, time: line.time }) : Number.NaN;
}

/** From 0 to where the longest run has got. */
export function domainOf(runs: readonly RunView[], axis: XAxis): [number, number] {
  const ends = runs.flatMap((run) => {
    const places = [run.metrics.at(-1), run.events.at(-1)].filter((place) => place !== undefined);
    return places.map((place) => xOf(run, axis, place));
  });
  return [0, Math.max(1, ...ends.filter(Number.isFinite))];
}

/** A place on the axis in words: `120`, `1:05:00`, `1.2 M`. */
export function xText(axis: XAxis, value: number): string {
  if (axis === 'time') return clockText(value);
  return axis === 'tokens' && value >= 1e6 ? countText(value) : axis === 'tokens' ? numberText(value) : String(value);
}

/** `0:45`, `12:00`, `1:05:00`. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const pad = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Places for the labels of a logarithmic axis: 1, 2 and 5 times the powers of ten, and 0. */
export function logSplits(low: number, high: number): number[] {
  const splits = low <= 0 ? [0] : [];
  for (let power = Math.floor(Math.log10(Math.max(low, 1))); 10 ** power <= high; power++) {
    for (const digit of [1, 2, 5]) {
      const at = digit * 10 ** power;
      if (at >= low && at <= high && at > 0) splits.push(at);
    }
  }
  return splits;
}
