// The curves as a table for other programs: one row for each run and step, one column for each metric (RFC 4180).
// Evaluations have their own columns at the steps they were made. Pure, and made row by row: a long run's table is longer
// than what else is known of it.

import type { EventLine, RunRecord } from './format.ts';
import { evaluationsOf, type RunView } from './view.ts';

/** A metric's points; all lists are equally long. */
interface Points {
  readonly step: readonly number[];
  readonly time: readonly number[];
  readonly values: readonly number[];
}

/** A run whose metrics are asked for one by one. */
export interface RunColumns {
  readonly record: RunRecord;
  readonly events: readonly EventLine[];
  readonly metrics: { names(): string[]; series(name: string): Points };
}

export function csvOf(runs: readonly RunView[]): string {
  return [...csvRows(runs.map(columnsOf))].join('');
}

export function* csvRows(runs: readonly RunColumns[]): Generator<string> {
  const metrics = [...new Set(runs.flatMap((run) => run.metrics.names()))];
  const held = ['motivation', 'none'] as const;
  const heldNames = held.flatMap((kind) => ['accuracy', 'low', 'high'].map((part) => `eval/${kind}/${part}`));
  yield rowOf(['experiment', 'arm', 'seed', 'run', 'step', 'time', ...metrics, ...heldNames]);
  for (const { record, events, metrics: own } of runs) {
    const { experiment, arm, seed, id } = record;
    const evaluations = held.map((kind) => new Map(evaluationsOf(events, kind).map((event) => [event.step, event])));
    const times = new Map(evaluations.flatMap((made) => [...made].map(([step, { time }]) => [step, time])));
    const points = metrics.map((name) => own.series(name));
    for (const { step, time } of points) for (const [i, at] of step.entries()) times.set(at, time[i] ?? Number.NaN);
    const steps = [...times.keys()].sort((a, b) => a - b);
    const places = new Map(steps.map((step, place) => [step, place]));
    const columns = points.map((series) => aligned(series, places));
    for (const [place, step] of steps.entries()) {
      yield rowOf([
        ...[experiment, arm, seed, id, step, times.get(step) ?? ''],
        ...columns.map((column) => known(column[place])),
        ...evaluations.flatMap((made): (string | number)[] => {
          const event = made.get(step);
          return event ? [event.accuracy, ...event.interval] : ['', '', ''];
        }),
      ]);
    }
  }
}

/** The values by the places of their steps; NaN where there is none. */
function aligned({ step, values }: Points, places: ReadonlyMap<number, number>): Float64Array {
  const column = new Float64Array(places.size).fill(Number.NaN);
  step.forEach((at, i) => {
    column[places.get(at) ?? -1] = values[i] ?? Number.NaN;
  });
  return column;
}

function known(value = Number.NaN): number | '' {
  return Number.isNaN(value) ? '' : value;
}

function columnsOf({ record, events, metrics: lines }: RunView): RunColumns {
  const points = (name: string): Points => {
    const having = lines.filter(({ values }) => Object.hasOwn(values, name));
    return {
      step: having.map(({ step }) => step),
      time: having.map(({ time }) => time),
      values: having.map(({ values }) => values[name] ?? Number.NaN),
    };
  };
  const names = () => [...new Set(lines.flatMap(({ values }) => Object.keys(values)))];
  return { record, events, metrics: { names, series: points } };
}

function rowOf(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
