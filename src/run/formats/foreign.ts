// A run that another program wrote, as this one keeps runs: a record, metric lines and rollouts by step. What it does not
// say is left open: its specification has a rule for each reward function, without cases that could be read.

import type { Rule, Specification, TrainPlan } from '../../spec/specification.ts';
import type { MetricsLine, RolloutLine, RunRecord } from '../format.ts';

export type ForeignFormat = 'tensorboard' | 'trl' | 'verl';

export interface ForeignRun {
  format: ForeignFormat;
  /** The folder it was read from. */
  path: string;
  experiment: string;
  arm: string;
  seed: number;
  /** Names of the reward functions whose scores rollouts carry; a metric has no part in the reward. */
  rules: { name: string; metric: boolean }[];
  metrics: MetricsLine[];
  rollouts: Map<number, RolloutLine[]>;
  /** Milliseconds since 1970. */
  created: number;
}

export const FORMAT_NAMES: Readonly<Record<ForeignFormat, string>> = {
  tensorboard: 'TensorBoard',
  trl: 'TRL',
  verl: 'verl',
};

export function recordOf(run: ForeignRun, id: string): RunRecord {
  const last = run.metrics.at(-1);
  const step = Math.max(0, last?.step ?? 0, ...run.rollouts.keys());
  return {
    format: 1,
    id,
    experiment: run.experiment,
    arm: run.arm,
    seed: run.seed,
    file: '',
    source: { format: run.format, path: run.path },
    specification: specificationOf(run, step),
    model: { name: FORMAT_NAMES[run.format], hash: '', parameters: 0 },
    engine: { name: FORMAT_NAMES[run.format], version: '', threads: 0 },
    versions: {},
    status: 'finished',
    step,
    steps: step,
    created: run.created,
    updated: run.created,
    trainedSeconds: last?.time ?? 0,
    pid: null,
    reason: null,
  };
}

const place = { line: 0, column: 0 };

function specificationOf(run: ForeignRun, steps: number): Specification {
  const train = planOf(run, steps);
  return {
    format: 1,
    name: run.experiment,
    doc: '',
    imports: [],
    task: { name: FORMAT_NAMES[run.format], arguments: {}, columns: [], source: null },
    prompt: { system: null, user: [] },
    captures: [],
    verifiers: [],
    judges: [],
    rules: run.rules.map(ruleOf),
    total: { kind: 'sum' },
    motivations: [],
    arms: [{ name: run.arm, motivation: null, train, place }],
    train,
    stages: [],
    watches: [],
    examples: [],
  };
}

/** One case whose score was computed elsewhere. */
function ruleOf({ name, metric }: ForeignRun['rules'][number]): Rule {
  const score = { kind: 'column', name } as const;
  return {
    name,
    title: name,
    doc: '',
    weight: metric ? 0 : 1,
    isMetric: metric,
    place,
    cases: [{ when: null, score, text: null, place }],
  };
}

/** What rollouts and metrics show of the plan; the rest is not known and stands at zero. */
function planOf(run: ForeignRun, steps: number): TrainPlan {
  const [first] = run.rollouts.values();
  const prompts = new Set(first?.map((line) => line.prompt_index)).size;
  return {
    model: FORMAT_NAMES[run.format],
    algorithm: 'grpo',
    objective: {},
    steps,
    prompts,
    group: prompts > 0 && first ? Math.round(first.length / prompts) : 0,
    maxResponse: 0,
    learningRate: run.metrics[0]?.values.learning_rate ?? 0,
    temperature: 1,
    lora: null,
    optimizer: {
      weightDecay: 0,
      maxGradNorm: 0,
      adamBeta1: 0,
      adamBeta2: 0,
      adamEpsilon: 0,
      schedule: 'constant',
      warmup: 0,
      microBatchTokens: 0,
    },
    seeds: [run.seed],
    evaluate: null,
  };
}

/** A response of another program as a line of ours; what it does not tell is empty. */
export function foreignRollout(
  given: Pick<RolloutLine, 'step' | 'prompt' | 'response' | 'reward' | 'advantage' | 'row'> & {
    scores: Record<string, number>;
    metrics: ReadonlySet<string>;
  },
): RolloutLine {
  const { scores, metrics, ...rest } = given;
  return {
    ...rest,
    prompt_index: 0,
    sample: 0,
    split: 'train',
    row_index: 0,
    captures: {},
    rules: Object.fromEntries(
      Object.entries(scores).map(([name, score]) => [name, { case: 0, score, weight: metrics.has(name) ? 0 : 1 }]),
    ),
    finish_reason: 'stop',
    token_ids: [],
    token_texts: [],
    log_probabilities: [],
    entropies: [],
  };
}

/** Puts responses to one prompt together and gives every prompt of the run its number. */
export function placed(lines: readonly RolloutLine[], known: Map<string, number>): RolloutLine[] {
  const groups = new Map<string, RolloutLine[]>();
  for (const line of lines) groups.set(line.prompt, [...(groups.get(line.prompt) ?? []), line]);
  return [...groups].flatMap(([prompt, group], prompt_index) => {
    const row_index = known.get(prompt) ?? known.size;
    known.set(prompt, row_index);
    return group.map((line, sample) => ({ ...line, prompt_index, sample, row_index }));
  });
}

/** The lines of a run by step; what its log leaves out of rewards is counted from the rollouts. */
export function metricsWith(
  logged: ReadonlyMap<number, { time: number; values: Record<string, number> }>,
  rollouts: ReadonlyMap<number, readonly RolloutLine[]>,
): MetricsLine[] {
  const steps = [...new Set([...logged.keys(), ...rollouts.keys()])].sort((a, b) => a - b);
  let time = 0;
  return steps.map((step) => {
    const line = logged.get(step);
    time = Math.max(time, line?.time ?? time);
    const found = { ...countedOf(rollouts.get(step) ?? []), ...line?.values };
    const values = Object.fromEntries(Object.entries(found).filter(([, value]) => Number.isFinite(value)));
    return { step, time, values };
  });
}

function countedOf(lines: readonly RolloutLine[]): Record<string, number> {
  const rewards = lines.flatMap(({ reward }) => reward ?? []);
  if (rewards.length === 0) return {};
  const groups = new Map<number, number[]>();
  for (const { prompt_index, reward } of lines) {
    if (reward !== null) groups.set(prompt_index, [...(groups.get(prompt_index) ?? []), reward]);
  }
  const spreads = [...groups.values()].map(deviation);
  const values: Record<string, number> = {
    reward: average(rewards),
    reward_std: average(spreads),
    frac_reward_zero_std: average(spreads.map((spread) => (spread < 1e-9 ? 1 : 0))),
  };
  for (const name of new Set(lines.flatMap(({ rules }) => Object.keys(rules)))) {
    const scores = lines.flatMap(({ rules }) => rules[name]?.score ?? []);
    values[`rewards/${name}/mean`] = average(scores);
    values[`rewards/${name}/std`] = deviation(scores);
  }
  return values;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample (n − 1), as TRL's; of a single value 0. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
