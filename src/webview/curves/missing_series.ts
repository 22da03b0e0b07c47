// Which metrics of a large run the panel still has to ask for: those of the charts that are near the window's view, each
// once. Of a run that is too long to be here with every point, the part that is zoomed into is asked for again, and all
// of it where it is to be smoothed otherwise.

import { MOST_POINTS } from '../../run/metrics/reduced.ts';
import type { CurvesState } from '../messages.ts';
import { type DrawnRun, isWhole } from './run_curves.ts';
import { xOf } from './x_axis.ts';

/** Metrics that are asked for at once. */
const AT_ONCE = 40;

export type AskForSeries = (folder: string, names: string[], range: [number, number] | null, smoothing: number) => void;
type Seen = Pick<CurvesState, 'zoom' | 'x' | 'smoothing'>;

export interface MissingSeries {
  /** Asks for what is missing of these metrics; whether there is anything to wait for. `then` is called when it is there. */
  ask(runs: readonly DrawnRun[], names: readonly string[], state: Seen, then?: () => void): boolean;
  /** One of the questions has been answered. */
  answered(): void;
  /** The runs were sent anew: nothing has been asked of them. */
  forget(): void;
}

export function missingSeries(ask: AskForSeries): MissingSeries {
  const asked = new Set<string>();
  let open = 0;
  let waiting: (() => void)[] = [];
  return {
    ask(runs, names, state, then) {
      for (const run of runs) {
        if (!run.names) continue;
        const there = new Set(run.names);
        const range = rangeOf(run, state);
        const keyOf = (name: string) => JSON.stringify([run.folder, name, range, isLong(run) ? state.smoothing : 0]);
        const isHere = (name: string) => {
          const curve = run.curves?.get(name);
          return curve !== undefined && isWhole(curve);
        };
        const wanted = names.filter((name) => there.has(name) && !isHere(name) && !asked.has(keyOf(name)));
        for (const name of wanted) asked.add(keyOf(name));
        for (let at = 0; at < wanted.length; at += AT_ONCE) {
          open++;
          ask(run.folder, wanted.slice(at, at + AT_ONCE), range, state.smoothing);
        }
      }
      if (open > 0 && then) waiting.push(then);
      return open > 0;
    },
    answered() {
      open = Math.max(0, open - 1);
      if (open > 0) return;
      const ready = waiting;
      waiting = [];
      for (const then of ready) then();
    },
    forget() {
      asked.clear();
      open = 0;
      waiting = [];
    },
  };
}

function isLong({ record }: DrawnRun): boolean {
  return record.step > MOST_POINTS;
}

/** The steps that the zoom shows, and one to either side; null: all of them are asked for at once. */
function rangeOf(run: DrawnRun, { zoom, x }: Seen): [number, number] | null {
  if (zoom === null || !isLong(run)) return null;
  const before = run.metrics.findLast((line) => xOf(run, x, line) < zoom[0]);
  const after = run.metrics.find((line) => xOf(run, x, line) > zoom[1]);
  return [before?.step ?? 0, after?.step ?? run.record.step];
}
