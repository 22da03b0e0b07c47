// A checked specification as plain data (JSON): what every part except language/ reads. Nothing here refers to
// syntax, files or models; a run keeps a snapshot of it, so it must stay readable by later versions (`format`).

import type { Expression, ValueType } from './expression.ts';

export interface Specification {
  format: 1;
  /** The experiment's name, as written after `experiment`. */
  name: string;
  /** The file's `///` comment before `experiment`, or ''. */
  doc: string;
  /** Files whose captures, rules, verifiers, judges and motivations stand before this file's own; paths as written. */
  imports: string[];
  task: Task;
  prompt: Prompt;
  captures: Capture[];
  verifiers: Verifier[];
  judges: Judge[];
  /** In the order of the file; a rule may read only the rules before it. */
  rules: Rule[];
  total: Total;
  motivations: Motivation[];
  arms: Arm[];
  train: TrainPlan;
  /** Small runs before the real one, in the order of the file. */
  stages: Stage[];
  watches: Watch[];
  examples: Example[];
}

/** A place in the source file; lines and columns count from 0, as in the Language Server Protocol. */
export interface Place {
  line: number;
  column: number;
  /** The imported file it is in, its path as written in the import; left out: the file itself. */
  file?: string;
}

// ---------------------------------------------------------------- task and prompt

export interface Task {
  name: string;
  /** Arguments as written: `knights_and_knaves(people: 3..7, train: 4500)`; a range is {from, to}, both inclusive. */
  arguments: Record<string, number | string | boolean | { from: number; to: number }>;
  columns: Column[];
  /** Where rows are read from: `task jsonl("problems.jsonl", test: 10%)`; null: a built-in task makes them. */
  source: DataSource | null;
}

export interface DataSource {
  format: 'jsonl' | 'csv' | 'parquet';
  /** As written; relative to the folder of the .merf file. */
  path: string;
  split: Split;
}

export type Split =
  /** A column of the file says `train` or `test` for each row. */
  | { kind: 'column'; column: string }
  /** This part of the rows, 0 to 1, is held out; which ones follows from the seed. */
  | { kind: 'fraction'; test: number; seed: number };

export interface Column {
  name: string;
  type: ValueType;
  /** A secret column may be used in rewards, never in a prompt, a motivation or an example's text. */
  secret: boolean;
  doc: string;
}

export interface Prompt {
  system: Template | null;
  user: Template;
}

/** Text with holes. A line of which only an empty motivation remains is dropped when it is rendered. */
export type Template = TemplatePart[];

export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'column'; name: string }
  /** In a prompt: where the arm's motivation goes. */
  | { kind: 'motivation' }
  /** In a judge's prompt: an argument of the call. */
  | { kind: 'parameter'; name: string }
  /** In a motivation: the rules' rendered wording and scores. */
  | { kind: 'rules' }
  /** In a motivation: the least and the most that the shown rules can add up to. */
  | { kind: 'rewardMin' }
  | { kind: 'rewardMax' }
  /** In a motivation: how the shown rules make the total ("the sum of the scores"). */
  | { kind: 'total' };

// ---------------------------------------------------------------- response, rules

/** A named part of the response, found by one of the extractors; `none` when it is not there. */
export interface Capture {
  name: string;
  extractor: Extractor;
  /** Of its value: the extractor's own, or what `as` makes of the text it found. */
  type: ValueType;
  place: Place;
}

/** `from`: the capture in whose text it looks; null: the whole response. Where several fit, the last one counts. */
export type Extractor =
  /** Text inside `<tag>…</tag>`. */
  | { kind: 'tag'; from: string | null; tag: string }
  /** The first group of the pattern (RE2 syntax), or all of the match where it has none. */
  | { kind: 'regex'; from: string | null; pattern: string }
  /** The trimmed text after a marker. */
  | { kind: 'after'; from: string | null; marker: string }
  | { kind: 'last_number'; from: string | null }
  /** Text inside `\\boxed{…}`, braces balanced. */
  | { kind: 'boxed'; from: string | null }
  /** A JSON value: the text itself, a fenced block of it, or the last balanced `{…}` or `[…]`. */
  | { kind: 'json'; from: string | null }
  /** A fenced code block, of a language or (null) of any. */
  | { kind: 'code_block'; from: string | null; language: string | null }
  /** The one option that occurs as whole words, whatever its case; none where none or several do. */
  | { kind: 'choice'; from: string | null; options: string[] | { column: string } }
  /** The lines that are not blank, trimmed. */
  | { kind: 'lines'; from: string | null }
  /** Name-to-value pairs found by a pattern with two holes (see reward/assignments.ts). */
  | { kind: 'assignments'; from: string; pattern: string };

// ---------------------------------------------------------------- what is asked outside: verifiers and judges

/** What a verifier or a judge may answer; any other answer makes the sample invalid. A bool counts as 0 or 1. */
export type ExternalResult = { kind: 'bool' } | { kind: 'text' } | { kind: 'number'; min: number; max: number };

/** `verifier run_tests(code, cases): 0..1 from "./verify.py" timeout 5s memory 512MB`. */
export interface Verifier {
  name: string;
  doc: string;
  parameters: string[];
  result: ExternalResult;
  /** A JavaScript module (.js, .mjs) or a Python script (.py), as written; relative to the folder of the .merf file. */
  script: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  place: Place;
}

/** A model behind an OpenAI-compatible endpoint that is asked for a number, a yes or no, or a text. */
export interface Judge {
  name: string;
  doc: string;
  parameters: string[];
  result: ExternalResult;
  /** Base address: `https://api.openai.com/v1`. */
  endpoint: string;
  model: string;
  /** Name of the environment variable or of VS Code's secret that holds the key; null: none is sent. */
  key: string | null;
  system: Template | null;
  prompt: Template;
  temperature: number;
  timeoutSeconds: number;
  retries: number;
  concurrency: number;
  /** Dollars for a million tokens; null: cost is not counted. */
  price: { input: number; output: number } | null;
  place: Place;
}

// ---------------------------------------------------------------- rules

export interface Rule {
  name: string;
  /** What the model reads as the rule's name. */
  title: string;
  doc: string;
  cases: Case[];
  weight: Weight;
  /** `metric` in place of a weight: measured and shown in panels, weight 0, and not told to the model. */
  isMetric: boolean;
  place: Place;
}

/** A number, or `0 -> 1 over 100 steps`: on a straight line from the first step to `steps`, then `to`. */
export type Weight = number | { from: number; to: number; steps: number };

/** How the rules' scores, each times its weight, make the reward. In the expression a rule's name is score times weight. */
export type Total = { kind: 'sum' } | { kind: 'product' } | { kind: 'expression'; expression: Expression };

/** Cases are tried from the top; the first whose condition holds gives the score. `when: null` is `otherwise`. */
export interface Case {
  when: Expression | null;
  score: Expression;
  /** What the model reads for this case; null: the model is not told. */
  text: string | null;
  place: Place;
}

// ---------------------------------------------------------------- motivation, arms

export interface Motivation {
  name: string;
  doc: string;
  template: Template;
  /** Names of the rules it shows, in the rules' order. */
  rules: string[];
  /** True: every number it shows is negated (the paper's adverse motivation). */
  inverted: boolean;
  /** What of each case it shows. */
  shows: 'all' | 'scores' | 'criteria';
  placement: Placement;
  visibility: Visibility;
  place: Place;
}

/**
 * Where the motivation stands. `template`: wherever the prompt has `{motivation}`. `system`, `user`: at `{motivation}`
 * of that message only, or at its end where it has none. `before`, `after`: the user's first or last paragraph.
 */
export type Placement = 'template' | 'system' | 'user' | 'before' | 'after';

/** Who of a group reads the motivation, and when (RuscaRL, arXiv 2508.16949). */
export interface Visibility {
  /** Part of a group that reads it, 0 to 1; `graded`: sample i of G reads the first (G - i)/(G - 1) of the rules. */
  share: number | 'graded';
  /** Sigmoid over the run, λ(t) = 1 / (1 + exp(steepness · (t - middle))) with t = step / steps; null: no decay. */
  decay: { middle: number; steepness: number } | null;
  /** Under which prompt log-probabilities and update are computed. */
  update: 'with' | 'without';
}

export interface Arm {
  name: string;
  /** A motivation's name; null: the arm's prompt carries none (plain RLVR). */
  motivation: string | null;
  /** The plan with this arm's own settings in place. */
  train: TrainPlan;
  place: Place;
}

// ---------------------------------------------------------------- plan

export interface TrainPlan {
  /** `bundled:tiny`, a folder, or a hub id. */
  model: string;
  algorithm: Algorithm;
  /** What the plan says of its objective; what is left out follows from the algorithm (objective.ts). */
  objective: ObjectivePlan;
  steps: number;
  /** Prompts per step. */
  prompts: number;
  /** Responses per prompt. */
  group: number;
  /** Most tokens of a response. */
  maxResponse: number;
  learningRate: number;
  temperature: number;
  /** null: full fine-tuning. */
  lora: LoraPlan | null;
  optimizer: OptimizerPlan;
  seeds: number[];
  /** Whether the built-in watches are on; left out: they are. */
  alarms?: 'on' | 'off';
  evaluate: Evaluation | null;
  /** What the plan says of checkpoints; what is left out is as in checkpoints.ts. */
  checkpoint?: CheckpointPlan;
}

export interface CheckpointPlan {
  /** Steps between two. */
  every?: number;
  /** How many of the last are kept. */
  last?: number;
  /** The best by this is kept. */
  best?: 'accuracy' | 'reward';
  /** Those of every so many steps are kept. */
  milestones?: number;
}

/** Low-rank adapters (arXiv 2106.09685) trained in place of the weights. */
export interface LoraPlan {
  rank: number;
  /** The adapters' product is multiplied by alpha / rank. */
  alpha: number;
  /** Part of the adapters' input that is dropped while training. */
  dropout: number;
  /** `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, `up_proj`, `down_proj`. */
  modules: string[];
}

/** AdamW (arXiv 1711.05101), the clipping before it and the course of the learning rate. */
export interface OptimizerPlan {
  weightDecay: number;
  /** The gradient is scaled down to this norm; 0: it is left as it is. */
  maxGradNorm: number;
  adamBeta1: number;
  adamBeta2: number;
  adamEpsilon: number;
  schedule: 'constant' | 'linear' | 'cosine';
  /** Steps in which the learning rate rises from 0. */
  warmup: number;
  /** Response tokens of one forward and backward pass; gradients are added up over them. */
  microBatchTokens: number;
}

export type Algorithm = 'grpo' | 'dr_grpo' | 'dapo' | 'gspo' | 'rloo' | 'reinforce_plus_plus';

/** What advantages and loss are made of; docs/objectives.md has the equations. */
export interface Objective {
  /** What a response is compared with, and in which unit (training/advantages.ts). */
  advantage: 'group' | 'centered' | 'batch' | 'leave_one_out' | 'whitened';
  /** Whose probability ratio is clipped: each token's, the geometric mean of a response's, or the whole response's. */
  ratio: 'token' | 'geometric' | 'response';
  /** What counts the same: every token, every response, or every place up to the limit of tokens. */
  aggregation: 'token' | 'response' | 'limit';
  /** The ratio is clipped to [1 - clip, 1 + clipHigh]. */
  clip: number;
  clipHigh: number;
  /** Coefficient of the divergence from the starting model; 0: it is not asked. */
  kl: number;
  klIn: 'loss' | 'reward';
  /** How often a batch of rollouts is gone through, and in how many updates each time. */
  updates: number;
  miniBatches: number;
  entropyBonus: number;
  /** What becomes of a response that was cut at the limit. */
  truncated: 'keep' | 'mask';
  /** What becomes of a group whose rewards are all equal. */
  zeroVariance: 'keep' | 'filter' | 'resample';
  /** The last part of the limit, in tokens, over which a penalty grows from 0 to 1; 0: none. */
  overlong: number;
}

export type ObjectivePlan = Partial<Objective>;

export interface Evaluation {
  everySteps: number;
  /** Under which prompts held-out rows are answered. */
  withMotivation: boolean;
  withoutMotivation: boolean;
  /** Answers to each row; left out: one. */
  samples?: number;
}

/** `stage pilot { steps 30  pass when accuracy > 5% }`: a run of its own before the real one, which needs its gate open. */
export interface Stage {
  name: string;
  doc: string;
  /** What replaces the arm's plan. */
  settings: Partial<TrainPlan>;
  /** All must hold at the stage's end. */
  passes: Gate[];
  place: Place;
}

// ---------------------------------------------------------------- watches, examples

/** `alert when truncated > 15% for 5 steps`, `stop when kl > 2.0 for 10 steps`, `… after 50 steps`. */
export interface Watch extends Gate {
  action: 'alert' | 'stop';
  /** The condition is looked at only after this step. */
  afterStep: number;
}

/** A condition over a metric. */
export interface Gate {
  metric: WatchMetric;
  comparison: '>' | '>=' | '<' | '<=';
  threshold: number;
  /** How many steps in a row the condition must hold; of a stage's gate, its last ones. */
  forSteps: number;
  /** As written, for the message. */
  text: string;
  place: Place;
}

export type WatchMetric =
  /** A metric of the run by its name in metrics.jsonl, for example `kl` or `completions/clipped_ratio`. */
  | { kind: 'metric'; name: string }
  /** `share(rule)`: the rule's part of the groups' reward variance, 0 to 1. */
  | { kind: 'share'; rule: string };

export interface Example {
  name: string;
  row: Record<string, unknown>;
  response: string;
  /** Length of the response; null: not stated, and conditions over it do not hold. */
  tokens: number | null;
  /** False: as if cut at the limit. */
  finished: boolean;
  /** What verifiers and judges answer in this example instead of being asked, by name. */
  given: Record<string, boolean | number | string>;
  /** Expected total; null: not stated. */
  reward: number | null;
  /** Expected score per rule. */
  rules: Record<string, number>;
  place: Place;
}
