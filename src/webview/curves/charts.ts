// Which charts there are and what is in them: from runs to small multiples, in reading order (what is wanted first,
// then what may go wrong, then the machinery). Names known from TRL get a title and a hint; any other metric of the
// run is drawn under its own name after them, so that nothing a run wrote is hidden. Pure.
// A curve keeps the x of its points on every axis; which curves become one line is lines.ts.

import { FIRST_METRICS, type FirstMetric, THEN_METRICS } from '../../run/metrics/first_metrics.ts';
import { scoreText } from '../../run/number_text.ts';
import { type EvaluationLine, evaluationsOf, type RunView } from '../../run/view.ts';
import type { Rule } from '../../spec/specification.ts';
import type { Text } from '../text.ts';
import { type DrawnRun, isWhole } from './run_curves.ts';
import { tokensAt, type XAxis } from './x_axis.ts';

/** One run's points; all lists are equally long. */
export interface Curve {
  folder: string;
  kind: 'line' | 'motivation' | 'none';
  /** Evaluation under the prompt the run is trained with: drawn whole; under the other prompt: drawn open. */
  own: boolean;
  x: Record<XAxis, readonly number[]>;
  values: readonly number[];
  /** Of a curve with fewer points than the run has: as it was smoothed with all of them. */
  smoothed?: readonly number[];
  /** 95% intervals of evaluation points, else empty. */
  intervals: (readonly [number, number])[];
}

export interface Chart {
  id: string;
  title: string;
  hint: string;
  unit: 'plain' | 'share';
  /** What is looked at every day, and what is folded away. */
  part: 'main' | 'more';
  curves: Curve[];
  /** Horizontal lines to compare with: the accuracy of the best constant answer, and of one by chance. */
  guides: { value: number; label: string }[];
}

/** The chart of the evaluations, which are events and not a metric. */
export const HELD_OUT = 'held-out accuracy';

type Known = [name: string, key: keyof Text['metrics'], unit: Chart['unit']];
const KNOWN: Record<FirstMetric, [key: keyof Text['metrics'], unit: Chart['unit']]> = {
  reward: ['reward', 'plain'],
  accuracy: ['accuracy', 'share'],
  kl: ['kl', 'plain'],
  entropy: ['entropy', 'plain'],
  'completions/mean_length': ['length', 'plain'],
  'completions/clipped_ratio': ['truncated', 'share'],
  reward_std: ['rewardStd', 'plain'],
  frac_reward_zero_std: ['zeroStd', 'share'],
  grad_norm: ['gradNorm', 'plain'],
  'clip_ratio/region_mean': ['clipRatio', 'share'],
};
const known = (name: FirstMetric): Known => [name, ...KNOWN[name]];
const FIRST = FIRST_METRICS.map(known);
const THEN = THEN_METRICS.map(known);
const LAST: Known[] = [
  ['completions/min_length', 'minLength', 'plain'],
  ['completions/max_length', 'maxLength', 'plain'],
  ['completions/mean_terminated_length', 'endedLength', 'plain'],
  ['num_tokens', 'tokens', 'plain'],
  ['loss', 'loss', 'plain'],
  ['learning_rate', 'learningRate', 'plain'],
  ['sampling/sampling_logp_difference/mean', 'samplerGap', 'plain'],
  ['sampling/sampling_logp_difference/max', 'samplerGapMost', 'plain'],
  ['sampling/importance_sampling_ratio/min', 'samplerRatioLeast', 'plain'],
  ['sampling/importance_sampling_ratio/mean', 'samplerRatio', 'plain'],
  ['sampling/importance_sampling_ratio/max', 'samplerRatioMost', 'plain'],
  ['step_time', 'stepTime', 'plain'],
];

/** The charts of some runs, without those that would be empty. Of a large run points may still be on their way. */
export function chartsOf(runs: readonly DrawnRun[], text: Text): Chart[] {
  const named = (list: Known[]): Chart[] =>
    list.map(([name, key, unit]) => {
      const [title, hint] = text.metrics[key];
      return metricChart(runs, name, title, hint, unit);
    });
  const main = [
    heldOutChart(runs, text),
    ...accuracyGuides(named(FIRST), runs, text),
    ...passCharts(runs, text),
    ...ruleCharts(runs, text, 'mean'),
    ...named(THEN),
  ];
  const ofRules = [...caseCharts(runs, text), ...ruleCharts(runs, text, 'share'), ...ruleCharts(runs, text, 'std')];
  const more = [...ofRules, ...named(LAST)];
  const ids = new Set([...main, ...more].map((chart) => chart.id));
  const announced = new Set(runs.flatMap((run) => run.names ?? []));
  const others = metricNames(runs)
    .filter((name) => !ids.has(name))
    .map((name) => metricChart(runs, name, name, '', 'plain'));
  return [...main, ...[...more, ...others].map((chart): Chart => ({ ...chart, part: 'more' }))].filter(
    ({ id, curves }) => curves.length > 0 || announced.has(id),
  );
}

/** Charts whose title or metric name contains every word of the filter. */
export function matching(charts: readonly Chart[], filter: string): Chart[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return charts.filter((chart) => words.every((word) => `${chart.title} ${chart.id}`.toLowerCase().includes(word)));
}

function metricNames(runs: readonly DrawnRun[]): string[] {
  const names = new Set<string>();
  for (const run of runs) {
    for (const line of run.metrics) for (const name of Object.keys(line.values)) names.add(name);
    for (const name of run.names ?? []) names.add(name);
  }
  return [...names];
}

function metricChart(runs: readonly DrawnRun[], id: string, title: string, hint: string, unit: Chart['unit']): Chart {
  return { id, title, hint, unit, part: 'main', curves: runs.flatMap((run) => metricCurve(run, id)), guides: [] };
}

function metricCurve(run: DrawnRun, name: string): Curve[] {
  const curve = { folder: run.folder, kind: 'line' as const, own: true, intervals: [] };
  const sent = run.curves?.get(name);
  if (sent) {
    const { places, values, smoothed } = sent;
    const tokens = places.tokens.length > 0 ? places.tokens : places.step.map(() => Number.NaN);
    const whole = smoothed && !isWhole(sent) ? { smoothed: smoothed.values } : {};
    return [{ ...curve, x: { ...places, tokens }, values, ...whole }];
  }
  // the lines of a large run have only some points of a few
  if (run.names) return [];
  const lines = run.metrics.filter((line) => line.values[name] !== undefined);
  const x = {
    step: lines.map((line) => line.step),
    time: lines.map((line) => line.time),
    tokens: lines.map((line) => line.values.num_tokens ?? Number.NaN),
  };
  return lines.length > 0 ? [{ ...curve, x, values: lines.map((line) => line.values[name] ?? 0) }] : [];
}

type RulePart = 'mean' | 'std' | 'share';

function ruleCharts(runs: readonly DrawnRun[], text: Text, part: RulePart): Chart[] {
  return rulesOf(runs).map(({ name, title }) => {
    const id = part === 'share' ? `share/${name}` : `rewards/${name}/${part}`;
    const [shown, hint] = text.rules[part](title);
    return metricChart(runs, id, shown, hint, part === 'share' ? 'share' : 'plain');
  });
}

/** How often each case fired, under the score it gives. */
function caseCharts(runs: readonly DrawnRun[], text: Text): Chart[] {
  return rulesOf(runs).flatMap(({ name, title, cases }) =>
    cases.map(({ score, text: wording }, index) => {
      const sign = score.kind === 'number' ? scoreText(score.value) : `${index + 1}`;
      const [shown, hint] = text.rules.case(`${title} ${sign}`, wording ?? text.otherwise);
      return metricChart(runs, `cases/${name}/${index}`, shown, hint, 'share');
    }),
  );
}

/** The rules of all runs, each name once, as the last run states it. */
function rulesOf(runs: readonly RunView[]): Rule[] {
  return [...new Map(runs.flatMap((run) => run.record.specification.rules.map((rule) => [rule.name, rule]))).values()];
}

function heldOutChart(runs: readonly RunView[], text: Text): Chart {
  const [title, hint] = text.metrics.heldOut;
  const curves = evaluationCurves(runs, ({ accuracy, interval }) => ({ share: accuracy, interval }));
  return { id: HELD_OUT, title, hint, unit: 'share', part: 'main', curves, guides: guidesOf(runs, text) };
}

/** Where rows are answered several times: how often one of k answers is right. */
function passCharts(runs: readonly RunView[], text: Text): Chart[] {
  const ks = new Set(evaluationsIn(runs).flatMap(({ pass_at = [] }) => pass_at.map(({ k }) => k)));
  const [title, hint] = text.metrics.passAt;
  return [...ks]
    .filter((k) => k > 1)
    .sort((a, b) => a - b)
    .map((k) => ({
      ...{ id: `held-out pass@${k}`, title: `${title}${k}`, hint, unit: 'share', part: 'main', guides: [] },
      curves: evaluationCurves(runs, ({ pass_at = [] }) => pass_at.find((one) => one.k === k) ?? null),
    }));
}

/** One curve for each run and prompt it was evaluated under; `read` gives null where a point has no such number. */
function evaluationCurves(
  runs: readonly RunView[],
  read: (point: EvaluationLine) => { share: number; interval: readonly [number, number] } | null,
): Curve[] {
  return runs.flatMap((run) => {
    const { arm, specification } = run.record;
    const motivated = specification.arms.find(({ name }) => name === arm)?.motivation != null;
    return (['motivation', 'none'] as const).flatMap((kind): Curve[] => {
      const points = evaluationsOf(run.events, kind).flatMap((point) => {
        const found = read(point);
        return found === null ? [] : [{ ...point, ...found }];
      });
      if (points.length === 0) return [];
      return [
        {
          folder: run.folder,
          kind,
          own: motivated === (kind === 'motivation'),
          x: {
            step: points.map((point) => point.step),
            time: points.map((point) => point.time),
            tokens: points.map((point) => tokensAt(run, point.step)),
          },
          values: points.map((point) => point.share),
          intervals: points.map((point) => point.interval),
        },
      ];
    });
  });
}

/** What knowing nothing gets on the held-out rows, which the training rows are like. */
function guidesOf(runs: readonly RunView[], text: Text): Chart['guides'] {
  const evaluations = evaluationsIn(runs);
  const distinct = (values: readonly (number | null | undefined)[], label: string) =>
    [...new Set(values.flatMap((value) => (value == null ? [] : [Number(value.toFixed(4))])))].map((value) => ({
      value,
      label,
    }));
  return [
    ...distinct(
      evaluations.map(({ constant }) => constant),
      text.constantGuess,
    ),
    ...distinct(
      evaluations.map(({ chance }) => chance),
      text.chanceGuess,
    ),
  ];
}

function accuracyGuides(charts: Chart[], runs: readonly RunView[], text: Text): Chart[] {
  const guides = guidesOf(runs, text);
  return charts.map((chart) => (chart.id === 'accuracy' ? { ...chart, guides } : chart));
}

function evaluationsIn(runs: readonly RunView[]): EvaluationLine[] {
  return runs.flatMap(({ events }) => events.flatMap((event) => (event.kind === 'evaluation' ? [event] : [])));
}
