// A rule's weight at a step of training: a number, or a straight line between two that ends after some steps.
//
//   weight(t) = from + (to - from) · min((t - 1) / (steps - 1), 1)      t = 1, 2, … ; `to` at once where steps is 1

import type { Weight } from './specification.ts';

/** `step` counts from 1; null: at the end of the schedule, as a finished model is judged. */
export function weightAt(weight: Weight, step: number | null): number {
  if (typeof weight === 'number') return weight;
  const { from, to, steps } = weight;
  if (step === null || step >= steps) return to;
  return from + ((to - from) * (Math.max(step, 1) - 1)) / (steps - 1);
}

/** As it is written: `0.5`, `0 -> 1 over 100 steps`. */
export function weightText(weight: Weight): string {
  return typeof weight === 'number' ? String(weight) : `${weight.from} -> ${weight.to} over ${weight.steps} steps`;
}
