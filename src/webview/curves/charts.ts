// Which charts there are and what is in them: from runs to small multiples, in reading order (what is wanted first,
// then what may go wrong, then the machinery). Names known from TRL get a title and a hint; any other metric of the
// run is drawn under its own name after them, so that nothing a run wrote is hidden. Pure.

import { evaluationsOf, type RunView } from '../../run/view.ts';
import type { Text } from '../text.ts';

/** One line or one set of points; `x`, `y` equally long, `steps` the step of each point. */
export interface Curve {
  folder: string;
  kind: 'line' | 'motivation' | 'none';
  steps: number[];
  times: number[];
  values: number[];
  /** 95% intervals of evaluation points, else empty. */
  intervals: (readonly [number, number])[];
}

export interface Chart {
  id: string;
  title: string;
  hint: string;
  unit: 'plain' | 'share';
  curves: Curve[];
  /** Horizontal lines to compare with, for example the accuracy of the best constant answer. */
  guides: { value: number; label: string }[];
}

/** The chart of the evaluations, which are events and not a metric. */
export const HELD_OUT = 'held-out accuracy';

type Known = [name: string, key: keyof Text['metrics'], unit: Chart['unit']];
const FIRST: Known[] = [
  ['reward', 'reward', 'plain'],
  ['accuracy', 'accuracy', 'share'],
];
const THEN: Known[] = [
  ['kl', 'kl', 'plain'],
  ['entropy', 'entropy', 'plain'],
  ['completions/mean_length', 'length', 'plain'],
  ['completions/clipped_ratio', 'truncated', 'share'],
  ['reward_std', 'rewardStd', 'plain'],
  ['frac_reward_zero_std', 'zeroStd', 'share'],
  ['grad_norm', 'gradNorm', 'plain'],
  ['clip_ratio/region_mean', 'clipRatio', 'share'],
];
const LAST: Known[] = [
  ['loss', 'loss', 'plain'],
  ['learning_rate', 'learningRate', 'plain'],
  ['step_time', 'stepTime', 'plain'],
];

/** The charts of some runs, without those that would be empty. */
export function chartsOf(runs: readonly RunView[], text: Text): Chart[] {
  const named = (list: Known[]): Chart[] =>
    list.map(([name, key, unit]) => {
      const entry = text.metrics[key];
      const [title, hint] = typeof entry === 'function' ? entry(name) : entry;
      return metricChart(runs, name, title ?? name, hint ?? '', unit);
    });
  const first = [heldOutChart(runs, text), ...named(FIRST), ...ruleCharts(runs, text, 'mean')];
  const last = [...ruleCharts(runs, text, 'std'), ...named(LAST)];
  const known = new Set([...first, ...named(THEN), ...last].map((chart) => chart.id));
  const others = metricNames(runs)
    .filter((name) => !known.has(name))
    .map((name) => metricChart(runs, name, name, '', 'plain'));
  return [...first, ...named(THEN), ...others, ...last].filter((chart) => chart.curves.length > 0);
}

/** Charts whose title or metric name contains every word of the filter. */
export function matching(charts: readonly Chart[], filter: string): Chart[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return charts.filter((chart) => words.every((word) => `${chart.title} ${chart.id}`.toLowerCase().includes(word)));
}

function metricNames(runs: readonly RunView[]): string[] {
  const names = new Set<string>();
  for (const run of runs) for (const line of run.metrics) for (const name of Object.keys(line.values)) names.add(name);
  return [...names];
}

function metricChart(runs: readonly RunView[], id: string, title: string, hint: string, unit: Chart['unit']): Chart {
  return { id, title, hint, unit, curves: runs.flatMap((run) => metricCurve(run, id)), guides: [] };
}

function metricCurve(run: RunView, name: string): Curve[] {
  const curve: Curve = { folder: run.folder, kind: 'line', steps: [], times: [], values: [], intervals: [] };
  for (const line of run.metrics) {
    const value = line.values[name];
    if (value === undefined) continue;
    curve.steps.push(line.step);
    curve.times.push(line.time);
    curve.values.push(value);
  }
  return curve.steps.length > 0 ? [curve] : [];
}

function ruleCharts(runs: readonly RunView[], text: Text, part: 'mean' | 'std'): Chart[] {
  const titles = new Map<string, string>();
  for (const run of runs) for (const rule of run.record.specification.rules) titles.set(rule.name, rule.title);
  return [...titles].map(([name, title]) => {
    const [shown, hint] = part === 'mean' ? text.metrics.ruleMean(title) : text.metrics.ruleStd(title);
    return metricChart(runs, `rewards/${name}/${part}`, shown, hint, 'plain');
  });
}

function heldOutChart(runs: readonly RunView[], text: Text): Chart {
  const [title, hint] = text.metrics.heldOut;
  const chart: Chart = { id: HELD_OUT, title, hint, unit: 'share', curves: [], guides: [] };
  const constants = new Set<number>();
  for (const run of runs) {
    for (const kind of ['motivation', 'none'] as const) {
      const points = evaluationsOf(run.events, kind);
      if (points.length === 0) continue;
      chart.curves.push({
        folder: run.folder,
        kind,
        steps: points.map((point) => point.step),
        times: points.map((point) => point.time),
        values: points.map((point) => point.accuracy),
        intervals: points.map((point) => point.interval),
      });
      for (const point of points) if (point.constant !== null) constants.add(Number(point.constant.toFixed(4)));
    }
  }
  chart.guides = [...constants].map((value) => ({ value, label: text.constantGuess }));
  return chart;
}
