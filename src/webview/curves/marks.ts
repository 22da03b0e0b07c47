// What happened to the runs, as signs on the charts: alerts, gates, restarts, checkpoints, evaluations, and which
// checkpoint is the best by now. Pure; overlay.ts draws them.

import { alertText } from '../../run/alarm_words.ts';
import { numberText } from '../../run/number_text.ts';
import type { RunView } from '../../run/view.ts';
import type { Text } from '../text.ts';
import { type XAxis, xOf } from './x_axis.ts';

export const MARK_KINDS = ['alert', 'gate', 'restart', 'checkpoint', 'evaluation', 'best'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** Something that happened to a run at a place on the x axis. */
export interface Mark {
  kind: MarkKind;
  x: number;
  label: string;
  colour: string;
}

/** What happened to a run; `name` and `colour` are the run's. */
export function marksOf(run: RunView, name: string, colour: string, axis: XAxis, text: Text): Mark[] {
  const seen = new Set<string>();
  const best = run.events.filter((event) => event.kind === 'best').at(-1);
  return run.events.flatMap((event): Mark[] => {
    if (event.kind === 'best' && event !== best) return [];
    const words = happening(event, text);
    if (words === null) return [];
    const mark = { kind: words.kind, x: xOf(run, axis, event), colour, label: `${name}: ${words.label}` };
    const key = `${mark.kind} ${mark.x} ${mark.label}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [mark];
  });
}

function happening(event: RunView['events'][number], text: Text): { kind: MarkKind; label: string } | null {
  switch (event.kind) {
    case 'alert':
      return { kind: 'alert', label: alertText(event, text.language) };
    case 'gate':
      return { kind: 'gate', label: event.open ? text.gateOpen : text.gateClosed };
    case 'started':
      return event.resumed ? { kind: 'restart', label: `${text.marks.restart} ${event.step}` } : null;
    case 'checkpoint':
      return { kind: 'checkpoint', label: `${text.marks.checkpoint} ${event.step}` };
    case 'evaluation':
      return event.step === 0 ? null : { kind: 'evaluation', label: `${text.marks.evaluation} ${event.step}` };
    case 'best':
      return { kind: 'best', label: `${text.marks.best} ${event.step} (${event.metric} ${numberText(event.value)})` };
    default:
      return null;
  }
}
