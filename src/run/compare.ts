// Two or more runs side by side: the settings that differ, and how far their metrics are apart. Runs of one arm are the
// seeds of a side; if all are of one arm, every run is a side. A difference has an interval where there is something to
// judge it by: over pairs of equal seeds (paired t), else over the seeds of both sides (Welch's t), else, for held-out
// accuracies of single runs, over the rows (Newcombe's from Wilson's intervals). Pure.

import { objectiveOf } from '../spec/objective.ts';
import { planOfRun } from '../spec/stage.ts';
import { type Interval, mean, meanInterval, pairedInterval, student975 } from './interval.ts';
import { scoreText } from './number_text.ts';
import { armLabel, type EvaluationLine, evaluationsOf, type RunView } from './view.ts';

export interface Side {
  name: string;
  runs: RunView[];
}

export function sidesOf(runs: readonly RunView[]): Side[] {
  const several = new Set(runs.map(({ record }) => record.experiment)).size > 1;
  const nameOf = ({ record }: RunView) => (several ? `${record.experiment} · ${armLabel(record)}` : armLabel(record));
  const names = [...new Set(runs.map(nameOf))];
  if (names.length > 1) return names.map((name) => ({ name, runs: runs.filter((run) => nameOf(run) === name) }));
  const seeds = new Set(runs.map(({ record }) => record.seed)).size === runs.length;
  return runs.map((run) => ({ name: seeds ? `${nameOf(run)} · ${run.record.seed}` : run.record.id, runs: [run] }));
}

export interface Setting {
  name: string;
  /** Of each side; null: it has none. Values of seeds that differ are listed. */
  values: (string | null)[];
  differs: boolean;
}

/** All settings, in the order of the first side's. */
export function settingsOf(sides: readonly Side[]): Setting[] {
  const tables = sides.map(({ runs }) => {
    const all = runs.map((run) => settingsOfRun(run));
    const names = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
    return new Map(names.map((name) => [name, [...new Set(all.flatMap((one) => one.get(name) ?? []))].join(', ')]));
  });
  const names = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  return names.map((name) => {
    const values = tables.map((table) => table.get(name) ?? null);
    return { name, values, differs: new Set(values).size > 1 };
  });
}

function settingsOfRun({ record }: RunView): Map<string, string> {
  const { specification, model, engine, versions, data, file, seed } = record;
  const plan = planOfRun(specification, record);
  const arm = specification.arms.find(({ name }) => name === record.arm);
  const found = new Map<string, string>();
  const put = (name: string, value: unknown): void => {
    if (value === undefined || value === '') return;
    if (typeof value !== 'object' || value === null) found.set(name, value === null ? 'none' : String(value));
    else if (Array.isArray(value)) found.set(name, value.map(String).join(', '));
    else for (const [key, inner] of Object.entries(value)) put(name === '' ? key : `${name}.${key}`, inner);
  };
  put('motivation', arm?.motivation ?? null);
  const { objective: _, model: named, seeds: _seeds, ...rest } = plan;
  put('', { model: named, ...rest, steps: record.steps });
  put('objective', objectiveOf(plan));
  put('seed', seed);
  put('model', { parameters: model.parameters, hash: model.hash.slice(0, 19) });
  put('task', { name: specification.task.name, ...specification.task.arguments });
  for (const rule of specification.rules) {
    const cases = rule.cases.map(
      ({ score, text }) => `${score.kind === 'number' ? scoreText(score.value) : 'ƒ'} ${text ?? ''}`,
    );
    put(`rule ${rule.name}`, cases.map((words) => words.trim()).join('; '));
    put(`rule ${rule.name}.weight`, typeof rule.weight === 'number' ? rule.weight : JSON.stringify(rule.weight));
  }
  put('file', file);
  put('data', data?.hash.slice(0, 19));
  put('engine', { name: engine.name, version: engine.version, threads: engine.threads });
  put('version', versions);
  return found;
}

/** A side's value of a metric: the mean over its runs. */
export interface SideValue {
  value: number;
  /** Over the runs, or over the rows of a single one; null: one number by itself. */
  interval: readonly [number, number] | null;
  runs: number;
}

/** How a difference was judged; `none`: there is nothing to judge it by. */
export type Judged = 'paired' | 'seeds' | 'rows' | 'none';

export interface Difference {
  value: number;
  interval: readonly [number, number] | null;
  judged: Judged;
  /** Pairs of equal seeds. */
  pairs: number;
}

export interface Compared {
  sides: (SideValue | null)[];
  /** Each later side minus the first. */
  differences: (Difference | null)[];
}

/** Steps whose mean is compared: single steps are noisy. */
export const LAST_STEPS = 10;

/** The last step that every run has got to. */
export function commonStep(sides: readonly Side[]): number {
  return Math.min(...sides.flatMap(({ runs }) => runs.map((run) => run.metrics.at(-1)?.step ?? 0)));
}

/** A metric over the last steps up to `step`. */
export function compareMetric(sides: readonly Side[], name: string, step: number): Compared {
  return compared(
    sides.map(({ runs }) =>
      runs.flatMap((run) => {
        const values = run.metrics.flatMap((line) =>
          line.step <= step && line.step > step - LAST_STEPS ? (line.values[name] ?? []) : [],
        );
        return values.length > 0 ? [{ seed: run.record.seed, value: mean(values), interval: null }] : [];
      }),
    ),
  );
}

/** Held-out accuracy under a prompt, at the last step at which all were evaluated; null: there is no such step. */
export function compareHeldOut(
  sides: readonly Side[],
  prompt: EvaluationLine['prompt'],
): { step: number; compared: Compared } | null {
  const all = sides.map(({ runs }) => runs.map((run) => ({ run, points: evaluationsOf(run.events, prompt) })));
  const asked = all.map((side) => side.filter(({ points }) => points.length > 0)).filter((side) => side.length > 0);
  const [first] = asked.flat();
  const steps = first?.points.map((point) => point.step) ?? [];
  const step = steps.findLast((at) => asked.flat().every(({ points }) => points.some((point) => point.step === at)));
  if (step === undefined) return null;
  const found = all.map((side) =>
    side.flatMap(({ run, points }) => {
      const point = points.find((one) => one.step === step);
      return point ? [{ seed: run.record.seed, value: point.accuracy, interval: point.interval }] : [];
    }),
  );
  return { step, compared: compared(found) };
}

interface RunValue {
  seed: number;
  value: number;
  interval: readonly [number, number] | null;
}

function compared(sides: readonly (readonly RunValue[])[]): Compared {
  const [first, ...others] = sides;
  return {
    sides: sides.map(sideValue),
    differences: others.map((other) =>
      first && first.length > 0 && other.length > 0 ? difference(first, other) : null,
    ),
  };
}

function sideValue(runs: readonly RunValue[]): SideValue | null {
  const [only] = runs;
  if (!only) return null;
  if (runs.length === 1) return { value: only.value, interval: only.interval, runs: 1 };
  const found = meanInterval(runs.map(({ value }) => value));
  return { value: mean(runs.map(({ value }) => value)), interval: found && [found.low, found.high], runs: runs.length };
}

function difference(first: readonly RunValue[], other: readonly RunValue[]): Difference {
  const pairs = other.flatMap((run) => {
    const same = first.find((one) => one.seed === run.seed);
    return same ? [[run.value, same.value] as const] : [];
  });
  const value = mean(other.map((run) => run.value)) - mean(first.map((run) => run.value));
  const whole = pairs.length === first.length && pairs.length === other.length;
  const paired = whole ? pairedInterval(pairs) : null;
  if (paired) return { value, interval: bounds(paired), judged: 'paired', pairs: pairs.length };
  const welch = welchInterval(
    other.map((run) => run.value),
    first.map((run) => run.value),
  );
  if (welch) return { value, interval: bounds(welch), judged: 'seeds', pairs: pairs.length };
  const rows = first.length === 1 && other.length === 1 ? newcombe(other[0], first[0]) : null;
  return { value, interval: rows, judged: rows ? 'rows' : 'none', pairs: pairs.length };
}

function bounds({ low, high }: Interval): [number, number] {
  return [low, high];
}

/** Welch's interval of a difference of means; the degrees of freedom are rounded down. null: a side has one value. */
export function welchInterval(a: readonly number[], b: readonly number[]): Interval | null {
  if (a.length < 2 || b.length < 2) return null;
  const centre = mean(a) - mean(b);
  const [va, vb] = [squaredError(a), squaredError(b)];
  if (va + vb === 0) return { mean: centre, low: centre, high: centre };
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  // of values that are almost equal the squares of their errors are zero
  const whole = Number.isFinite(degrees) ? Math.max(1, Math.floor(degrees)) : Math.min(a.length, b.length) - 1;
  const half = student975(whole) * Math.sqrt(va + vb);
  return { mean: centre, low: centre - half, high: centre + half };
}

/** s² / n */
function squaredError(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length;
}

/** Newcombe 1998, method 10: a difference of independent shares from their Wilson intervals. */
function newcombe(a: RunValue | undefined, b: RunValue | undefined): [number, number] | null {
  if (!a?.interval || !b?.interval) return null;
  const centre = a.value - b.value;
  const down = Math.hypot(a.value - a.interval[0], b.interval[1] - b.value);
  const up = Math.hypot(a.interval[1] - a.value, b.value - b.interval[0]);
  return [centre - down, centre + up];
}
