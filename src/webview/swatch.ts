// The sign of a run beside its name: a piece of its line (whole, dashed, dotted), or a point of its evaluations.

import { element } from './element.ts';

export function swatch(kind: 'line' | 'point' | 'open', colour: string, dash: readonly number[]): HTMLElement {
  const made = element('i', { class: 'swatch', 'data-kind': kind, 'aria-hidden': 'true' });
  made.style.color = colour;
  if (dash.length > 0) made.dataset.dash = dash.length > 2 || (dash[0] ?? 0) < 4 ? 'dot' : 'dash';
  return made;
}
