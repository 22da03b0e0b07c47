// A stage's gate: conditions on the metrics of its last steps. All must hold in each of those steps, or what comes
// after the stage does not begin.

import type { EventLine, MetricsLine } from '../../run/format.ts';
import { numberText } from '../../run/number_text.ts';
import type { Gate } from '../../spec/specification.ts';
import { conditionHolds, metricName } from './watch.ts';

export type GateEvent = Extract<EventLine, { kind: 'gate' }>;

/** `lines` are the run's steps in their order. */
export function lookAtGate(
  gates: readonly Gate[],
  lines: readonly MetricsLine[],
): Pick<GateEvent, 'open' | 'conditions'> {
  const conditions = gates.map((gate) => {
    const looked = lines.slice(-Math.max(1, gate.forSteps));
    const values = looked.flatMap(({ values }) => values[metricName(gate)] ?? []);
    const complete = values.length === Math.max(1, gate.forSteps);
    return { text: gateText(gate), values, holds: complete && values.every((value) => conditionHolds(value, gate)) };
  });
  return { open: conditions.every(({ holds }) => holds), conditions };
}

/** `accuracy > 5% for 3 steps was 0.02, 0.03, 0.06`, of each condition that does not hold. */
export function whyClosed({ conditions }: Pick<GateEvent, 'conditions'>): string {
  const missed = conditions.filter(({ holds }) => !holds);
  return missed
    .map(({ text, values }) => `${text} (${values.length === 0 ? 'not measured' : values.map(numberText).join(', ')})`)
    .join('; ');
}

/** As written, without the words before the condition. */
function gateText({ text }: Gate): string {
  return text.replace(/^pass\s+when\s+/, '');
}
