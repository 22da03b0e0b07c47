// The curves as a table for other programs: one row for each run and step, one column for each metric (RFC 4180).
// Evaluations have their own columns at the steps they were made. Pure.

import { evaluationsOf, type RunView } from './view.ts';

export function csvOf(runs: readonly RunView[]): string {
  const metrics = [...new Set(runs.flatMap((run) => run.metrics.flatMap((line) => Object.keys(line.values))))];
  const held = ['motivation', 'none'] as const;
  const heldNames = held.flatMap((kind) => ['accuracy', 'low', 'high'].map((part) => `eval/${kind}/${part}`));
  const rows: (string | number)[][] = [['experiment', 'arm', 'seed', 'run', 'step', 'time', ...metrics, ...heldNames]];
  for (const run of runs) {
    const { experiment, arm, seed, id } = run.record;
    const lines = new Map(run.metrics.map((line) => [line.step, line]));
    const evaluations = held.map(
      (kind) => new Map(evaluationsOf(run.events, kind).map((event) => [event.step, event])),
    );
    const steps = new Set([...lines.keys(), ...evaluations.flatMap((events) => [...events.keys()])]);
    for (const step of [...steps].sort((a, b) => a - b)) {
      const line = lines.get(step);
      const found = evaluations.map((events) => events.get(step));
      const time = line?.time ?? found.find((event) => event)?.time ?? '';
      rows.push([
        experiment,
        arm,
        seed,
        id,
        step,
        time,
        ...metrics.map((name) => line?.values[name] ?? ''),
        ...found.flatMap((event): (string | number)[] => (event ? [event.accuracy, ...event.interval] : ['', '', ''])),
      ]);
    }
  }
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
