// Which rollouts a click on a chart means: the line whose point is nearest to the cursor, and of a mean the run whose own
// value is. Pure: where a value lies on the screen is asked.

import type { RolloutSet } from '../../run/view.ts';
import type { LineStyle } from './plot_options.ts';
import type { XAxis } from './x_axis.ts';

/** `top` null: only x counts (the keyboard's cursor has no height). */
export function nearestPoint(
  styles: readonly LineStyle[],
  axis: XAxis,
  cursor: { left: number; top: number | null },
  position: (value: number, axis: 'x' | 'y') => number,
): { folder: string; set: RolloutSet } | null {
  let best: { distance: number; style: LineStyle; step: number } | null = null;
  for (const style of styles) {
    const { x, y, steps } = style.line;
    const at = indexNear(x, cursor.left, (value) => position(value, 'x'));
    const [left, height, step] = [x[at], y[at], steps[at]];
    if (left === undefined || height === undefined || step === undefined) continue;
    const away = Math.abs(position(left, 'x') - cursor.left);
    const distance = away + (cursor.top === null ? 0 : Math.abs(position(height, 'y') - cursor.top));
    if (!best || distance < best.distance) best = { distance, style, step };
  }
  if (!best) return null;
  const { line } = best.style;
  const { step } = best;
  let member: { folder: string; distance: number } | null = null;
  for (const curve of line.members) {
    const index = curve.x.step.indexOf(step);
    const value = curve.values[index];
    if (value === undefined || !Number.isFinite(curve.x[axis][index])) continue;
    const distance = cursor.top === null ? 0 : Math.abs(position(value, 'y') - cursor.top);
    if (!member || distance < member.distance) member = { folder: curve.folder, distance };
  }
  return member && { folder: member.folder, set: { kind: line.kind === 'line' ? 'train' : line.kind, step } };
}

function indexNear(x: readonly number[], left: number, position: (value: number) => number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  x.forEach((value, index) => {
    const away = Math.abs(position(value) - left);
    if (away < least) [best, least] = [index, away];
  });
  return best;
}
