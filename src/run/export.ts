// Metrics of a run as CSV (RFC 4180): one row a step, one column a metric, empty where a step has no value.

import type { MetricsLine } from './format.ts';

export function metricsCsv(lines: readonly MetricsLine[]): string {
  const names = [...new Set(lines.flatMap(({ values }) => Object.keys(values)))].sort();
  const header = ['step', 'time', ...names];
  const rows = lines.map(({ step, time, values }) => [step, time, ...names.map((name) => values[name] ?? '')]);
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
