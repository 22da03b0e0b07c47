// What a run does: model, objective, optimiser, evaluations, checkpoints. Part of the specification.

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
  /** Most responses that are written at the same time; left out: as many as spec/memory_estimate.ts says. */
  responsesAtOnce?: number;
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
  /** How the weights below are kept; left out: as their file has them. */
  base?: 'bfloat16';
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
